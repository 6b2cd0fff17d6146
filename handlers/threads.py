"""The queue's tasks that follow threads of the chat: what an event or a shortcut asked to be looked at."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from bot.domain.capture import THREADS, thread_id
from bot.domain.feedback import Exclusion
from bot.errors import AccessError, AnswerError, NotFoundError, RequestError
from bot.services import review
from bot.services.capture import follow
from handlers import tasks
from integrations.slack.threads import SlackThreads

if TYPE_CHECKING:
    from handlers.jobs import Workshop

log = logging.getLogger(__name__)


def follow_thread(shop: Workshop, arguments: Mapping[str, str]) -> None:
    """Store the thread as it is now. One that may not be read stays as it is stored."""
    if shop.threads is not None:
        _follow(shop, shop.threads, arguments["channel"], arguments["root"])


def weigh_reaction(shop: Workshop, arguments: Mapping[str, str]) -> None:
    """Do what a person's reaction to a message says now, whichever event asked for it and when."""
    threads, channel, ts = shop.threads, arguments["channel"], arguments["ts"]
    if threads is None:
        return
    try:
        root, rules = threads.root_of(channel, ts), threads.rules(channel)
        decides = rules is not None and rules.not_feedback == arguments["reaction"]
        aside = threads.reacted(channel, ts, arguments["reaction"])
    except NotFoundError:
        root, decides, aside = ts, False, frozenset()
    except (AccessError, AnswerError) as exc:
        log.warning("thread not read", extra={"channel": channel, "error": exc.detail})
        return
    _follow(shop, threads, channel, root)
    for piece in _pieces_of(shop, thread_id(channel, root), ts) if decides else ():
        _set_aside_or_back(shop, piece, arguments["user"], aside)


def _follow(shop: Workshop, threads: SlackThreads, channel: str, root: str) -> None:
    try:
        follow(shop.work, shop.clock, shop.rules, threads, thread_id(channel, root))
    except (AccessError, AnswerError) as exc:
        log.warning("thread not read", extra={"channel": channel, "error": exc.detail})
        return
    for task in (tasks.MATCH, tasks.CARDS, tasks.ANNOTATE):
        shop.queue.submit(task)


def _pieces_of(shop: Workshop, external_id: str, ts: str) -> list[int]:
    """Return the pieces that quote the message."""
    with shop.work() as unit:
        known = unit.conversations.find(THREADS, external_id)
        pieces = unit.pieces.of_conversation(known.id) if known else []
    return [piece.id for piece in pieces if piece.quote.turn_external_id == ts]


def _set_aside_or_back(shop: Workshop, piece: int, user: str, aside: frozenset[str]) -> None:
    """Set the piece aside where the person's reaction says so; take it back where nobody's says it now."""
    with shop.work() as unit:
        excluded = unit.pieces.voice(piece).excluded
    try:
        if user in aside and excluded is None:
            review.set_aside(shop.work, shop.clock, piece, user)
        elif not aside and excluded is Exclusion.NOT_FEEDBACK:
            review.undo(shop.work, shop.clock, piece, user)
    except RequestError:
        return  # its words were removed at that moment
    shop.queue.submit(tasks.TRUST)


THREAD_JOBS: Mapping[str, Callable[[Workshop, Mapping[str, str]], None]] = {
    "thread": follow_thread,
    "reaction": weigh_reaction,
}
