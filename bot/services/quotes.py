"""Which of many voices are quoted: clear ones, from customers that differ."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import replace
from functools import partial

from bot.domain.quote import Quote, Span, shorten, shown
from bot.domain.voice import QuotedVoice, Voice, quoted
from bot.text.language import language_within
from bot.text.sentences import best_end, parts, sentences
from bot.text.substance import substance, worth
from bot.text.workarounds import workaround_in

WORKAROUND_WORDS = 40
JUDGED_WORDS = 40
WHOLE = 0.5  # of what a cut sentence tells, whole ones must tell
IN_A_DIGEST = 24  # words: with five such quotes a digest is read in a minute and a half


class Quoting:
    """Takes quotes so that nothing is quoted twice, and from customers that differ.

    language: what readers take in most easily; told: pieces that were quoted lately; kept: pieces that the
    digest quotes already.
    """

    def __init__(self, language: str = "en", told: Collection[int] = (), kept: Collection[int] = ()) -> None:
        self.language = language
        self._told, self._taken = {*told, *kept}, list[Voice]()
        self._worth = dict[int, float]()

    def fresh(self, voices: Iterable[Voice]) -> list[Voice]:
        """Return those that may still be quoted."""
        return [voice for voice in voices if voice.feedback_id not in self._told]

    def worth(self, voice: Voice) -> float:
        """Return what the voice is worth, found out once."""
        if voice.feedback_id not in self._worth:
            self._worth[voice.feedback_id] = worth_of(voice)
        return self._worth[voice.feedback_id]

    def take(self, voices: Iterable[Voice], most: int, words: int) -> list[QuotedVoice]:
        """Return the best of those that may still be quoted, which they then may no more."""
        best = _differing(self.fresh(voices), most, self._taken, self.worth)
        for voice in best:
            self._told.add(voice.feedback_id)
        return [quoted(voice, words, best_passage(voice, words)) for voice in best]

    def keep(self, voices: Iterable[Voice]) -> None:
        """Have what comes now differ from the kept ones too, as it does from those that were taken."""
        self._taken += voices

    def lead(self, voices: Iterable[Voice], words: int) -> QuotedVoice | None:
        """Return the best that may still be quoted, in the readers' language if there is one."""
        ranked = sorted(self.fresh(voices), key=lambda v: (-self.worth(v), v.feedback_id))
        readable = (v for v in ranked if language_within(v.words, v.language) == self.language)
        best = next(readable, ranked[0] if ranked else None)
        return next(iter(self.take([best], 1, words)), None) if best else None


def chosen(voices: Sequence[Voice], most: int, words: int) -> list[QuotedVoice]:
    """Return the best quotes, best first, from as many companies (else people) and segments as there are.

    Words that another quote has already come last.
    """
    best = _differing(voices, most, [], worth_of)
    return [quoted(voice, words, best_passage(voice, words)) for voice in best]


def worth_of(voice: Voice) -> float:
    """Return whether the voice is worth a place, judged by how it begins."""
    return _worth(voice, shorten(voice.quote, voice.text, JUDGED_WORDS))


def best_passage(voice: Voice, words: int) -> Quote:
    """Return the whole sentences, following one another, that are worth most alone in that many words.

    The whole quote where it has no more words. A sentence is cut only where it is longer than that by itself,
    and tells more than twice of what the whole ones tell; then a part of it that a colon or a dash sets off
    may be quoted as well as its beginning.
    """
    if shorten(voice.quote, voice.text, words) == voice.quote:
        return voice.quote
    whole, broken = _passages(voice, words)
    best, cut = (max(some, key=partial(_worth, voice), default=None) for some in (whole, broken))
    if best and (cut is None or _substance(voice, best) >= WHOLE * _substance(voice, cut)):
        return best
    return cut or best or opening(voice, words)


