"""Pages to measure the reader on: made by seed, damaged as scanners do, with the truth beside them."""
