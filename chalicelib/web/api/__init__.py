"""JSON for programs under /api/v1, one file per capability."""
