"""The commands behind ./diwan, one file each."""
