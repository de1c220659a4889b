"""The ports made real. Only bootstrap imports what is in here."""