def opening(voice: Voice, words: int) -> Quote:
    """Return the beginning of what was said in that many words, cut after a sentence, else a clause."""
    cut = shorten(voice.quote, voice.text, words)
    if cut == voice.quote:
        return cut
    *before, last = cut.spans
    said = voice.text[last.start : voice.quote.spans[len(before)].end]
    end = best_end(said, last.end - last.start) or last.end - last.start
    return Quote(cut.turn_external_id, (*before, Span(last.start, last.start + end)))


def opened(voice: Voice, words: int) -> QuotedVoice:
    """Return the voice ready to be shown, as it begins."""
    return quoted(voice, words, opening(voice, words))


def _worth(voice: Voice, passage: Quote) -> float:
    """Return what the passage is worth as it would be shown, with [e-mail] and the like."""
    return worth(shown(passage, voice.text, voice.redactions))


def _substance(voice: Voice, passage: Quote) -> float:
    return substance(shown(passage, voice.text, voice.redactions))


def _passages(voice: Voice, words: int) -> tuple[list[Quote], list[Quote]]:
    """Return runs of whole sentences within one span, and beginnings of sentences that are too long."""
    whole, broken = list[Quote](), list[Quote]()
    for span in voice.quote.spans:
        places = list(sentences(voice.text[span.start : span.end]))
        for number, first in enumerate(places):
            for last in places[number:]:
                place = Span(span.start + first.start, span.start + last.end)
                passage = Quote(voice.quote.turn_external_id, (place,))
                if len(voice.text[place.start : place.end].split()) <= words:
                    whole.append(passage)
                    continue
                if last is first:
                    broken += _broken(voice, place, words)
                break
    return whole, broken


def _broken(voice: Voice, sentence: Span, words: int) -> list[Quote]:
    """Return beginnings of the sentence's parts, each as far as its end, in that many words."""
    places = list(parts(voice.text[sentence.start : sentence.end]))
    starts = [Span(sentence.start + place.start, sentence.end) for place in places]
    quotes = [Quote(voice.quote.turn_external_id, (place,)) for place in starts]
    return [opening(replace(voice, quote=quote), words) for quote in quotes]


def _differing(
    voices: Sequence[Voice], most: int, taken: list[Voice], worth: Callable[[Voice], float]
) -> list[Voice]:
    """Return the best, of customers that differ also from the taken ones, which they are added to."""
    left = sorted(voices, key=lambda v: (-worth(v), -v.said_at.timestamp(), v.feedback_id))
    best: list[Voice] = []
    while left and len(best) < most:
        likeness = _Likeness(taken)
        best.append(min(left, key=likeness.of))  # the first of equals: the best
        taken.append(best[-1])
        left.remove(best[-1])
    return best


def workaround_of(voices: Sequence[Voice]) -> QuotedVoice | None:
    """Return the newest sentence in which one of them says what they do meanwhile, as they said it."""
    for voice in sorted(voices, key=lambda v: (v.said_at, v.feedback_id), reverse=True):
        for span in voice.quote.spans:
            if found := workaround_in(voice.text[span.start : span.end]):
                place = Span(span.start + found.start, span.start + found.end)
                quote = Quote(voice.quote.turn_external_id, (place,))
                return quoted(replace(voice, quote=quote), WORKAROUND_WORDS)
    return None


class _Likeness:
    """How like the taken ones a voice is."""

    def __init__(self, taken: Sequence[Voice]) -> None:
        self._words = {one.words_hash for one in taken if one.words_hash}
        self._speakers = {_speaker(one) for one in taken}
        self._segments = {_segment(one) for one in taken}

    def of(self, voice: Voice) -> tuple[bool, bool, bool]:
        """Return whether words, speaker and segment are among theirs, what counts most first."""
        segment = _segment(voice)
        return (
            voice.words_hash in self._words,
            _speaker(voice) in self._speakers,
            bool(segment) and segment in self._segments,
        )


def _speaker(voice: Voice) -> str:
    company = voice.person.company
    return f"company {company.id}" if company else f"person {voice.person.id}"


def _segment(voice: Voice) -> str:
    company = voice.person.company
    return (company.segment if company else "") or voice.person.segment
