"""What a conversation says of one of its asks beyond the ask's own words: its subject, and ticket keys."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.feedback import Conversation
from bot.domain.voice import Voice
from bot.repositories import UnitOfWork
from bot.services.ingest import REFERENCE
from bot.text.references import ticket_keys


@dataclass(frozen=True, slots=True)
class Around:
    """subject: "" where it speaks for another ask; asks: how many the conversation holds.

    named: ticket keys; unsure: those of them that may mean another ask.
    """

    subject: str = ""
    named: tuple[str, ...] = ()
    unsure: frozenset[str] = frozenset()
    asks: int = 1


def around(unit: UnitOfWork, voice: Voice) -> Around:
    """Return what the conversation adds to the ask.

    The subject, words and keys, speaks for the first ask alone, and a key among an ask's words for that ask.
    A key elsewhere, in an agent's words or a detail, may mean the first ask and each other that was made by
    then.
    """
    has_keys = any(fact.kind == REFERENCE for fact in voice.context)
    if voice.ordinal == 1 and not has_keys:
        return Around(voice.subject)
    pieces = unit.pieces.of_conversation(voice.conversation_id)
    asks = unit.pieces.voices([piece.id for piece in pieces if piece.excluded is None])
    first = min([voice.ordinal, *(ask.ordinal for ask in asks)])
    subject = voice.subject if voice.ordinal == first else ""
    if not has_keys:
        return Around(subject, asks=len(asks))
    meant = _meant(unit.conversations.get(voice.conversation_id), asks, first)
    named = tuple(key for key, ordinals in meant.items() if voice.ordinal in ordinals)
    return Around(subject, named, frozenset(key for key in named if len(meant[key]) > 1), len(asks))


def _meant(conversation: Conversation, asks: Sequence[Voice], first: int) -> dict[str, set[int]]:
    """Return each key that stands outside the asks' words, with the ordinals of the asks that it may mean."""
    found, by_then = dict[str, set[int]](), {first}
    for turn in conversation.turns:
        here = [ask for ask in asks if ask.quote.turn_external_id == turn.external_id]
        by_then |= {ask.ordinal for ask in here}
        within = {key for ask in here for key in ticket_keys(ask.words)}
        for key in ticket_keys(turn.text):
            if key not in within:
                found.setdefault(key, set()).update(by_then)
    return found
