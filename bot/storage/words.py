"""The full-text index of pieces: FTS5 on SQLite, a tsvector on PostgreSQL, of the same terms on both.

Folding, cutting into words and stemming are ours, so that both databases find the same, in any language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, text

from bot.matching.words import folded, terms

MOST_TERMS, TERM_MOST = 4_000, 64
# Before a vowel, articles and the like in French and Italian: l’année is found as année.
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|(?:jus|lors|puis)?qu|un|(?:d|n)ell|all|sull)['’](?=[aeiouhy])")
_PUT = {
    "sqlite": text("INSERT OR REPLACE INTO piece_words (rowid, words) VALUES (:id, :words)"),
    "postgresql": text(
        "INSERT INTO piece_words (feedback_id, words) VALUES (:id, CAST(:words AS tsvector)) "
        "ON CONFLICT (feedback_id) DO UPDATE SET words = excluded.words"
    ),
}
_DROP = {
    "sqlite": text("DELETE FROM piece_words WHERE rowid = :id"),
    "postgresql": text("DELETE FROM piece_words WHERE feedback_id = :id"),
}


def index_terms(words: str) -> list[str]:
    """Return the terms by which words are found: folded, stemmed, without stop words."""
    return [term[:TERM_MOST] for term in terms(_ELIDED.sub("", folded(words)), MOST_TERMS)]


def put_words(connection: Connection, pieces: Mapping[int, str]) -> None:
    """Let the pieces be found by these words and no others. pieces: words by the piece's id."""
    if pieces:
        dialect = connection.dialect.name
        stored = _vector if dialect == "postgresql" else " ".join
        rows = [{"id": piece, "words": stored(index_terms(words))} for piece, words in pieces.items()]
        connection.execute(_PUT[dialect], rows)


def drop_words(connection: Connection, feedback_ids: Sequence[int]) -> None:
    """Let the pieces be found no more, and keep none of their words here."""
    if feedback_ids:
        connection.execute(_DROP[connection.dialect.name], [{"id": piece} for piece in feedback_ids])


def query_of(dialect: str, phrases: Sequence[str], *, is_any: bool) -> str:
    """Return the query in the database's language, "" where no word is telling.

    Terms are letters and digits, so nothing in them needs an escape.
    """
    wanted = [found for phrase in phrases if (found := index_terms(phrase))]
    if dialect == "postgresql":
        return (" | " if is_any else " & ").join(f"({' <-> '.join(map(_quoted, one))})" for one in wanted)
    return (" OR " if is_any else " AND ").join(f'"{" ".join(one)}"' for one in wanted)


def _vector(found: Sequence[str]) -> str:
    """Return the terms with their places, as PostgreSQL reads a tsvector: its own parser cuts otherwise."""
    places: dict[str, list[int]] = {}
    for at, term in enumerate(found, start=1):
        places.setdefault(term, []).append(at)
    return " ".join(f"{_quoted(term)}:{','.join(map(str, at))}" for term, at in places.items())


def _quoted(term: str) -> str:
    return f"'{term}'"
