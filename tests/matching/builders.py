"""Tickets and matchers of the matching tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from bot.domain.ticket import Ticket, TicketRef, TicketStage
from bot.matching.decide import Thresholds
from bot.matching.index import Member
from bot.matching.matcher import Matcher
from bot.matching.model import load_model
from bot.ports import Embedder

TITLES = (
    "Photo upload stops when the screen is locked",
    "Dark mode for the settings page",
    "Export invoices as PDF",
    "Login fails behind a VPN",
    "Calendar shows events a day early",
    "Search ignores accents in names",
)


def ticket(number: int, title: str, body: str = "", project: str = "APP") -> Ticket:
    at = datetime(2026, 5, 1, tzinfo=UTC)
    return Ticket(
        id=number,
        ref=TicketRef("jira", str(10_000 + number)),
        key=f"{project}-{number}",
        project=project,
        title=title,
        body=body,
        stage=TicketStage.OPEN,
        status="Open",
        created_at=at,
        updated_at=at,
    )


def tickets() -> list[Ticket]:
    return [ticket(number, title) for number, title in enumerate(TITLES, 1)]


def matcher_of(embedder: Embedder, known: Iterable[Ticket], members: Iterable[Member] = ()) -> Matcher:
    matcher = Matcher(embedder, load_model(embedder.name), Thresholds())
    matcher.index(known, members)
    return matcher
