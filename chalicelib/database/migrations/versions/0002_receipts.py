"""Messages are looked up by what their carrier calls them."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_notifications_provider_id", "notifications", ["provider_id"])


def downgrade() -> None:
    op.drop_index("ix_notifications_provider_id", "notifications")
