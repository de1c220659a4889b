"""Parcels (قسائم): the pieces of land that the whole file of the town is kept by."""
