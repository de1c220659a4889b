"""What the program tells those who keep it running: lines, figures and traces; nothing about people."""
