"""Events that are acknowledged and not handled yet, so that a kill loses none."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "event_kept",
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("delivery_id", name="pk_event_kept"),
    )
    op.create_index("ix_event_kept_kept_at", "event_kept", ["kept_at"])


def downgrade() -> None:
    op.drop_table("event_kept")
