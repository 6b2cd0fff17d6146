"""Threads of the chat become feedback: stored as they are now, withdrawn where they are gone.

Nothing is made of an event's own words: each is a hint to read the thread again, so that late, repeated and
disordered ones do no harm.
"""

from __future__ import annotations

from dataclasses import replace

from bot.domain.capture import ME_TOO, THREADS, Capture
from bot.domain.feedback import Conversation, ReceivedConversation, ReceivedTurn
from bot.domain.route import Rules
from bot.errors import NotFoundError
from bot.ports import Clock, FeedbackSource
from bot.repositories import Work
from bot.services.ingest import mark_piece, prepare, store, withdraw


def take(work: Work, clock: Clock, capture: Capture) -> str:
    """Keep that somebody took a thread as feedback; who was first, and what they said of it, stays.

    What is picked of further messages is added, and people may change what they picked themselves.
    Return who took every picked message before, "" where something of it is new or the person's own.
    """
    with work() as unit:
        unit.take_turn()
        before = unit.captures.get(capture.external_id)
        unit.captures.put(_joined(before, capture) if before else capture, clock.now())
        unit.commit()
    if before is None or before.by == capture.by or capture.picked.keys() - before.picked.keys():
        return ""
    return before.by


def _joined(before: Capture, now: Capture) -> Capture:
    weak, strong = (before, now) if before.by == now.by else (now, before)
    return replace(
        strong,
        picked={**weak.picked, **strong.picked},
        customer=strong.customer or weak.customer,
        area=strong.area or weak.area,
    )


def follow(work: Work, clock: Clock, rules: Rules, threads: FeedbackSource, external_id: str) -> list[int]:
    """Store the thread as it is now, or withdraw one that is gone or no feedback any more.

    Return the ids of its pieces. Raises IntegrationError where it cannot be read; then nothing changes.
    """
    try:
        received = threads.fetch(external_id)
    except NotFoundError:
        _withdraw(work, clock, external_id)
        return []
    return keep(work, clock, rules, received)


def keep(work: Work, clock: Clock, rules: Rules, received: ReceivedConversation) -> list[int]:
    """Store the thread; words that its author deleted meanwhile are overwritten. Return its pieces' ids."""
    now = clock.now()
    with work() as unit:
        known = unit.conversations.find(THREADS, received.external_id)
    prepared = prepare(rules, _blackened(received, known))
    with work() as unit:
        unit.take_turn()
        store(unit, rules, THREADS, prepared, now, again=any(turn.part for turn in received.turns))
        stored = unit.conversations.find(THREADS, received.external_id)
        assert stored is not None  # noqa: S101 - it was stored just now
        pieces = [piece.id for piece in unit.pieces.of_conversation(stored.id)]
        if known is not None and _agreed(known) != _agreed(stored):
            for piece in pieces:
                mark_piece(unit, piece, now)
        unit.commit()
    return pieces


def _withdraw(work: Work, clock: Clock, external_id: str) -> None:
    """Follow a deletion, or that people no longer take it as feedback."""
    with work() as unit:
        withdraw(unit, THREADS, [external_id], clock.now())
        unit.commit()


def _blackened(received: ReceivedConversation, known: Conversation | None) -> ReceivedConversation:
    """Return the thread with what is stored of it and was deleted since, as the source would black it out."""
    shown = {turn.external_id for turn in received.turns}
    deleted = [turn for turn in (known.turns if known else ()) if turn.external_id not in shown]
    black = tuple(
        ReceivedTurn(
            external_id=turn.external_id, role=turn.role, said_at=turn.said_at, original="", redacted=True
        )
        for turn in deleted
    )
    return replace(received, turns=(*received.turns, *black)) if black else received


def _agreed(conversation: Conversation) -> str:
    return next((fact.value for fact in conversation.context if fact.kind == ME_TOO), "")
