"""Events that overtake each other, and come once more late: what is stored is what the channel shows now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import permutations

import pytest

from integrations.sandbox.slack.sending import Request
from tests.handlers.chat import ACME, CARA, Chat
from tests.handlers.deliveries.delivering import NOWHERE, deliver
from tests.handlers.deliveries.office import Office
from tests.handlers.world import ANNA, BEN, PRODUCT

SAID, CHANGED, ANSWER = "The export drops rows.", "The import drops rows.", "Every Monday, in the CSV one."
Place = tuple[str, str]


def edited(chat: Chat) -> Place:
    ts = chat.talk.say(CARA, ACME, SAID)
    chat.talk.edit(CARA, ACME, ts, CHANGED)
    return ACME, ts


def removed(chat: Chat) -> Place:
    ts = chat.talk.say(CARA, ACME, SAID)
    chat.talk.remove(ACME, ts)
    return ACME, ts


def answered_and_removed(chat: Chat) -> Place:
    ts = chat.talk.say(CARA, ACME, SAID)
    chat.talk.say(CARA, ACME, ANSWER, thread=ts)
    chat.talk.remove(ACME, ts)
    return ACME, ts


def captured_and_removed(chat: Chat) -> Place:
    ts = chat.talk.say(ANNA, PRODUCT, SAID)
    chat.talk.react(ANNA, PRODUCT, ts, "memo")
    chat.talk.remove(PRODUCT, ts)
    return PRODUCT, ts


def captured_and_let_go(chat: Chat) -> Place:
    ts = chat.talk.say(ANNA, PRODUCT, SAID)
    chat.talk.react(ANNA, PRODUCT, ts, "memo")
    chat.talk.unreact(ANNA, PRODUCT, ts, "memo")
    return PRODUCT, ts


def let_go_by_one_of_two(chat: Chat) -> Place:
    ts = chat.talk.say(ANNA, PRODUCT, SAID)
    chat.talk.react(ANNA, PRODUCT, ts, "memo")
    chat.talk.react(BEN, PRODUCT, ts, "memo")
    chat.talk.unreact(ANNA, PRODUCT, ts, "memo")
    return PRODUCT, ts


# What happened, and whose words count in the end.
STORIES: Mapping[Callable[[Chat], Place], list[str]] = {
    edited: [CHANGED],
    removed: [],
    answered_and_removed: [ANSWER],
    captured_and_removed: [],
    captured_and_let_go: [],
    let_go_by_one_of_two: [SAID],
}
EVENTS = {story: 2 if story in (edited, removed) else 3 for story in STORIES} | {let_go_by_one_of_two: 4}
ORDERS = [(story, order) for story, number in EVENTS.items() for order in permutations(range(number))]
# Of four events the ways in which all that follows overtakes what was before are enough.
TOLD = [(story, order) for story, order in ORDERS if len(order) < 4 or order[0] == 3]


def overheard(world: Office, story: Callable[[Chat], Place]) -> tuple[Place, list[Request]]:
    """Let it all happen while nothing reaches the app; return where, and what Slack has to tell of it."""
    address, world.slack.space.bot["url"] = world.slack.space.bot["url"], NOWHERE
    place = story(world.chat)
    world.slack.space.bot["url"] = address
    told = {request.payload["event_id"]: request for request in world.slack.sender.sent}
    return place, list(told.values())


@pytest.mark.parametrize(("story", "order"), TOLD, ids=lambda value: getattr(value, "__name__", str(value)))
def test_events_in_any_order_and_once_more_late_leave_what_the_channel_shows(
    world: Office, story: Callable[[Chat], Place], order: tuple[int, ...]
) -> None:
    place, told = overheard(world, story)

    for number in order:
        deliver(world, told[number])
    once = world.chat.live(*place)
    for request in told:
        deliver(world, request, late=True)

    assert once == STORIES[story]
    assert world.chat.live(*place) == once
    assert len(told) == EVENTS[story]
