"""Alembic's way in: runs migrations on the connection it is handed."""

from alembic import context

import chalicelib.bootstrap  # noqa: F401  (every capability's tables are on the metadata once this is imported)
from chalicelib.database.base import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
)
with context.begin_transaction():
    context.run_migrations()
