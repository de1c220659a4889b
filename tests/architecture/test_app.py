"""The Chalice app stays an edge: short, and knowing only how to ask for what it routes to."""

import ast
from pathlib import Path

APP = Path(__file__).resolve().parents[2] / "app.py"


def test_it_is_short() -> None:
    assert len(APP.read_text(encoding="utf-8").splitlines()) <= 60


def test_it_knows_no_capability_and_no_adapter() -> None:
    ours = {
        node.module
        for node in ast.walk(ast.parse(APP.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("chalicelib")
    }
    edges = (
        "chalicelib.bootstrap",
        "chalicelib.database.migrate",
        "chalicelib.jobs.",
        "chalicelib.settings",
        "chalicelib.telemetry.startup",
        "chalicelib.web.",
    )
    assert [module for module in sorted(ours) if not module.startswith(edges)] == []
