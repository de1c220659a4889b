"""Files that people send and no reader should trust."""
