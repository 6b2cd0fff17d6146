"""What people answered to Voc's decisions, and the sample of links that was put to them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, exists, func, insert, or_, select

from bot.domain.answer import Answer, AnswerKind, Proposal
from bot.domain.match import AUTOMATIC, Decision, MatchState
from bot.domain.precision import Share
from bot.domain.trust import Label
from bot.repositories import Link
from bot.storage.ids import any_of
from bot.storage.mapping import candidate_json, candidate_of
from bot.storage.sql import insert_new
from bot.storage.tables import answer, audit, match, match_trace

_LATEST = select(func.max(answer.c.id)).group_by(answer.c.feedback_id, answer.c.best_ticket_id)
_COUNTS = answer.c.id.in_(_LATEST) & (answer.c.kind != AnswerKind.TAKEN_BACK)
_IS_RIGHT = func.coalesce(answer.c.ticket_id == answer.c.best_ticket_id, False)
_OF_AUDIT = and_(
    answer.c.stood == Decision.ATTACHED,
    audit.c.feedback_id == answer.c.feedback_id,
    audit.c.ticket_id == answer.c.best_ticket_id,
)


class SqlAnswers:
    """Answers on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, said: Answer) -> None:
        """Keep the answer."""
        about = said.about
        values = {
            "feedback_id": said.feedback_id,
            "kind": said.kind,
            "ticket_id": said.ticket_id,
            "by": said.by,
            "at": said.at,
            "stood": about.stood,
            "best_ticket_id": about.ticket_id,
            "project": about.project,
            "score": about.score,
            "is_named": about.is_named,
            "model": about.model,
            "candidates": [candidate_json(candidate) for candidate in about.candidates],
        }
        self._connection.execute(insert(answer), values)

    def latest_of(self, feedback_id: int) -> Answer | None:
        """Return the piece's latest answer, whatever it is about."""
        query = (
            select(answer).where(answer.c.feedback_id == feedback_id).order_by(answer.c.id.desc()).limit(1)
        )
        row = self._connection.execute(query).one_or_none()
        return _answer(row) if row else None

    def counting(self) -> list[Answer]:
        """Return the answers that count, oldest first; what was taken back is none."""
        query = select(answer).where(_COUNTS).order_by(answer.c.at, answer.c.id)
        return [_answer(row) for row in self._connection.execute(query)]

    def count_since(self, moment: datetime | None) -> int:
        """Return how many answers were given after that moment, None for ever."""
        query = select(func.count()).select_from(answer).where(*_after(answer.c.at, moment))
        return self._connection.execute(query).scalar_one()

    def projects(self) -> list[str]:
        """Return the projects whose tickets were judged, in order."""
        query = select(answer.c.project).where(answer.c.project != "").distinct().order_by(answer.c.project)
        return list(self._connection.scalars(query))

    def labels(self, project: str, since: datetime | None) -> list[Label]:
        """Return the project's judged decisions that tell how good scores are; see the port."""
        was_proposed = and_(answer.c.stood == Decision.SUGGESTED, *_after(answer.c.at, since))
        was_asked = exists().where(_OF_AUDIT, *_after(audit.c.linked_at, since))
        query = select(answer.c.score, _IS_RIGHT).where(
            _COUNTS, answer.c.project == project, ~answer.c.is_named, or_(was_proposed, was_asked)
        )
        return [Label(score, bool(is_right)) for score, is_right in self._connection.execute(query)]

    def checked(self, limit: int, *, project: str | None = None, since: datetime | None = None) -> Share:
        """Return how many of the newest sampled and answered links stood; see the port."""
        query = select(_IS_RIGHT).join(audit, _OF_AUDIT).where(_COUNTS, *_after(audit.c.linked_at, since))
        if project is not None:
            query = query.where(answer.c.project == project)
        newest = query.order_by(answer.c.at.desc(), answer.c.id.desc()).limit(limit)
        stood = [bool(is_right) for is_right in self._connection.scalars(newest)]
        return Share(sum(stood), len(stood))


class SqlAudits:
    """The sample of automatic links on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def links(self, start: datetime, end: datetime) -> Sequence[Link]:
        """Return the links that Voc made by itself in [start, end), by time; see the port."""
        step = match_trace.c
        query = select(step.feedback_id, step.ticket_id, step.at).where(*_linked(start, end))
        return [Link(*row) for row in self._connection.execute(query.order_by(step.at, step.id))]

    def count_links(self, start: datetime, end: datetime) -> int:
        """Return how many links those are."""
        query = select(func.count()).select_from(match_trace).where(*_linked(start, end))
        return self._connection.execute(query).scalar_one()

    def add(self, link: Link, now: datetime) -> bool:
        """Put the link into the sample; False where it is in already."""
        pair = {"feedback_id": link.feedback_id, "ticket_id": link.ticket_id}
        return insert_new(self._connection, audit, {**pair, "linked_at": link.at, "sampled_at": now})

    def asked(self, feedback_ids: Sequence[int]) -> frozenset[int]:
        """Return those of the pieces whose present, automatic link is in the sample."""
        its = (match.c.feedback_id == audit.c.feedback_id) & (match.c.ticket_id == audit.c.ticket_id)
        query = select(audit.c.feedback_id).join(match, its)
        query = query.where(match.c.state == MatchState.ATTACHED, match.c.decided_by == AUTOMATIC)
        return frozenset(self._connection.scalars(query.where(any_of(audit.c.feedback_id, feedback_ids))))


def _linked(start: datetime, end: datetime) -> list[ColumnElement[bool]]:
    """Return what makes a step of the trace a link of Voc's own making in [start, end)."""
    step = match_trace.c
    is_new = (step.after == MatchState.ATTACHED, step.before != MatchState.ATTACHED)
    return [step.at >= start, step.at < end, step.by == AUTOMATIC, *is_new]


def _after(column: ColumnElement[datetime], moment: datetime | None) -> list[ColumnElement[bool]]:
    return [] if moment is None else [column > moment]


def _answer(row: Row[Any]) -> Answer:
    about = Proposal(
        stood=Decision(row.stood),
        ticket_id=row.best_ticket_id,
        project=row.project,
        score=row.score,
        is_named=row.is_named,
        model=row.model,
        candidates=tuple(map(candidate_of, row.candidates)),
    )
    return Answer(
        feedback_id=row.feedback_id,
        kind=AnswerKind(row.kind),
        ticket_id=row.ticket_id,
        by=row.by,
        at=row.at,
        about=about,
    )
