"""A small invented municipality and the scans it is demonstrated with."""
