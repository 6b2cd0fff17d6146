"""Looking for pieces by words and filters, on both databases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    FromClause,
    Select,
    bindparam,
    cast,
    column,
    func,
    literal_column,
    or_,
    select,
    table,
)
from sqlalchemy.dialects.postgresql import TSQUERY

from bot.domain.match import MatchState
from bot.domain.quote import words_of
from bot.domain.search import Among
from bot.storage.ids import any_of
from bot.storage.mapping import quote_of
from bot.storage.tables import company, conversation, feedback, match, person, ticket, turn
from bot.storage.words import query_of

WEIGHED = 2_000  # newest pieces that hold the words: common words would else take a second to rank
_IS_ATTACHED = (match.c.feedback_id == feedback.c.id) & (match.c.state == MatchState.ATTACHED)
_KNOWN = {
    "source": (conversation.c.source,),
    "segment": (company.c.segment, person.c.segment),
    "project": (ticket.c.project,),
}


class SqlSearch:
    """Search on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._is_postgres = connection.dialect.name == "postgresql"

    def holding(self, phrases: Sequence[str], among: Among, *, limit: int, is_any: bool = False) -> list[int]:
        """Return the pieces that hold the phrases, best first; see the port."""
        wanted = query_of(self._connection.dialect.name, phrases, is_any=is_any)
        if not wanted:
            return []
        query = _postgres(among) if self._is_postgres else _sqlite(among)
        return list(self._connection.scalars(query.limit(limit), {"wanted": wanted}))

    def within(self, feedback_ids: Sequence[int], among: Among) -> list[int]:
        """Return those of the pieces that count, in the order of the ids."""
        query = _counting(select(feedback.c.id), feedback, among).where(any_of(feedback.c.id, feedback_ids))
        found = set(self._connection.scalars(query))
        return [piece for piece in feedback_ids if piece in found]

    def few(self, among: Among, most: int) -> list[int] | None:
        """Return all pieces that count, None where they are more than `most`."""
        query = _counting(select(feedback.c.id), feedback, among).limit(most + 1)
        number = select(func.count()).select_from(query.subquery())
        if self._connection.execute(number).scalar_one() > most:
            return None
        return list(self._connection.scalars(query).all())

    def page(self, after: int, limit: int) -> list[tuple[int, str]]:
        """Return the pieces that are not set aside, by id, each with the hash of its words."""
        query = select(feedback.c.id, feedback.c.words_hash).where(feedback.c.excluded.is_(None))
        rows = self._connection.execute(
            query.where(feedback.c.id > after).order_by(feedback.c.id).limit(limit)
        )
        return [(piece, words) for piece, words in rows.all()]

    def words(self, feedback_ids: Sequence[int]) -> Mapping[int, str]:
        """Return the pieces' words, unredacted: for comparing inside the house only."""
        query = select(feedback.c.id, feedback.c.spans, turn.c.text)
        joined = query.join(turn, turn.c.id == feedback.c.turn_id).where(any_of(feedback.c.id, feedback_ids))
        rows = self._connection.execute(joined).all()
        return {piece: words_of(quote_of("", spans), text) for piece, spans, text in rows}

    def known(self, what: str) -> list[str]:
        """Return the stored sources, segments or projects, by name."""
        found: set[str] = set()
        for values in _KNOWN[what]:
            found |= set(self._connection.scalars(select(values).distinct()))
        return sorted(found - {""})


def _sqlite(among: Among) -> Select[Any]:
    words = table("piece_words", column("rowid"))
    rank = func.bm25(literal_column("piece_words")).label("rank")
    joined = words.join(feedback, feedback.c.id == words.c.rowid)
    newest = (
        _counting(select(words.c.rowid.label("id"), rank), joined, among)
        .where(literal_column("piece_words").op("MATCH")(bindparam("wanted")))
        .order_by(words.c.rowid.desc())
        .limit(WEIGHED)
        .subquery()
    )
    return select(newest.c.id).order_by(newest.c.rank, newest.c.id.desc())


def _postgres(among: Among) -> Select[Any]:
    words = table("piece_words", column("feedback_id"), column("words"))
    wanted = cast(bindparam("wanted"), TSQUERY)
    joined = words.join(feedback, feedback.c.id == words.c.feedback_id)
    newest = (
        _counting(select(words.c.feedback_id.label("id"), words.c.words), joined, among)
        .where(words.c.words.op("@@")(wanted))
        .order_by(words.c.feedback_id.desc())
        .limit(WEIGHED)
        .subquery()
    )
    return select(newest.c.id).order_by(func.ts_rank(newest.c.words, wanted, 1).desc(), newest.c.id.desc())


def _counting(query: Select[Any], source: FromClause, among: Among) -> Select[Any]:
    """Return the query of the source, which holds `feedback`, for the pieces that count."""
    conditions: list[ColumnElement[bool]] = [feedback.c.excluded.is_(None)]
    conditions += [feedback.c.said_at >= among.since] if among.since else []
    conditions += [feedback.c.said_at < among.until] if among.until else []
    if among.source or among.segment or among.companies is not None:
        source = source.join(conversation, conversation.c.id == feedback.c.conversation_id)
    if among.source:
        conditions.append(conversation.c.source.in_((among.source, among.source.lower())))
    if among.segment or among.companies is not None:
        source = source.join(person, person.c.id == conversation.c.person_id)
    if among.companies is not None:
        conditions.append(person.c.company_id.in_(among.companies))
    if among.segment:
        source = source.outerjoin(company, company.c.id == person.c.company_id)
        wanted = (among.segment, among.segment.lower())
        own = (company.c.segment, person.c.segment)
        conditions.append(or_(*(func.lower(c).in_(wanted) | c.in_(wanted) for c in own)))
    if among.project:
        source = source.join(match, _IS_ATTACHED).join(ticket, ticket.c.id == match.c.ticket_id)
        conditions.append(ticket.c.project.in_((among.project, among.project.upper())))
    return query.select_from(source).where(*conditions)
