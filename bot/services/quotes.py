"""Which of many voices are quoted: clear ones, from customers that differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.quote import Quote, Span
from bot.domain.voice import QuotedVoice, Voice, quoted
from bot.text.clarity import clarity
from bot.text.workarounds import workaround_in

WORKAROUND_WORDS = 40


def chosen(voices: Sequence[Voice], most: int, words: int) -> list[QuotedVoice]:
    """Return the clearest quotes, best first, from as many companies (else people) and segments as there are.

    Words that another quote has already come last.
    """
    left = sorted(voices, key=lambda v: (-clarity(v.words), -v.said_at.timestamp(), v.feedback_id))
    taken: list[Voice] = []
    while left and len(taken) < most:
        best = min(left, key=lambda voice: _likeness(voice, taken))  # the first of equals: the clearest
        taken.append(best)
        left.remove(best)
    return [quoted(voice, words) for voice in taken]


def workaround_of(voices: Sequence[Voice]) -> QuotedVoice | None:
    """Return the newest sentence in which one of them says what they do meanwhile, as they said it."""
    for voice in sorted(voices, key=lambda v: (v.said_at, v.feedback_id), reverse=True):
        for span in voice.quote.spans:
            if found := workaround_in(voice.text[span.start : span.end]):
                place = Span(span.start + found.start, span.start + found.end)
                quote = Quote(voice.quote.turn_external_id, (place,))
                return quoted(replace(voice, quote=quote), WORKAROUND_WORDS)
    return None


def _likeness(voice: Voice, taken: Sequence[Voice]) -> tuple[bool, bool, bool]:
    """Return whether words, speaker and segment are among the taken ones', what counts most first."""
    segment = _segment(voice)
    return (
        voice.words_hash in {one.words_hash for one in taken if one.words_hash},
        _speaker(voice) in {_speaker(one) for one in taken},
        bool(segment) and segment in {_segment(one) for one in taken},
    )


def _speaker(voice: Voice) -> str:
    company = voice.person.company
    return f"company {company.id}" if company else f"person {voice.person.id}"


def _segment(voice: Voice) -> str:
    company = voice.person.company
    return (company.segment if company else "") or voice.person.segment
