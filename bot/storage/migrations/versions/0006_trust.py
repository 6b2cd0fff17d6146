"""Answers, audits, what projects have shown, and models refitted from answers."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _answer()
    _audit()
    _project_trust()
    _model_version()


def downgrade() -> None:
    for table in ("model_version", "project_trust", "audit", "answer"):
        op.drop_table(table)


def _answer() -> None:
    op.create_table(
        "answer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=True),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stood", sa.Text(), nullable=False),
        sa.Column("best_ticket_id", sa.Integer(), nullable=True),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("is_named", sa.Boolean(), nullable=False),
        sa.Column("model", sa.Text(), nullable=False),
        sa.Column("candidates", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_answer_feedback_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_answer_ticket_id"),
        sa.ForeignKeyConstraint(["best_ticket_id"], ["ticket.id"], name="fk_answer_best_ticket_id"),
        sa.PrimaryKeyConstraint("id", name="pk_answer"),
    )
    op.create_index("ix_answer_feedback_id_best_ticket_id", "answer", ["feedback_id", "best_ticket_id"])
    op.create_index("ix_answer_project", "answer", ["project"])
    op.create_index("ix_answer_at", "answer", ["at"])


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("feedback_id", sa.Integer(), nullable=False),
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("linked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sampled_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["feedback_id"], ["feedback.id"], name="fk_audit_feedback_id"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_audit_ticket_id"),
        sa.PrimaryKeyConstraint("feedback_id", "ticket_id", name="pk_audit"),
    )


def _project_trust() -> None:
    op.create_table(
        "project_trust",
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("threshold", sa.Float(), nullable=True),
        sa.Column("shown_right", sa.Integer(), nullable=False),
        sa.Column("shown_of", sa.Integer(), nullable=False),
        sa.Column("is_measured", sa.Boolean(), nullable=False),
        sa.Column("turned_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("turned_right", sa.Integer(), nullable=False),
        sa.Column("turned_of", sa.Integer(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("is_told", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("project", name="pk_project_trust"),
    )


def _model_version() -> None:
    op.create_table(
        "model_version",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("embedder", sa.Text(), nullable=False),
        sa.Column("weights", sa.JSON(), nullable=False),
        sa.Column("answers", sa.Integer(), nullable=False),
        sa.Column("loss_before", sa.Float(), nullable=False),
        sa.Column("loss_after", sa.Float(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_model_version"),
        sa.UniqueConstraint("name", name="uq_model_version_name"),
    )
    op.create_index(
        "uq_model_version_active",
        "model_version",
        ["is_active"],
        unique=True,
        sqlite_where=sa.text("is_active"),
        postgresql_where=sa.text("is_active"),
    )
