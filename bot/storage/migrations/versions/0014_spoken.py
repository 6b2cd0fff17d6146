"""Who said what of which ticket when, in one row a piece, kept by triggers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.spoken_at_0014 import FILL, no_triggers, triggers

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

INDEXES = {
    "ix_spoken_ticket": ["ticket_id", "said_at", "feedback_id", "person_id", "company_id"],
    "ix_spoken_said": [
        "said_at",
        "feedback_id",
        "ticket_id",
        "person_id",
        "company_id",
        "conversation_id",
        "arrived_at",
    ],
    "ix_spoken_company": ["company_id", "said_at", "feedback_id"],
    "ix_spoken_person": ["person_id", "said_at", "feedback_id"],
    "ix_spoken_conversation": ["conversation_id"],
}


def upgrade() -> None:
    op.create_table(
        "spoken",
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("conversation_id", "person_id")),
        *(sa.Column(name, sa.Integer(), nullable=True) for name in ("company_id", "ticket_id")),
        sa.Column("waits", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("said_at", "arrived_at")),
        sa.PrimaryKeyConstraint("feedback_id", name="pk_spoken"),
        sa.ForeignKeyConstraint(
            ["feedback_id"], ["feedback.id"], name="fk_spoken_feedback_id", ondelete="CASCADE"
        ),
    )
    op.execute(FILL)
    for name, columns in INDEXES.items():
        op.create_index(name, "spoken", columns)
    op.create_index(
        "ix_spoken_waits",
        "spoken",
        ["said_at", "feedback_id", "ticket_id"],
        sqlite_where=sa.text("waits = 1"),
        postgresql_where=sa.text("waits"),
    )
    op.create_index(
        "ix_conversation_gone",
        "conversation",
        ["source"],
        sqlite_where=sa.text("gone = 1"),
        postgresql_where=sa.text("gone"),
    )
    for statement in triggers(op.get_bind().dialect.name):
        op.execute(statement)


def downgrade() -> None:
    for statement in no_triggers(op.get_bind().dialect.name):
        op.execute(statement)
    op.drop_index("ix_conversation_gone", "conversation")
    op.drop_table("spoken")
