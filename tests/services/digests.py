"""Short ways to a digest."""

from __future__ import annotations

from bot.domain.digest import DigestSnapshot, Subscription
from bot.domain.period import Period, week_period
from bot.domain.week import week_of
from bot.services.digest import build
from tests.builders import BOLT, LAST_WEEK, conversation, person, ticket
from tests.services.conftest import RULES, Store

WEEK = week_period(week_of(LAST_WEEK, "UTC"))


def built(store: Store, subscription: Subscription, period: Period = WEEK) -> DigestSnapshot:
    with store.work() as unit:
        return build(unit, RULES, subscription, period, store.clock.now()).snapshot


def three_people(store: Store) -> tuple[list[int], int]:
    """Let three people of two companies speak last week of one ticket."""
    ticket_id = store.ticket(ticket())
    pieces = store.add(
        conversation("The export fails on every page that we print for the auditors.", "1"),
        conversation("My exports stop half way through, every month end.", "2", customer=person("abe")),
        conversation("We cannot export anything since Tuesday.", "3", customer=person("bo", BOLT)),
    )
    for piece in pieces:
        store.attach(piece, ticket_id)
    return pieces, ticket_id
