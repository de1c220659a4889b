"""Diwan (ديوان): the office of a town that needs no paper."""

__version__ = "0.1.0"
