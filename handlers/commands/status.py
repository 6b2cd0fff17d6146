"""`/voc status`: how Voc is doing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.effect import EffectState
from bot.ports import Finding
from bot.repositories import SourceHealth
from bot.services.status import Status, checked_words, status_of, stop_words, switch_words, undone_words
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.answers import status_answer
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.words import count

STUCK = (EffectState.UNCERTAIN, EffectState.PARKED)


def status_page(context: Context, act: Interaction, rest: str) -> Post:
    """Return each source's health, what was made of the feedback, what is stuck, and how links do."""
    status = status_of(context.reading, context.clock)
    return status_answer(
        list(findings(status)),
        waiting=status.pieces.get("suggested", 0),
        trust=[checked_words(status), undone_words(status), f"model: {status.model or 'as shipped'}"],
    )


def findings(status: Status) -> Iterator[Finding]:
    """Yield one line a source, then the store, each project's switches, and what is stuck."""
    if status.stopped:
        yield Finding(False, stop_words(status.stopped))
    if not status.sources:
        yield Finding(False, "Nothing was read yet", "An operator can start it with `python -m bot sync`")
    for source in status.sources:
        yield source_finding(source, status.at)
    yield Finding(True, _stored(status))
    yield from (Finding(True, switch_words(status, switches)) for switches in status.projects)
    if due := status.pieces.get("due", 0):
        yield Finding(True, f"{count(due, 'piece')} waiting to be matched")
    if status.unreadable:
        yield Finding(False, f"{count(status.unreadable, 'item')} of unexpected shape, kept by id")
    for (kind, state), number in sorted(status.acts.items()):
        if state in STUCK:
            yield Finding(False, f"{kind}: {number} {state.value}")


def ago(moment: datetime, now: datetime) -> str:
    """Return e.g. "5 minutes ago"."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return "just now"
    if minutes < 120:
        return f"{count(minutes, 'minute')} ago"
    if minutes < 48 * 60:
        return f"{count(minutes // 60, 'hour')} ago"
    return f"{count(minutes // (24 * 60), 'day')} ago"


def source_finding(source: SourceHealth, now: datetime) -> Finding:
    """Return how the source does."""
    read = f"read {ago(source.last_success_at, now)}" if source.last_success_at else "never read to its end"
    newest = f", newest change {ago(source.last_change_at, now)}" if source.last_change_at else ""
    is_ok = source.failures == 0 and source.last_success_at is not None
    failing = f"Failed {count(source.failures, 'time')} in a row: {source.error}" if source.failures else ""
    return Finding(is_ok, f"{source.name}: {read}{newest}", failing)


def _stored(status: Status) -> str:
    pieces = status.pieces
    excluded = sum(number for name, number in pieces.items() if name.startswith("excluded:"))
    return (
        f"{count(status.conversations, 'conversation')}, {count(status.tickets, 'ticket')}, "
        f"{count(pieces.get('pieces', 0), 'piece')}: {pieces.get('attached', 0)} attached, "
        f"{pieces.get('suggested', 0)} proposed, {pieces.get('unmatched', 0)} without a ticket, "
        f"{excluded} set aside"
    )
