"""A theme's name in its members' own words: what they say, and the others do not."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import log

from bot.domain.quote import Redaction, Span
from bot.domain.voice import Voice
from bot.matching.words import folded, is_telling, stem

FEWEST_TERMS, MOST_TERMS, STANDING = 2, 4, 10
FEWEST_WHO_SAY_IT = 2  # a name is nobody's own words alone
WORTH_NAMING = 0.5  # a further term counts at least this share of the first
PHRASE = 1.5  # two words tell more than one

_WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
_LEFT_OUT = re.compile(r"\S*(?:@|://|www\.)\S*")
_BREAK = re.compile(r"[.!?;:()\[\]\n…,]")


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the comparable forms of its terms, in the same order."""

    words: str
    terms: tuple[str, ...]


class Lexicon:
    """What each of many pieces says, by terms; each person counts once for a term."""

    def __init__(self, voices: Iterable[Voice]) -> None:
        self._said = {voice.feedback_id: (voice.person.id, _terms(voice)) for voice in voices}
        self._names = {voice.feedback_id: _name_parts(voice) for voice in voices}
        self._people = len({person for person, _ in self._said.values()})
        self._everywhere = Counter(
            term for _, term in {(person, term) for person, terms in self._said.values() for term in terms}
        )

    def name(self, members: Collection[int], before: Name | None = None) -> Name:
        """Return the members' name: two to four terms, as they wrote them most often.

        before: the name so far, kept while each of its terms is among the ten that stand out. Terms are words
        and pairs of words; none holds what was redacted, an address, figures alone, or a member's own name.
        Fewer than two terms are named only where no more are shared; "" where none is. Source: class-based
        TF-IDF (Grootendorst 2022), counting people.
        """
        surfaces, scores = self._weighed(members)
        ranked = sorted(scores, key=lambda term: (-scores[term], term))
        if before is not None and before.terms and set(before.terms) <= set(ranked[:STANDING]):
            return before
        chosen = _apart(ranked, scores)
        return Name(", ".join(_usual(surfaces[term]) for term in chosen), tuple(chosen))

    def _weighed(self, members: Collection[int]) -> tuple[Mapping[str, Counter[str]], Mapping[str, float]]:
        """Return how each term was written, and how far it stands out, of terms that enough people say."""
        own = set().union(*(self._names[piece] for piece in members))
        surfaces, people = defaultdict[str, Counter[str]](Counter), defaultdict[str, set[int]](set)
        for piece in members:
            person, terms = self._said[piece]
            for term, surface in terms.items():
                if own.isdisjoint(folded(surface).split()):
                    surfaces[term][surface] += 1
                    people[term].add(person)
        speakers = len({self._said[piece][0] for piece in members})
        scores = {
            term: len(who) / speakers * self._rarity(term) * (PHRASE if " " in term else 1.0)
            for term, who in people.items()
            if len(who) >= FEWEST_WHO_SAY_IT
        }
        return surfaces, scores

    def _rarity(self, term: str) -> float:
        return log(1 + self._people / self._everywhere[term])


def _apart(ranked: Sequence[str], scores: Mapping[str, float]) -> list[str]:
    """Return the first terms that share no word with one before them."""
    chosen, used = list[str](), set[str]()
    for term in ranked:
        enough = len(chosen) >= FEWEST_TERMS and scores[term] < WORTH_NAMING * scores[chosen[0]]
        if len(chosen) == MOST_TERMS or enough:
            break
        if used.isdisjoint(term.split()):
            chosen.append(term)
            used.update(term.split())
    return chosen


def _usual(surfaces: Counter[str]) -> str:
    return min(surfaces, key=lambda surface: (-surfaces[surface], surface))


def _name_parts(voice: Voice) -> set[str]:
    return {part for part in _WORD.findall(folded(voice.person.name)) if len(part) > 1}


def _terms(voice: Voice) -> dict[str, str]:
    """Return the piece's terms, each as first written."""
    found: dict[str, str] = {}
    for run in _runs(voice):
        before: tuple[str, int] | None = None
        words = list(_WORD.finditer(run))
        for at, match in enumerate(words):
            word = folded(match.group())
            if not is_telling(word.replace("'", "").replace("’", "")):
                continue
            if word.isdigit():
                before = None
                continue
            term = stem(word)
            found.setdefault(term, match.group().lower())
            if before is not None and at - before[1] <= 2 and before[0] != term:
                start = words[before[1]].start()
                found.setdefault(f"{before[0]} {term}", run[start : match.end()].lower())
            before = term, at
    return found


def _runs(voice: Voice) -> Iterator[str]:
    """Yield the piece's words between what is redacted, left out or marked as a pause."""
    for span in voice.quote.spans:
        for start, end in _open(span, voice.redactions):
            for part in _LEFT_OUT.split(voice.text[start:end]):
                yield from _BREAK.split(part)


def _open(span: Span, redactions: Sequence[Redaction]) -> Iterator[tuple[int, int]]:
    at = span.start
    for hidden in sorted(redactions):
        if hidden.end > at and hidden.start < span.end:
            yield at, max(at, hidden.start)
            at = hidden.end
    if at < span.end:
        yield at, span.end
