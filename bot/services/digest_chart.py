"""The chart in a digest's thread: there once, with another in its place when its numbers are corrected."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.domain.digest import DigestSnapshot
from bot.domain.effect import Effect
from bot.domain.message import MessageRef
from bot.errors import AnswerError
from bot.i18n import speaking, t
from bot.services.outward import Act, Done, perform

if TYPE_CHECKING:
    from bot.services.publish import Publisher

log = logging.getLogger(__name__)

KIND = "digest chart"
OUT, NO_MORE = "out", "no more"


def show_chart(publisher: Publisher, snapshot: DigestSnapshot, message: MessageRef, key: str) -> list[Done]:
    """Share the digest's chart in its message's thread, then remove what earlier revisions shared there."""
    with publisher.reading() as unit:
        known = unit.subscriptions.revisions(snapshot.subscription_id, snapshot.period)
        numbers = charts([one.snapshot for one in known if one.snapshot.revision <= snapshot.revision])
        earlier = [_key(key, number) for number in sorted({*numbers} - {numbers[-1]})]
        shared = [one for one in earlier if unit.effects.find(KIND, message.channel, one)]
    done = [_share(publisher, snapshot, message, _key(key, numbers[-1]))] if snapshot.top else []
    return done + [_remove(publisher, snapshot, message, one) for one in shared]


def charts(revisions: Sequence[DigestSnapshot]) -> list[int]:
    """Return for each revision the first one since which its chart shows the same."""
    found: list[int] = []
    for place, snapshot in enumerate(revisions):
        is_same = place > 0 and _drawing(snapshot) == _drawing(revisions[place - 1])
        found.append(found[-1] if is_same else snapshot.revision)
    return found


def _drawing(snapshot: DigestSnapshot) -> list[object]:
    return [(ticket.key, ticket.title, ticket.trend) for ticket in snapshot.top]


def _key(key: str, number: int) -> str:
    return key if number == 1 else f"{key}:chart {number}"


def _share(publisher: Publisher, snapshot: DigestSnapshot, message: MessageRef, key: str) -> Done:
    def do(effect: Effect) -> str:
        if effect.result:
            return effect.result
        with speaking(snapshot.language or publisher.language):
            drawn, title = _drawn(publisher, snapshot), t("Voices per week")
        if drawn is None:
            return ""
        image, alt_text = drawn
        return publisher.messenger.upload_image(
            message.channel, image, key=key, title=title, alt_text=alt_text, thread=message.id
        )

    return _perform(publisher, snapshot, message, key, OUT, do)


def _remove(publisher: Publisher, snapshot: DigestSnapshot, message: MessageRef, key: str) -> Done:
    def do(effect: Effect) -> str:
        if effect.result:
            publisher.messenger.delete_image(
                message.channel, effect.result, since=snapshot.period.end, thread=message.id
            )
        return ""

    return _perform(publisher, snapshot, message, key, NO_MORE, do)


def _perform(
    publisher: Publisher,
    snapshot: DigestSnapshot,
    message: MessageRef,
    key: str,
    wanted: str,
    do: Callable[[Effect], str],
) -> Done:
    def find(effect: Effect) -> str | None:
        since = snapshot.period.end  # nothing of it was posted before then
        return publisher.messenger.find_image(message.channel, key, since=since, thread=message.id)

    act = Act(kind=KIND, target=message.channel, key=key, wanted=wanted, do=do, find=find)
    return perform(publisher.work, publisher.clock, act, publisher.lease)


def _drawn(publisher: Publisher, snapshot: DigestSnapshot) -> tuple[bytes, str] | None:
    """Return the chart. Raises AnswerError where it can't be drawn: that parks the picture, not the words."""
    try:
        return publisher.chart(snapshot)
    except Exception as exc:
        log.exception("chart not drawn")
        raise AnswerError("chart", "drawing", type(exc).__name__) from exc
