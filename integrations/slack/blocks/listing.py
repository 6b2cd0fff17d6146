"""Pieces in a list: the customer's words, who, and what became of them."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.message import CardState, TicketLine
from bot.domain.standing import Standing
from bot.i18n import t
from integrations.slack.blocks import words
from integrations.slack.blocks.elements import Json, line, link, literal, rich_text, text

QUOTE_MOST, TITLE_MOST = 400, 90


def piece(one: Standing, zone: str, *, most: int = QUOTE_MOST, facts: int = 3) -> Json:
    """Return one piece of a list. most: characters of the quote; facts: of who said it."""
    said = words.quotation(one.voice, zone, most=most, facts=facts)
    return rich_text(
        *said, line(*_outcome(one), text(" · " + t("piece {number}", number=f"#{one.voice.feedback_id}")))
    )


def pieces(found: Sequence[Standing], zone: str) -> list[Json]:
    """Return them all, a block each."""
    return [piece(one, zone) for one in found]


def ticket_leaves(ticket: TicketLine, *, bold: bool = False) -> list[Json]:
    """Return the ticket's key, title and status."""
    leaves = [link(literal(f"{ticket.key} {ticket.title}", TITLE_MOST), ticket.url, bold=bold)]
    return [*leaves, text(f" ({literal(ticket.status, 40)})")] if ticket.status else leaves


def _outcome(one: Standing) -> list[Json]:
    if one.ticket is None:
        return [text(t("No ticket yet"))]
    lead = t("Attached to ") if one.state is CardState.ATTACHED else t("Proposed for ")
    return [text(lead), *ticket_leaves(one.ticket)]
