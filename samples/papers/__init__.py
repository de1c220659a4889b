"""The papers of the invented municipality before they are scanned: what they say and how they are set."""
