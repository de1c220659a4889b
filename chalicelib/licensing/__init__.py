"""Licences (التراخيص): the right to run a shop, its terms, and the applications that renew it."""
