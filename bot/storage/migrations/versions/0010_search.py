"""Searching: the full-text index of pieces, folded names of customers, and what their numbers are read by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

from bot.storage.migrations.terms_at_0010 import folded, stored_words

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

BATCH = 1_000
CREATE = {
    "sqlite": (
        "CREATE VIRTUAL TABLE piece_words USING fts5(words, tokenize = 'unicode61 remove_diacritics 0')",
    ),
    "postgresql": (
        "CREATE TABLE piece_words (feedback_id integer PRIMARY KEY "
        "CONSTRAINT fk_piece_words_feedback_id REFERENCES feedback (id) ON DELETE CASCADE, "
        "words tsvector NOT NULL)",
        "CREATE INDEX ix_piece_words_words ON piece_words USING gin (words)",
    ),
}
PUT = {
    "sqlite": "INSERT INTO piece_words (rowid, words) VALUES (:id, :words)",
    "postgresql": "INSERT INTO piece_words (feedback_id, words) VALUES (:id, CAST(:words AS tsvector))",
}
feedback = sa.table(
    "feedback", sa.column("id"), sa.column("turn_id"), sa.column("spans", sa.JSON()), sa.column("excluded")
)
turn = sa.table("turn", sa.column("id"), sa.column("text"))


def upgrade() -> None:
    for statement in CREATE[op.get_bind().dialect.name]:
        op.execute(statement)
    for name in ("person", "company"):
        op.add_column(name, sa.Column("folded_name", sa.Text(), nullable=False, server_default=""))
        _fold(name)
        op.create_index(f"ix_{name}_folded_name", name, ["folded_name"])
    op.create_index("ix_conversation_url", "conversation", ["url"])
    is_excluded = sa.text("excluded IS NOT NULL")
    op.create_index(
        "ix_feedback_excluded",
        "feedback",
        ["excluded"],
        sqlite_where=is_excluded,
        postgresql_where=is_excluded,
    )
    _fill()


def downgrade() -> None:
    op.drop_index("ix_feedback_excluded", "feedback")
    op.drop_index("ix_conversation_url", "conversation")
    for name in ("person", "company"):
        op.drop_index(f"ix_{name}_folded_name", name)
        op.drop_column(name, "folded_name")
    op.drop_table("piece_words")


def _fill() -> None:
    """Index every stored piece that is not set aside."""
    query = sa.select(feedback.c.id, feedback.c.spans, turn.c.text).join(
        turn, turn.c.id == feedback.c.turn_id
    )
    for rows in _pages(query.where(feedback.c.excluded.is_(None)), feedback.c.id):
        dialect = op.get_bind().dialect.name
        found = [{"id": row.id, "words": stored_words(dialect, _quoted(row.spans, row.text))} for row in rows]
        op.get_bind().execute(sa.text(PUT[dialect]), found)


def _quoted(spans: Sequence[Sequence[int]], text: str) -> str:
    return " ".join(text[start:end] for start, end in spans)


def _fold(name: str) -> None:
    its = sa.table(name, sa.column("id"), sa.column("name"), sa.column("folded_name"))
    change = its.update().where(its.c.id == sa.bindparam("row")).values(folded_name=sa.bindparam("folded"))
    for rows in _pages(sa.select(its.c.id, its.c.name).where(its.c.name != ""), its.c.id):
        op.get_bind().execute(change, [{"row": row.id, "folded": folded(row.name)} for row in rows])


def _pages(query: sa.Select[Any], key: sa.ColumnElement[int]) -> Iterator[list[Any]]:
    after = 0
    while rows := list(op.get_bind().execute(query.where(key > after).order_by(key).limit(BATCH)).all()):
        yield rows
        after = rows[-1].id
