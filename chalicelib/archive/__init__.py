"""The electronic archive: scans come in, are read page by page, and are found again."""
