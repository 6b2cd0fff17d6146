"""Each thing that Slack may say no with has its outcome, for every act; and what goes out goes out once."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.domain.effect import EffectState
from bot.domain.message import Notice
from bot.services.cards import put_to_channel, show
from bot.services.publish import publish_due
from handlers.outages import Watch, tell
from integrations.slack.gate import open_again
from tests.handlers.world import ANNA, OWNERS, PRODUCT, RULES, World

HOUR = timedelta(hours=1)
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
    world.piece("The export drops rows.")
    world.says(ANNA, "digest schedule wed 9:00 UTC")
    world.clock.advance(timedelta(days=7).total_seconds())
    return lambda: publish_due(world.context.publisher)


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


ACTS = {"card": (card, OWNERS), "digest": (digest, PRODUCT), "notice": (notice, OWNERS)}


def refuse(world: World, error: str) -> None:
    """Have Slack refuse the next message, or lose its answer."""
    rule = {"vendor": "slack", "path": "/api/chat.postMessage", "times": 1}
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
    arrange, channel = ACTS[kind]
    perform = arrange(world)
    before = len(world.messages(channel))
    refuse(world, error)

    perform()
    first = state(world, kind)
    world.sandbox.faults.clear()
    if error in SHUT:
        open_again(world.context.work, world.clock, [channel])  # as an event or a look tells
    for _ in range(6):
        world.clock.advance(HOUR.total_seconds())
        perform()

    assert first is OUTCOMES[error]
    is_out = OUTCOMES[error] is not EffectState.PARKED
    posted = [m for m in world.messages(channel)[before:] if m.get("thread_ts", m["ts"]) == m["ts"]]
    assert len(posted) == int(is_out)
    assert state(world, kind) is (EffectState.DONE if is_out else EffectState.PARKED)
