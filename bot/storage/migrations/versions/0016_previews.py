"""Digests that were looked at before they were told, so that their lists show the same numbers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "digest_preview",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("snapshot", sa.Text(), nullable=False),
        sa.Column("lists", sa.JSON(), nullable=False),
        sa.Column("built_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_digest_preview"),
    )
    op.create_index("ix_digest_preview_built_at", "digest_preview", ["built_at"])


def downgrade() -> None:
    op.drop_table("digest_preview")
