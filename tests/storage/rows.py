"""Short ways to the rows that storage tests start from."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.feedback import AuthorRole, Feedback, ReceivedPerson
from bot.domain.match import MatchState
from bot.domain.quote import Quote, Span
from bot.domain.ticket import ReceivedTicket, Ticket, TicketRef, TicketStage
from bot.repositories import Attributes, ConversationDraft, PieceDraft, TurnDraft, UnitOfWork

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def turn(external_id: str = "t1", text: str = "It crashes", **more: Any) -> TurnDraft:
    """Return a customer's turn."""
    known: dict[str, Any] = {"role": AuthorRole.CUSTOMER, "said_at": NOON, "original": f"<p>{text}</p>"}
    return TurnDraft(external_id=external_id, text=text, **(known | more))


def conversation(
    person_id: int, *turns: TurnDraft, external_id: str = "c1", **more: Any
) -> ConversationDraft:
    """Return a conversation of the source "zendesk"."""
    known: dict[str, Any] = {"source": "zendesk", "created_at": NOON, "updated_at": NOON}
    return ConversationDraft(
        external_id=external_id, person_id=person_id, turns=turns or (turn(),), **(known | more)
    )


def somebody(unit: UnitOfWork, external_id: str = "p1", email: str = "") -> int:
    """Store a person and return their id."""
    received = ReceivedPerson(external_id=external_id, name="Ann", email=email)
    return unit.people.person("zendesk", received, None, Attributes(), NOON).id


def draft(ordinal: int = 1, text: str = "It crashes", turn_id: str = "t1", **more: Any) -> PieceDraft:
    """Return a piece that quotes the whole of a turn."""
    quote = Quote(turn_id, (Span(0, len(text)),))
    known: dict[str, Any] = {"said_at": NOON, "words_hash": text}
    return PieceDraft(ordinal=ordinal, quote=quote, **(known | more))


def piece(unit: UnitOfWork, external_id: str = "c1", text: str = "It crashes", **more: Any) -> Feedback:
    """Store a conversation of one piece, by a person of its own, and return the piece."""
    person_id = somebody(unit, f"of {external_id}")
    stored, _ = unit.conversations.save(
        conversation(person_id, turn(text=text), external_id=external_id), NOON
    )
    return unit.pieces.put(stored.id, [draft(text=text, **more)], NOON)[0]


def received_ticket(external_id: str = "1", **more: Any) -> ReceivedTicket:
    """Return a ticket as the tracker gives it."""
    known: dict[str, Any] = {
        "key": f"APP-{external_id}",
        "project": "APP",
        "title": "Crash on start",
        "body": "It crashes",
        "stage": TicketStage.OPEN,
        "status": "To do",
        "created_at": NOON,
        "updated_at": NOON,
    }
    return ReceivedTicket(ref=TicketRef("jira", external_id), **(known | more))


def ticket(unit: UnitOfWork, external_id: str = "1", **more: Any) -> Ticket:
    """Store a ticket and return it."""
    return unit.tickets.save(received_ticket(external_id, **more), NOON)[0]


def decide(
    unit: UnitOfWork, feedback_id: int, ticket_id: int, state: MatchState, by: str, now: datetime = NOON
) -> None:
    """Set the pair's state."""
    unit.matches.decide(feedback_id, ticket_id, state, score=0.9, reasons=(), by=by, now=now)
