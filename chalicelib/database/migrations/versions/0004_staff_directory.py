"""Staff sign in with the town's directory."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "directory_accounts",
        sa.Column("issuer", sa.String(255), nullable=False),
        sa.Column("subject", sa.String(255), nullable=False),
        sa.Column("staff_id", sa.String(26), nullable=False),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["staff_id"], ["staff.id"], name="fk_directory_accounts_staff_id"),
        sa.PrimaryKeyConstraint("issuer", "subject", name="pk_directory_accounts"),
        sa.UniqueConstraint("staff_id", "issuer", name="uq_directory_accounts_staff_id_issuer"),
    )
    op.create_table(
        "directory_answers",
        sa.Column("state", sa.String(64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("state", name="pk_directory_answers"),
    )
    op.create_index("ix_directory_answers_at", "directory_answers", ["at"])


def downgrade() -> None:
    op.drop_index("ix_directory_answers_at", "directory_answers")
    op.drop_table("directory_answers")
    op.drop_table("directory_accounts")
