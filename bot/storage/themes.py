"""Themes and the places of pieces, on SQL."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, case, delete, exists, func, insert, select, update

from bot.domain.annotation import Reach
from bot.domain.match import MatchState
from bot.domain.theme import Seat, Theme, ThemeState
from bot.repositories.themes import Place, Voices
from bot.storage.ids import any_of
from bot.storage.reaching import PEOPLE, employers
from bot.storage.sql import InOrder, insert_into
from bot.storage.tables import feedback, match, spoken, theme, theme_member, theme_trace

EVEN_ODDS = 0.5
_pair = match.alias("pair")  # apart from the match that a query may look at itself
_HAS_TICKET = exists().where(_pair.c.feedback_id == feedback.c.id, _pair.c.state == MatchState.ATTACHED)
_HAS_LIKELY = exists().where(
    _pair.c.feedback_id == feedback.c.id, _pair.c.state == MatchState.SUGGESTED, _pair.c.score >= EVEN_ODDS
)
MATCHES_NOTHING = feedback.c.excluded.is_(None) & ~_HAS_TICKET & ~_HAS_LIKELY
_NOT_LIKELY = ~exists().where(
    _pair.c.feedback_id == spoken.c.feedback_id,
    _pair.c.state == MatchState.SUGGESTED,
    _pair.c.score >= EVEN_ODDS,
)
IS_LOOSE = spoken.c.ticket_id.is_(None) & (~spoken.c.waits | _NOT_LIKELY)  # MATCHES_NOTHING, of `spoken`
_PLACES = select(feedback.c.id, theme_member.c.theme_id, theme_member.c.seat).select_from(
    feedback.outerjoin(theme_member, theme_member.c.feedback_id == feedback.c.id)
)
_UNDECIDED = {"state": ThemeState.LIVING, "project": "", "title": "", "attempts": 0, "decided_by": ""}
_FIELDS = tuple(field.name for field in fields(Theme))


class SqlThemes:
    """Themes on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        *,
        name: str,
        terms: Sequence[str],
        first_heard: datetime,
        last_heard: datetime,
        now: datetime,
        central: Sequence[int] = (),
        is_settled: bool = False,
        came_from: int | None = None,
    ) -> Theme:
        """Store a living theme."""
        heard = {"first_heard": first_heard, "last_heard": last_heard, "made_at": now}
        facts = {"name": name, "terms": list(terms), "is_settled": is_settled, "came_from": came_from}
        facts["central"] = list(central)
        values = {**heard, **facts, **_UNDECIDED}
        return _theme(self._connection.execute(insert(theme).returning(theme), values).one())

    def get(self, theme_id: int) -> Theme:
        """Return the theme. Raises KeyError."""
        row = self._connection.execute(select(theme).where(theme.c.id == theme_id)).one_or_none()
        if row is None:
            raise KeyError(theme_id)
        return _theme(row)

    def all(self, states: Collection[ThemeState]) -> list[Theme]:
        """Return those in the states, by id."""
        query = select(theme).where(theme.c.state.in_(list(states))).order_by(theme.c.id)
        return [_theme(row) for row in self._connection.execute(query)]

    def change(self, theme_id: int, **facts: Any) -> Theme:
        """Store new facts of the theme; return it as it is then."""
        stored = {name: list(value) if isinstance(value, tuple) else value for name, value in facts.items()}
        statement = update(theme).where(theme.c.id == theme_id).values(**stored).returning(theme)
        return _theme(self._connection.execute(statement).one())

    def decide(
        self,
        theme_id: int,
        what: str,
        *,
        by: str,
        now: datetime,
        state: ThemeState,
        other: int | None = None,
        **facts: Any,
    ) -> Theme:
        """Store a person's decision on the theme, and a row that keeps it."""
        trace = {"theme_id": theme_id, "at": now, "by": by, "what": what, "other_id": other}
        self._connection.execute(insert(theme_trace), trace)
        return self.change(theme_id, state=state, decided_by=by, **facts)

    def decisions(self) -> int:
        """Return how many decisions of people there are."""
        return self._connection.execute(select(func.count()).select_from(theme_trace)).scalar_one()

    def place(self, places: Mapping[int, int | None], seat: Seat) -> None:
        """Set each piece's theme, None for none."""
        if not places:
            return
        statement = insert_into(self._connection, theme_member)
        changed = {name: statement.excluded[name] for name in ("theme_id", "seat")}
        rows = [{"feedback_id": piece, "theme_id": places[piece], "seat": seat} for piece in sorted(places)]
        upsert = statement.on_conflict_do_update(index_elements=["feedback_id"], set_=changed)
        self._connection.execute(upsert, rows)

    def leave(self, feedback_ids: Sequence[int]) -> None:
        """Forget the pieces' places."""
        its = any_of(theme_member.c.feedback_id, feedback_ids)
        self._connection.execute(delete(theme_member).where(its))

    def leave_matched(self) -> list[int]:
        """Forget the places of pieces that match something by now."""
        matched = select(feedback.c.id).where(feedback.c.id == theme_member.c.feedback_id, ~MATCHES_NOTHING)
        statement = delete(theme_member).where(matched.exists()).returning(theme_member.c.theme_id)
        left = self._connection.execute(statement).scalars().all()
        return sorted({theme_id for theme_id in left if theme_id is not None})

    def unmatched(self, since: datetime, *, limit: int) -> list[Place]:
        """Return the newest pieces that match nothing, said since then, by when they were said."""
        query = _PLACES.where(MATCHES_NOTHING, feedback.c.said_at >= since)
        newest = query.order_by(feedback.c.said_at.desc(), feedback.c.id.desc()).limit(limit)
        return self._places(newest)[::-1]

    def of(self, feedback_ids: Sequence[int]) -> list[Place]:
        """Return the places of those of the pieces that match nothing, in the order of the ids."""
        places = self._places(_PLACES.where(MATCHES_NOTHING, any_of(feedback.c.id, feedback_ids)))
        found = {place.feedback_id: place for place in places}
        return [found[piece] for piece in feedback_ids if piece in found]

    def members(self, theme_ids: Sequence[int]) -> Mapping[int, list[int]]:
        """Return each theme's pieces that match nothing, by id."""
        found: dict[int, list[int]] = {theme_id: [] for theme_id in theme_ids}
        query = _loose(theme_ids, theme_member.c.theme_id, spoken.c.feedback_id)
        for theme_id, piece in self._connection.execute(query.order_by(spoken.c.feedback_id)).all():
            found[theme_id].append(piece)
        return found

    def voices(self, theme_ids: Sequence[int], weeks: Sequence[tuple[datetime, datetime]]) -> list[Voices]:
        """Return how many pieces and people speak for each theme, and how many pieces in each week."""
        said = spoken.c.said_at
        weekly = [func.count(case(((said >= start) & (said < end), 1))) for start, end in weeks]
        query = _loose(theme_ids, theme_member.c.theme_id, func.count(), PEOPLE, *weekly)
        rows = self._connection.execute(query.group_by(theme_member.c.theme_id)).all()
        return [Voices(one, pieces, many, tuple(each)) for one, pieces, many, *each in rows]

    def reach(self, theme_ids: Sequence[int]) -> Mapping[int, Reach]:
        """Return who speaks for each theme, and what their companies pay; a theme of nobody is left out."""
        theme_id = theme_member.c.theme_id
        companies = employers(self._connection, _loose(theme_ids, theme_id, spoken.c.company_id).distinct())
        people = self._connection.execute(_loose(theme_ids, theme_id, PEOPLE).group_by(theme_id)).all()
        return {one: Reach(many, *companies.get(one, (0, ()))) for one, many in people}

    def _places(self, query: Select[Any]) -> list[Place]:
        rows = self._connection.execute(query)
        return [Place(row.id, row.theme_id, Seat(row.seat) if row.seat else None) for row in rows]


def _loose(theme_ids: Sequence[int], *columns: Any) -> Select[Any]:
    """Return a query of the themes' pieces that match nothing, found by their places first."""
    joined = InOrder(theme_member, spoken, spoken.c.feedback_id == theme_member.c.feedback_id)
    return select(*columns).select_from(joined).where(any_of(theme_member.c.theme_id, theme_ids), IS_LOOSE)


def _theme(row: Row[Any]) -> Theme:
    lists = {"terms": tuple(row.terms), "central": tuple(row.central)}
    facts = {name: getattr(row, name) for name in _FIELDS}
    return Theme(**{**facts, **lists, "state": ThemeState(row.state)})
