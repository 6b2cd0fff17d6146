"""Each thing that Slack may say no with has its outcome, for every act; and what goes out goes out once."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.effect import EffectState
from bot.domain.message import Notice
from bot.domain.theme import Seat
from bot.services.alerts import tell_of_rising
from bot.services.cards import put_to_channel, show
from bot.services.corrections import correct_marked
from bot.services.publish import publish_due
from bot.services.review import set_aside
from handlers.outages import Watch, tell
from integrations.slack.gate import open_again
from tests.handlers.world import ANNA, NOW, OWNERS, PRODUCT, RULES, World

HOUR = timedelta(hours=1)
PNG = b"\x89PNG\r\n\x1a\n"
SAID = (
    "The export drops rows after page two, so we copy them by hand.",
    "Half of our bookings are not in the file that you send us.",
    "My report is late every Monday because lines are missing.",
    "We count the rows twice, as the last ones never arrive.",
)
POSTS, SHARES = "/api/chat.postMessage", "/api/files.completeUploadExternal"
# What the act's row says after the first try. Pending: it is tried again by itself; parked: a person is told.
SHUT = ("channel_not_found", "is_archived", "not_in_channel")
OUTCOMES = {
    **dict.fromkeys(SHUT, EffectState.PENDING),
    "token_revoked": EffectState.PENDING,
    "msg_blocks_too_long": EffectState.PARKED,
    "ratelimited": EffectState.PENDING,
    "lost": EffectState.UNCERTAIN,
}


def card(world: World) -> Callable[[], object]:
    world.decide(world.piece("The export drops rows."), world.ticket("FLD-1", "Export"))
    put_to_channel(world.context.presenter, 1)
    return lambda: show(world.context.presenter, 1)


def digest(world: World) -> Callable[[], object]:
    """Return the posting of a digest whose first ticket has more quotes than the message shows."""
    ticket = world.ticket("FLD-1", "Export")
    for person, words in enumerate(SAID):
        piece = world.piece(words, person=str(person), company=f"Company {person}", days_ago=-2)
        world.decide(piece, ticket, attached=True)
    world.says(ANNA, "digest schedule wed 9:00 UTC")
    world.clock.advance(timedelta(days=7).total_seconds())
    publisher = replace(world.context.publisher, chart=lambda snapshot: (PNG, "Voices a week"))
    return lambda: publish_due(publisher)


def alert(world: World) -> Callable[[], object]:
    """Return the telling of a theme that rose this week."""
    quiet = [world.piece(f"Something else {n}.", person=f"q{n}", days_ago=7 * n + 8) for n in range(8)]
    loud = [world.piece(f"Dark mode, please, {n}.", person=str(n), days_ago=1) for n in range(6)]
    assert quiet
    with world.context.work() as unit:
        theme = unit.themes.add(
            name="dark mode", terms=(), first_heard=NOW, last_heard=NOW, now=NOW, central=loud
        )
        unit.themes.place(dict.fromkeys(loud, theme.id), Seat.CLUSTERED)
        unit.commit()
    world.says(ANNA, "subscribe everything alerts:on")
    return lambda: tell_of_rising(world.context.publisher)


def notice(world: World) -> Callable[[], object]:
    watch = Watch(world.context.work, world.clock, RULES, world.context.presenter.messenger)
    return lambda: tell(
        watch,
        world.context.presenter.messenger,
        OWNERS,
        Notice("A source fails."),
        "n",
        world.clock.now() - HOUR,
    )


@dataclass(frozen=True, slots=True)
class Case:
    """One kind of act. path: what Slack refuses, after as many calls as `skip` that it takes.

    is_it: whether a message of the channel is what came of it.
    """

    arrange: Callable[[World], Callable[[], object]]
    channel: str
    path: str = POSTS
    skip: int = 0
    is_it: Callable[[Mapping[str, Any]], bool] = lambda message: (
        message.get("thread_ts", "")
        in (
            "",
            message["ts"],
        )
    )


def _is_reply(message: Mapping[str, Any]) -> bool:
    return message.get("thread_ts", message["ts"]) != message["ts"] and "files" not in message


ACTS = {
    "card": Case(card, OWNERS),
    "digest": Case(digest, PRODUCT),
    "digest reply": Case(digest, PRODUCT, skip=1, is_it=_is_reply),
    "digest chart": Case(digest, PRODUCT, SHARES, is_it=lambda message: "files" in message),
    "alert": Case(alert, PRODUCT),
    "notice": Case(notice, OWNERS),
}


def refuse(world: World, error: str, path: str = POSTS, skip: int = 0) -> None:
    """Have Slack refuse the next call, or lose its answer. skip: how many it takes before."""
    rule = {"vendor": "slack", "path": path, "times": 1, "skip": skip}
    if error == "lost":
        world.sandbox.faults.add({**rule, "do": "lost"})
        return
    body = json.dumps({"ok": False, "error": error})
    limited = {"status": 429, "retry_after_s": 30, "times": 9} if error == "ratelimited" else {"status": 200}
    world.sandbox.faults.add({**rule, "do": "status", "body": body, **limited})


def state(world: World, kind: str) -> EffectState:
    with world.database.engine.connect() as connection:
        found = connection.exec_driver_sql("SELECT state FROM effect WHERE kind = ?", (kind,)).scalars().all()
    return EffectState(found[0])


@pytest.mark.parametrize("error", OUTCOMES)
@pytest.mark.parametrize("kind", ACTS)
def test_a_refusal_has_its_outcome_and_what_goes_out_goes_out_once(
    world: World, kind: str, error: str
) -> None:
    case = ACTS[kind]
    perform = case.arrange(world)
    before = len(world.messages(case.channel))
    refuse(world, error, case.path, case.skip)

    perform()
    first = state(world, kind)
    world.sandbox.faults.clear()
    if error in SHUT:
        open_again(world.context.work, world.clock, [case.channel])  # as an event or a look tells
    for _ in range(6):
        world.clock.advance(HOUR.total_seconds())
        perform()

    assert first is OUTCOMES[error]
    is_out = OUTCOMES[error] is not EffectState.PARKED
    posted = [m for m in world.messages(case.channel)[before:] if case.is_it(m)]
    assert len(posted) == int(is_out)
    assert state(world, kind) is (EffectState.DONE if is_out else EffectState.PARKED)


def change(world: World, kind: str) -> None:
    """Let what was shown be otherwise now."""
    if kind == "alert":
        world.clock.advance(timedelta(weeks=3).total_seconds())
    else:
        set_aside(world.context.work, world.clock, 1, ANNA)


@pytest.mark.parametrize("is_deleted", [True, False], ids=["deleted", "too old to be changed"])
@pytest.mark.parametrize("kind", ["card", "digest", "alert"])
def test_a_message_that_cannot_be_changed_is_not_posted_again_and_an_operator_sees_it(
    world: World, kind: str, is_deleted: bool
) -> None:
    case = ACTS[kind]
    perform = case.arrange(world)
    perform()
    if is_deleted:
        world.slack.space.channels[case.channel].messages.clear()
    else:
        world.slack.load({"team": {"edit_window_s": 60}})
    left = world.messages(case.channel)
    change(world, kind)

    for _ in range(3):
        world.clock.advance(HOUR.total_seconds())
        perform()
        correct_marked(world.context.publisher)

    assert world.messages(case.channel) == left
    assert state(world, kind) is EffectState.PARKED
    assert f"{kind}: 1 parked" in world.says(ANNA, "status")
