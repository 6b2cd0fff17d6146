"""What happens to tickets in the tracker reaches their owners once, and a refused tracker is left alone."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from bot.domain.message import MessageRef
from bot.domain.ticket import ReceivedTicket, Ticket
from bot.errors import AccessError
from bot.services.annotator import Annotator
from bot.services.cards import put_to_channel
from bot.services.review import attach
from handlers.jobs import Workshop, jobs
from integrations.slack.messenger import SlackMessenger
from tests.fakes.tracker import FakeTracker
from tests.handlers.shop import DAY, HOUR, MINUTE, Shop
from tests.handlers.world import ANNA, NOW, OWNERS, World, shown

REVOKED = AccessError("jira", "linking evidence", "401", remedy="make a new API token")


@pytest.fixture
def shop(world: World) -> Shop:
    made = Shop(world)
    made.workshop = with_tracker(made.workshop, world.tracker)
    with world.context.work() as unit:
        unit.projects.set("FLD", attach=False, write=True, by="admin", now=NOW)
        unit.commit()
    return made


def with_tracker(workshop: Workshop, tracker: FakeTracker) -> Workshop:
    annotator = Annotator(workshop.work, workshop.work, workshop.clock, {"jira": tracker})
    return replace(workshop, sources={}, trackers={"jira": tracker}, annotator=annotator)


def ticketed(shop: Shop, number: int = 1, pieces: int = 1) -> Ticket:
    """Store a ticket that the tracker has too, with pieces attached."""
    stored = shop.world.ticket(f"FLD-{number}", f"Ticket {number}")
    shop.world.tracker.tickets[stored.ref.external_id] = ReceivedTicket(
        **{
            field.name: getattr(stored, field.name)
            for field in fields(ReceivedTicket)
            if hasattr(stored, field.name)
        }
    )
    for n in range(pieces):
        words = f"The export number {number} drops row {n}."
        piece = shop.world.piece(words, person=f"{number}-{n}")
        attach(shop.workshop.work, shop.world.clock, piece, ANNA, ticket_key=stored.key)
    return stored


def notices(shop: Shop) -> list[str]:
    """Return what the owners were told, cards left out."""
    return [shown(m) for m in shop.world.messages(OWNERS) if not any("card-" in str(b) for b in m["blocks"])]


def run(shop: Shop, times: int = 4, step: int = 1) -> None:
    for _ in range(times):
        shop.tick(step * MINUTE)


def test_a_revoked_token_pauses_the_writes_is_told_once_and_a_new_one_resumes_them(shop: Shop) -> None:
    ticketed(shop, 1)
    ticketed(shop, 2)
    shop.world.tracker.before = [REVOKED] * 100  # reading goes on: it is the writes alone that are refused

    run(shop, 90)
    tries = shop.world.tracker.writes
    refused = notices(shop)
    shop.world.tracker.before = []
    run(shop, 40)

    assert 6 <= tries <= 8  # once in 15 minutes, whatever waits
    [said] = refused
    assert "Voc may not write to tickets of FLD in Jira" in said
    assert "make a new API token" in said
    assert [len(links) for links in shop.world.tracker.links.values()] == [1, 1]
    assert len(notices(shop)) == 2
    assert "lets Voc write to tickets of FLD again" in notices(shop)[1]


def test_a_token_that_is_refused_for_reading_too_is_an_outage_that_ends_by_itself(shop: Shop) -> None:
    stored = ticketed(shop, 1)
    shop.world.tracker.refusal = REVOKED

    run(shop, 60)
    [refused] = notices(shop)
    shop.world.tracker.refusal = None
    run(shop, 80)

    assert "Jira could not be read" in refused
    assert len(shop.world.tracker.links[stored.ref.external_id]) == 1
    assert ["answers again" in said for said in notices(shop)] == [False, True]


def test_tickets_that_are_gone_are_told_in_one_notice_with_what_to_do(shop: Shop) -> None:
    first, second = ticketed(shop, 1, pieces=2), ticketed(shop, 2)
    shop.tick(MINUTE)
    shop.world.tracker.gone = (first.ref.external_id, second.ref.external_id)
    shop.world.tracker.tickets.clear()

    run(shop, 10, step=2)

    [said] = notices(shop)
    assert "Jira no longer shows FLD-1, FLD-2" in said
    assert "3 pieces of feedback stay attached there" in said
    assert "choose another ticket on their cards" in said


def test_the_daily_round_finds_a_ticket_that_was_deleted(shop: Shop) -> None:
    stored = ticketed(shop, 1)
    shop.tick(MINUTE)
    shop.world.tracker.tickets.clear()

    shop.tick(DAY)
    shop.tick(HOUR)

    with shop.world.context.reading() as unit:
        assert unit.tickets.get(stored.id).gone
    assert len(notices(shop)) == 1


def test_links_that_vanish_at_once_are_told(shop: Shop) -> None:
    stored = ticketed(shop, 1, pieces=7)
    shop.tick(MINUTE)
    tickets, key = shop.world.tracker.tickets, stored.ref.external_id
    shop.world.tracker.links[key].clear()
    tickets[key] = replace(tickets[key], updated_at=shop.world.clock.now())

    run(shop, 10)

    [said] = notices(shop)
    assert "7 of Voc’s links vanished at once from FLD-1 in Jira" in said


def test_a_card_says_that_its_link_was_removed_in_the_tracker(shop: Shop) -> None:
    stored = ticketed(shop, 1, pieces=2)
    with shop.world.context.reading() as unit:
        pieces = [voice.feedback_id for voice in unit.matches.attached_to(stored.id)]
    for piece in pieces:
        put_to_channel(shop.world.context.presenter, piece)
    shop.tick(MINUTE)
    tickets, key = shop.world.tracker.tickets, stored.ref.external_id
    shop.world.tracker.links[key].popitem()
    tickets[key] = replace(tickets[key], updated_at=shop.world.clock.now())

    run(shop, 10)

    cards = [shown(message) for message in shop.world.messages(OWNERS)]
    assert sum("its link was removed from FLD-1 in the tracker" in card for card in cards) == 1


def test_while_all_writes_are_stopped_commands_are_answered_and_the_status_says_so(shop: Shop) -> None:
    ticketed(shop, 1)
    with shop.world.context.work() as unit:
        unit.writes.stop("operator", NOW)
        unit.commit()

    run(shop)
    answered = shop.world.says(ANNA, "status")

    assert "ALL WRITES ARE STOPPED" in answered
    assert (shop.world.tracker.writes, shop.world.messages(OWNERS)) == (0, [])


def test_news_whose_telling_was_cut_off_is_told_once(shop: Shop) -> None:
    stored = ticketed(shop, 1)
    shop.tick(MINUTE)
    shop.world.tracker.gone = (stored.ref.external_id,)
    messenger = CutOff(shop.world)
    presenter = shop.workshop.presenter
    assert presenter is not None
    whole = shop.workshop
    shop.workshop = replace(whole, presenter=replace(presenter, messenger=messenger))
    shop.world.tracker.tickets.clear()

    with pytest.raises(KeyboardInterrupt):
        jobs(shop.workshop)["tickets"]({"tracker": "jira"})
    shop.workshop = whole
    run(shop, 10, step=2)

    assert len(notices(shop)) == 1


class CutOff(SlackMessenger):
    """A messenger whose process ends right after it has posted."""

    def __init__(self, world: World) -> None:
        super().__init__(world.context.slack, clock=world.clock)

    def post(self, *given: object, **more: object) -> MessageRef:
        """Post, and be killed."""
        super().post(*given, **more)  # type: ignore[arg-type]
        raise KeyboardInterrupt
