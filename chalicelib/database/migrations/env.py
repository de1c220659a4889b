"""Alembic's way in: runs migrations on the connection it is handed."""

from typing import Literal

from alembic import context
from sqlalchemy import JSON

import chalicelib.bootstrap  # noqa: F401  (every capability's tables are on the metadata once this is imported)
from chalicelib.database.base import Base
from chalicelib.database.types import UtcDateTime


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    """Write our own types as what they are underneath, so that old migrations need nothing of today's code."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JSON):
        return 'sa.JSON().with_variant(postgresql.JSONB(), "postgresql")'
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    render_item=_render,
)
with context.begin_transaction():
    context.run_migrations()
