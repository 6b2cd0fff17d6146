"""Pieces with what became of each, for lists."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.match import MatchState
from bot.domain.message import CardState, TicketLine
from bot.domain.standing import Standing
from bot.domain.ticket import Ticket
from bot.repositories import UnitOfWork
from bot.services.quotes import opened

QUOTE_WORDS = 60


def standing_of(unit: UnitOfWork, feedback_ids: Sequence[int]) -> list[Standing]:
    """Return the pieces, in the order of the ids, that are not set aside."""
    voices = [voice for voice in unit.pieces.voices(feedback_ids) if voice.excluded is None]
    pairs = unit.insights.standing([voice.feedback_id for voice in voices])
    tickets = {one.id: one for one in unit.tickets.many([pair.ticket_id for pair in pairs.values()])}
    found = []
    for voice in voices:
        pair = pairs.get(voice.feedback_id)
        quote = opened(voice, QUOTE_WORDS)
        if pair is None:
            found.append(Standing(quote, CardState.UNMATCHED))
            continue
        is_attached = pair.state is MatchState.ATTACHED
        state = CardState.ATTACHED if is_attached else CardState.SUGGESTED
        found.append(Standing(quote, state, line_of(tickets[pair.ticket_id])))
    return found


def line_of(ticket: Ticket) -> TicketLine:
    """Return the ticket in one line; one that the tracker no longer shows leads nowhere."""
    return TicketLine(ticket.key, ticket.title, "" if ticket.gone else ticket.url, ticket.status)
