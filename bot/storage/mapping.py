"""Rows to domain values and back, field by field."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row

from bot.domain.customer import Company, Person, Revenue
from bot.domain.feedback import AuthorRole, ContextFact, Conversation, Exclusion, Feedback, Rating, Turn
from bot.domain.match import Candidate, Decision, Match, MatchState, Reason, Verdict
from bot.domain.quote import Quote, Redaction, Span
from bot.domain.ticket import Ticket, TicketRef, TicketStage

Json = list[Any]


def redactions_json(redactions: Sequence[Redaction]) -> Json:
    """Return redactions as [start, end, label] each."""
    return [[r.start, r.end, r.label] for r in redactions]


def redactions_of(stored: Json) -> tuple[Redaction, ...]:
    """Return stored redactions."""
    return tuple(Redaction(*r) for r in stored)


def context_json(context: Sequence[ContextFact]) -> Json:
    """Return facts as [kind, value, origin] each."""
    return [[fact.kind, fact.value, fact.origin] for fact in context]


def context_of(stored: Json) -> tuple[ContextFact, ...]:
    """Return stored facts."""
    return tuple(ContextFact(*fact) for fact in stored)


def rating_json(rating: Rating | None) -> Json | None:
    """Return a rating as [score, scale, remark]."""
    return [rating.score, rating.scale, rating.remark] if rating else None


def spans_json(spans: Sequence[Span]) -> Json:
    """Return spans as [start, end] each."""
    return [[span.start, span.end] for span in spans]


def quote_of(turn_external_id: str, spans: Json) -> Quote:
    """Return a stored quote."""
    return Quote(turn_external_id, tuple(Span(start, end) for start, end in spans))


def reasons_json(reasons: Sequence[Reason]) -> Json:
    """Return reasons as [kind, detail] each."""
    return [[reason.kind, reason.detail] for reason in reasons]


def reasons_of(stored: Json) -> tuple[Reason, ...]:
    """Return stored reasons."""
    return tuple(Reason(*reason) for reason in stored)


def candidate_json(candidate: Candidate | None) -> Json | None:
    """Return a candidate as [ticket id, score, reasons, signals]."""
    if candidate is None:
        return None
    return [candidate.ticket_id, candidate.score, reasons_json(candidate.reasons), dict(candidate.signals)]


def candidate_of(stored: Json) -> Candidate:
    """Return a stored candidate; those of older verdicts have no signals."""
    ticket_id, score, reasons, *signals = stored
    return Candidate(ticket_id, score, reasons_of(reasons), *signals)


def verdict_of(row: Row[Any]) -> Verdict:
    """Return a stored verdict."""
    best = candidate_of(row.best) if row.best else None
    return Verdict(Decision(row.decision), best, tuple(map(candidate_of, row.others)), row.model)


def turn_of(row: Row[Any]) -> Turn:
    """Return a stored turn."""
    return Turn(
        id=row.id,
        external_id=row.external_id,
        revision=row.revision,
        role=AuthorRole(row.role),
        said_at=row.said_at,
        original=row.original,
        text=row.text,
        redactions=redactions_of(row.redactions),
        public=row.public,
    )


def conversation_of(row: Row[Any], turns: Iterable[Row[Any]]) -> Conversation:
    """Return a stored conversation with these turns, in order of time."""
    return Conversation(
        id=row.id,
        source=row.source,
        external_id=row.external_id,
        person_id=row.person_id,
        created_at=row.created_at,
        updated_at=row.updated_at,
        turns=tuple(turn_of(t) for t in sorted(turns, key=lambda t: (t.said_at, t.position, t.id))),
        subject=row.subject,
        url=row.url,
        channel=row.channel,
        inbox=row.inbox,
        tags=tuple(row.tags),
        language=row.language,
        rating=Rating(*row.rating) if row.rating else None,
        context=context_of(row.context),
        gone=row.gone,
    )


def feedback_of(row: Row[Any]) -> Feedback:
    """Return a stored piece; the row also has turn_external_id."""
    return Feedback(
        id=row.id,
        conversation_id=row.conversation_id,
        ordinal=row.ordinal,
        quote=quote_of(row.turn_external_id, row.spans),
        said_at=row.said_at,
        words_hash=row.words_hash,
        excluded=Exclusion(row.excluded) if row.excluded else None,
    )


def company_of(row: Row[Any], domains: Sequence[str]) -> Company:
    """Return a stored company."""
    revenue = None if row.revenue_amount is None else Revenue(row.revenue_amount, row.revenue_currency)
    return Company(
        id=row.id,
        name=row.name,
        domains=tuple(sorted(domains)),
        plan=row.plan,
        segment=row.segment,
        revenue=revenue,
        origin=row.origin,
        as_of=row.as_of,
    )


def person_of(row: Row[Any], company: Company | None) -> Person:
    """Return a stored person."""
    return Person(
        id=row.id,
        name=row.name,
        role=row.role,
        language=row.language,
        since=row.since,
        plan=row.plan,
        segment=row.segment,
        company=company,
    )


def ticket_of(row: Row[Any]) -> Ticket:
    """Return a stored ticket."""
    return Ticket(
        id=row.id,
        ref=TicketRef(row.tracker, row.external_id),
        key=row.key,
        project=row.project,
        title=row.title,
        body=row.body,
        stage=TicketStage(row.stage),
        status=row.status,
        created_at=row.created_at,
        updated_at=row.updated_at,
        url=row.url,
        labels=tuple(row.labels),
        components=tuple(row.components),
        resolved_at=row.resolved_at,
        gone=row.gone,
        duplicate_of=row.duplicate_of,
    )


def match_of(row: Row[Any]) -> Match:
    """Return a stored pair."""
    return Match(
        id=row.id,
        feedback_id=row.feedback_id,
        ticket_id=row.ticket_id,
        state=MatchState(row.state),
        score=row.score,
        reasons=reasons_of(row.reasons),
        decided_by=row.decided_by,
        decided_at=row.decided_at,
    )
