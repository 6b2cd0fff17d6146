"""What a link to a ticket or a conversation shows under it: how many ask for it, and one of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from bot.domain.annotation import Reach
from bot.domain.match import MatchState
from bot.domain.message import TicketLine
from bot.domain.ticket import Ticket
from bot.domain.voice import QuotedVoice, Voice
from bot.repositories import UnitOfWork
from bot.services.annotation import reach_of
from bot.services.quotes import chosen
from bot.services.ticket_links import ticket_at

QUOTE_WORDS, LOOKED_AT = 40, 50  # the newest pieces, of which one is quoted
ID = re.compile(r"\d{1,20}")


@dataclass(frozen=True, slots=True)
class Unfurled:
    """What a link shows. ticket: None for a conversation that is about none.

    reach: who asks for the ticket, or speaks in the conversation.
    """

    url: str
    ticket: TicketLine | None
    reach: Reach
    quote: QuotedVoice | None


def unfurled(unit: UnitOfWork, urls: Sequence[str]) -> list[Unfurled]:
    """Return what is known of the links, each ticket and conversation once; of others nothing."""
    found: list[Unfurled] = []
    seen: set[tuple[str, int]] = set()
    for url in dict.fromkeys(urls):
        what = _ticket(unit, url) or _conversation(unit, url)
        if what is not None and what[0] not in seen:
            seen.add(what[0])
            found.append(what[1])
    return found


def _ticket(unit: UnitOfWork, url: str) -> tuple[tuple[str, int], Unfurled] | None:
    ticket = ticket_at(unit, url)
    voices = unit.pieces.voices(unit.insights.of_ticket(ticket.id, limit=LOOKED_AT)) if ticket else []
    if ticket is None or not voices:
        return None
    reach = unit.insights.reach([ticket.id])[ticket.id]
    return ("ticket", ticket.id), Unfurled(url, _line(ticket), reach, _quote(voices))


def _conversation(unit: UnitOfWork, url: str) -> tuple[tuple[str, int], Unfurled] | None:
    place = urlsplit(url)
    ids = [part for part in place.path.split("/") if ID.fullmatch(part)]
    for conversation_id, address in unit.conversations.addresses(ids[-3:]).items():
        if urlsplit(address).hostname == place.hostname:
            pieces = [piece.id for piece in unit.pieces.of_conversation(conversation_id)]
            voices = [voice for voice in unit.pieces.voices(pieces) if voice.excluded is None]
            if voices:
                shown = Unfurled(url, _attached(unit, pieces), reach_of(voices), _quote(voices))
                return ("conversation", conversation_id), shown
    return None


def _quote(voices: Sequence[Voice]) -> QuotedVoice | None:
    return next(iter(chosen(voices, 1, QUOTE_WORDS)), None)


def _attached(unit: UnitOfWork, pieces: Sequence[int]) -> TicketLine | None:
    """Return the ticket that the first of the pieces which has one is attached to."""
    pairs = unit.insights.standing(pieces)
    attached = [pairs[i].ticket_id for i in pieces if i in pairs and pairs[i].state is MatchState.ATTACHED]
    return next((_line(ticket) for ticket in unit.tickets.many(attached) if not ticket.gone), None)


def _line(ticket: Ticket) -> TicketLine:
    return TicketLine(ticket.key, ticket.title, ticket.url, ticket.status)
