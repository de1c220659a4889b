"""Diwan (ديوان): the office of a town that needs no paper."""
