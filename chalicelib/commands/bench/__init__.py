"""`diwan bench`: figures measured against named baselines, in the same run on the same input."""

from chalicelib.commands.bench.harness import bench

__all__ = ["bench"]
