"""Themes: what is said without a ticket."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _theme()
    _theme_member()
    _theme_trace()


def downgrade() -> None:
    for table in ("theme_trace", "theme_member", "theme"):
        op.drop_table(table)


def _theme() -> None:
    op.create_table(
        "theme",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("terms", sa.JSON(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("first_heard", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_heard", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_settled", sa.Boolean(), nullable=False),
        sa.Column("central", sa.JSON(), nullable=False),
        sa.Column("into", sa.Integer(), nullable=True),
        sa.Column("came_from", sa.Integer(), nullable=True),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["into"], ["theme.id"], name="fk_theme_into"),
        sa.ForeignKeyConstraint(["came_from"], ["theme.id"], name="fk_theme_came_from"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_theme_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_theme"),
        sqlite_autoincrement=True,
    )


def _theme_member() -> None:
    op.create_table(
        "theme_member",
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=True),
        sa.Column("seat", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_theme_member_feedback_id"),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name="fk_theme_member_theme_id"),
        sa.PrimaryKeyConstraint("feedback_id", name="pk_theme_member"),
    )
    op.create_index("ix_theme_member_theme_id", "theme_member", ["theme_id"])


def _theme_trace() -> None:
    op.create_table(
        "theme_trace",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["other_id"], ["theme.id"], name="fk_theme_trace_other_id"),
        sa.ForeignKeyConstraint(["theme_id"], ["theme.id"], name="fk_theme_trace_theme_id"),
        sa.PrimaryKeyConstraint("id", name="pk_theme_trace"),
    )
    op.create_index("ix_theme_trace_theme_id", "theme_trace", ["theme_id"])
