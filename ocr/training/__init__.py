"""Teaches the line reader: draws lines, damages them, trains the network, and exports it. Not needed to read."""
