"""A document can be had as a PDF that can be searched; a page knows what making one takes."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("documents", sa.Column("searchable", sa.String(length=60), nullable=True))
    op.add_column("pages", sa.Column("dpi", sa.Integer(), nullable=True))
    op.add_column("pages", sa.Column("skew", sa.Float(), nullable=True))


def downgrade() -> None:
    op.drop_column("pages", "skew")
    op.drop_column("pages", "dpi")
    op.drop_column("documents", "searchable")
