"""What the capabilities need from outside: one Protocol a file."""
