"""Indexes that answer by themselves what a digest counts: what was heard when, and what is on a ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    is_kept = sa.text("excluded IS NULL")
    op.create_index(
        "ix_feedback_heard",
        "feedback",
        ["said_at", "conversation_id"],
        sqlite_where=is_kept,
        postgresql_where=is_kept,
    )
    op.drop_index("ix_match_ticket_id_state", "match")
    op.create_index("ix_match_ticket_id_state_feedback_id", "match", ["ticket_id", "state", "feedback_id"])


def downgrade() -> None:
    op.drop_index("ix_match_ticket_id_state_feedback_id", "match")
    op.create_index("ix_match_ticket_id_state", "match", ["ticket_id", "state"])
    op.drop_index("ix_feedback_heard", "feedback")
