"""The life of tickets: duplicates, links read, what owners must hear of, and the stop of outward acts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("ticket", sa.Column("duplicate_of", sa.Text(), nullable=False, server_default=""))
    op.create_index("ix_conversation_external_id", "conversation", ["external_id"])
    _ticket_links()
    _news()
    _write_stop()


def downgrade() -> None:
    for table in ("write_stop", "news", "ticket_links"):
        op.drop_table(table)
    op.drop_index("ix_conversation_external_id", "conversation")
    op.drop_column("ticket", "duplicate_of")


def _ticket_links() -> None:
    op.create_table(
        "ticket_links",
        sa.Column("ticket_id", sa.Integer(), nullable=False),
        sa.Column("read_of", sa.DateTime(timezone=True), nullable=True),
        sa.Column("elsewhere", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_links_ticket_id"),
        sa.PrimaryKeyConstraint("ticket_id", name="pk_ticket_links"),
    )


def _news() -> None:
    op.create_table(
        "news",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("tracker", sa.Text(), nullable=False),
        sa.Column("project", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("batch", sa.Text(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_news"),
    )
    op.create_index("ix_news_told_at", "news", ["told_at"])


def _write_stop() -> None:
    op.create_table(
        "write_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_write_stop"),
    )
