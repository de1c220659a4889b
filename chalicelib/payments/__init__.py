"""Money: what is owed and why, attempts to pay it, receipts, and the books."""
