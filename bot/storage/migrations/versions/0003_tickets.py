"""Tickets, matches with their trace, and project switches."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _ticket()
    _match()
    _match_trace()
    _project_switch()


def downgrade() -> None:
    for table in ("project_switch", "match_trace", "match", "ticket"):
        op.drop_table(table)


def _ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("external_id", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("folded_key", sa.Text(), nullable=False),
        sa.Column("folded_title", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("labels", sa.JSON(), nullable=False),
        sa.Column("components", sa.JSON(), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("tracker", "external_id", name="uq_ticket_tracker_external_id"),
    )
    op.create_index("ix_ticket_changed_at", "ticket", ["changed_at"])
    op.create_index("ix_ticket_folded_key", "ticket", ["folded_key"])


def _match() -> None:
    op.create_table(
        "match",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_match_feedback_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_match_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_match"),
        sa.UniqueConstraint("feedback_id", "ticket_id", name="uq_match_feedback_id_ticket_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_match_state_decided_at", "match", ["state", "decided_at"])
    op.create_index("ix_match_ticket_id_state", "match", ["ticket_id", "state"])
    op.create_index(
        "uq_match_attached",
        "match",
        ["feedback_id"],
        unique=True,
        sqlite_where=sa.text("state = 'attached'"),
        postgresql_where=sa.text("state = 'attached'"),
    )


def _match_trace() -> None:
    op.create_table(
        "match_trace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("before_by", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_match_trace_feedback_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_match_trace_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_match_trace"),
    )
    op.create_index("ix_match_trace_at", "match_trace", ["at"])
    op.create_index("ix_match_trace_feedback_id", "match_trace", ["feedback_id"])
    op.create_index("ix_match_trace_ticket_id", "match_trace", ["ticket_id"])


def _project_switch() -> None:
    op.create_table(
        "project_switch",
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("attach", sa.Boolean(), nullable=False),
        sa.Column("write", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("project", name="pk_project_switch"),
    )
