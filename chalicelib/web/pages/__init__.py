"""HTML for people, one file per capability."""
