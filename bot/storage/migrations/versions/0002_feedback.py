"""Conversations, turns, pieces, verdicts and vectors."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _conversation()
    _turn()
    _feedback()
    _verdict()
    _vector()


def downgrade() -> None:
    for table in ("vector", "verdict", "feedback", "turn", "conversation"):
        op.drop_table(table)


def _conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("inbox", sa.Text(), nullable=False),
        sa.Column("tags", sa.JSON(), nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("rating", sa.JSON(), nullable=True),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name="fk_conversation_person_id"),
        sa.PrimaryKeyConstraint("id", name="pk_conversation"),
        sa.UniqueConstraint("source", "external_id", name="uq_conversation_source_external_id"),
    )
    op.create_index("ix_conversation_person_id", "conversation", ["person_id"])


def _turn() -> None:
    op.create_table(
        "turn",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("original", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("redactions", sa.JSON(), nullable=False),
        sa.Column("public", sa.Boolean(), nullable=False),
        sa.Column("newest", sa.Boolean(), nullable=False),
        sa.Column("dropped", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_turn_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_turn"),
        sa.UniqueConstraint(
            "conversation_id", "external_id", "revision", name="uq_turn_conversation_id_external_id_revision"
        ),
    )
    op.create_index(
        "uq_turn_newest",
        "turn",
        ["conversation_id", "external_id"],
        unique=True,
        sqlite_where=sa.text("newest = 1"),
        postgresql_where=sa.text("newest"),
    )


def _feedback() -> None:
    op.create_table(
        "feedback",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.Integer(), nullable=False),
        sa.Column("ordinal", sa.Integer(), nullable=False),
        sa.Column("turn_id", sa.Integer(), nullable=False),
        sa.Column("spans", sa.JSON(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("words_hash", sa.Text(), nullable=False),
        sa.Column("excluded", sa.Text(), nullable=True),
        sa.Column("due", sa.Boolean(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversation.id"], name="fk_feedback_conversation_id"),
        sa.ForeignKeyConstraint(["turn_id"], ["turn.id"], name="fk_feedback_turn_id"),
        sa.PrimaryKeyConstraint("id", name="pk_feedback"),
        sa.UniqueConstraint("conversation_id", "ordinal", name="uq_feedback_conversation_id_ordinal"),
    )
    op.create_index(
        "ix_feedback_due",
        "feedback",
        ["id"],
        sqlite_where=sa.text("due = 1"),
        postgresql_where=sa.text("due"),
    )
    op.create_index("ix_feedback_said_at", "feedback", ["said_at"])
    op.create_index("ix_feedback_turn_id", "feedback", ["turn_id"])


def _verdict() -> None:
    op.create_table(
        "verdict",
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("best", sa.JSON(), nullable=True),
        sa.Column("others", sa.JSON(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("words_hash", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_verdict_feedback_id"),
        sa.PrimaryKeyConstraint("feedback_id", name="pk_verdict"),
    )


def _vector() -> None:
    op.create_table(
        "vector",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("row", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_vector"),
    )
