"""`/voc status`: how Voc is doing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.domain.effect import EffectState
from bot.errors import RequestError
from bot.i18n import forms, nt, t
from bot.ports import Finding
from bot.repositories import SourceHealth
from bot.services.status import (
    Status,
    channel_words,
    checked_words,
    status_of,
    stop_words,
    switch_words,
    undone_words,
)
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.answers import status_answer
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.words import called, count

STUCK = (EffectState.UNCERTAIN, EffectState.PARKED)


def status_page(context: Context, act: Interaction, rest: str) -> Post:
    """Return each source's health, what was made of the feedback, what is stuck, and how links do."""
    if rest:
        raise RequestError("`/voc status` takes no words after it. It shows how Voc is doing.")
    status = status_of(context.reading, context.clock)
    model = status.model or t("as shipped")
    return status_answer(
        list(findings(status)),
        waiting=status.pieces.get("suggested", 0),
        trust=[checked_words(status), undone_words(status), t("model: {name}", name=model)],
    )


def findings(status: Status) -> Iterator[Finding]:
    """Yield one line a source, then the store, each project's switches, and what is stuck."""
    if status.stopped:
        yield Finding(False, stop_words(status.stopped))
    if not status.sources:
        yield Finding(
            False,
            t("Nothing was read yet"),
            t("An operator can start it with {command}", command="python -m bot sync"),
        )
    for source in status.sources:
        yield source_finding(source, status.at)
    yield from (Finding(False, channel_words(trouble)) for trouble in status.channels)
    yield Finding(True, _stored(status))
    yield from (Finding(True, called(switch_words(status, switches))) for switches in status.projects)
    if due := status.pieces.get("due", 0):
        yield Finding(True, t("{pieces} waiting to be matched", pieces=count(due, "piece")))
    if status.unreadable:
        yield Finding(
            False, t("{items} of unexpected shape, kept by id", items=count(status.unreadable, "item"))
        )
    for (kind, state), number in sorted(status.acts.items()):
        if state in STUCK:
            yield Finding(False, f"{kind}: {number} {state.value}")


def ago(moment: datetime, now: datetime) -> str:
    """Return e.g. "5 minutes ago"."""
    minutes = int((now - moment).total_seconds() // 60)
    if minutes < 1:
        return t("just now")
    if minutes < 120:
        return t("{span} ago", span=count(minutes, "minute"))
    if minutes < 48 * 60:
        return t("{span} ago", span=count(minutes // 60, "hour"))
    return t("{span} ago", span=count(minutes // (24 * 60), "day"))


def source_finding(source: SourceHealth, now: datetime) -> Finding:
    """Return how the source does."""
    is_ok = source.failures == 0 and source.last_success_at is not None
    facts = [t("never read to its end")]
    if source.last_success_at:
        facts = [t("read {ago}", ago=ago(source.last_success_at, now))]
    if source.last_change_at:
        facts.append(t("newest change {ago}", ago=ago(source.last_change_at, now)))
    failing = ""
    if source.failures:
        error = source.error.removeprefix(f"{source.name}: ")
        failing = nt(
            "The last attempt failed: {error}",
            "The last {n} attempts failed: {error}",
            source.failures,
            error=error,
        )
    return Finding(is_ok, f"{called(source.name)}: {', '.join(facts)}", failing)


def _stored(status: Status) -> str:
    pieces = status.pieces
    excluded = sum(number for name, number in pieces.items() if name.startswith("excluded:"))
    return t(
        "{conversations}, {tickets}, {pieces}: {attached} attached, {proposed} proposed, {without} without a "
        "ticket, {aside} set aside",
        conversations=count(status.conversations, "conversation"),
        tickets=count(status.tickets, "ticket"),
        pieces=count(pieces.get("pieces", 0), "piece"),
        attached=forms.decimal(pieces.get("attached", 0)),
        proposed=forms.decimal(pieces.get("suggested", 0)),
        without=forms.decimal(pieces.get("unmatched", 0)),
        aside=forms.decimal(excluded),
    )
