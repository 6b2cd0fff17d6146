"""Pieces and tickets as lists show them: with what became of each, with who asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.annotation import Reach
from bot.domain.message import CardState, TicketLine
from bot.domain.voice import QuotedVoice


@dataclass(frozen=True, slots=True)
class Standing:
    """One piece in a list. ticket: that it is attached to or proposed for."""

    voice: QuotedVoice
    state: CardState
    ticket: TicketLine | None = None


class Ranking(StrEnum):
    """By what tickets are ranked."""

    PEOPLE = "people"
    COMPANIES = "companies"
    REVENUE = "revenue"


@dataclass(frozen=True, slots=True)
class Loud:
    """A ticket in a ranking. carried_by: the one or two companies behind most of it."""

    ticket: TicketLine
    reach: Reach
    carried_by: tuple[str, ...] = ()
