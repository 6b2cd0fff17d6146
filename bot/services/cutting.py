"""A stored conversation is cut into pieces, one an ask, each under an ordinal that stays its own."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.feedback import AuthorRole, Conversation, Exclusion, ReceivedConversation, Turn
from bot.domain.quote import Quote, Span, words_of
from bot.domain.voice import Voice
from bot.repositories import PieceDraft
from bot.text.asks import Said, asks_of
from bot.text.ordinals import Ask, KnownAsk, ordinals_of

log = logging.getLogger(__name__)


def cut(
    conversation: Conversation,
    received: ReceivedConversation,
    known: Sequence[Voice],
    excluded: Exclusion | None,
) -> list[PieceDraft]:
    """Return the conversation's pieces. known: its stored ones; excluded: why all of it is set aside."""
    turns = [t for t in conversation.turns if t.public and t.text.strip()]
    picked = _picked(turns, received)
    found = asks_of(
        [Said(t.external_id, picked[t.external_id][1], t.role is AuthorRole.CUSTOMER) for t in turns]
    )
    pieces = [_moved(quote, picked[quote.turn_external_id][0]) for quote in found.pieces]
    said = {t.external_id: t for t in turns if t.role is AuthorRole.CUSTOMER}
    if not pieces:
        return _wordless(conversation, known, excluded or _why_wordless(received))
    if found.beyond:
        log.info("asks in no piece", extra={"conversation": conversation.id, "asks": found.beyond})
    ordinals = ordinals_of(
        [Ask(q.turn_external_id, words_of(q, said[q.turn_external_id].text)) for q in pieces],
        [_known(voice) for voice in known],
        {turn_id: turn.text for turn_id, turn in said.items()},
    )
    return [
        _draft(ordinal, quote, said[quote.turn_external_id], excluded)
        for ordinal, quote in zip(ordinals, pieces, strict=True)
    ]


def _picked(turns: Sequence[Turn], received: ReceivedConversation) -> dict[str, tuple[int, str]]:
    """Return by turn where what was picked of it begins, and that; all of it where its words are others."""
    parts = {turn.external_id: turn.part for turn in received.turns}
    found = {}
    for turn in turns:
        part = parts.get(turn.external_id, "")
        start = turn.text.find(part)
        found[turn.external_id] = (start, part) if part and start >= 0 else (0, turn.text)
    return found


def _moved(quote: Quote, by: int) -> Quote:
    spans = tuple(Span(span.start + by, span.end + by) for span in quote.spans)
    return replace(quote, spans=spans)


def _why_wordless(received: ReceivedConversation) -> Exclusion:
    is_blacked_out = any(t.redacted for t in received.turns if t.role is AuthorRole.CUSTOMER)
    return Exclusion.WITHDRAWN if is_blacked_out else Exclusion.NO_WORDS


def _wordless(conversation: Conversation, known: Sequence[Voice], why: Exclusion) -> list[PieceDraft]:
    """Return the conversation's one piece that says nothing, under the first ordinal: kept and counted."""
    turn = next((t for t in conversation.turns if t.role is AuthorRole.CUSTOMER and t.text.strip()), None)
    if turn is None:
        return []
    live = [voice.ordinal for voice in known if voice.excluded is not Exclusion.GONE]
    ordinal = min(live or [voice.ordinal for voice in known] or [1])
    return [_draft(ordinal, Quote(turn.external_id, (Span(0, len(turn.text)),)), turn, why)]


def _draft(ordinal: int, quote: Quote, turn: Turn, excluded: Exclusion | None) -> PieceDraft:
    words = words_of(quote, turn.text).encode("utf-8", "replace")
    return PieceDraft(
        ordinal=ordinal,
        quote=quote,
        said_at=turn.said_at,
        words_hash=hashlib.sha256(words).hexdigest()[:32],
        excluded=excluded,
    )


def _known(voice: Voice) -> KnownAsk:
    ask = Ask(voice.quote.turn_external_id, voice.words)
    return KnownAsk(voice.ordinal, ask, voice.excluded is Exclusion.GONE)
