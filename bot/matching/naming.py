"""A theme's name in its members' own words: what they say, and the others do not."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from math import log

from bot.domain.voice import Voice
from bot.matching.wording import Forms, Word, edges, name_parts, phrases, runs, spoken
from bot.matching.words import folded

MOST_WORDS, STANDING = 3, 10
FEWEST_WHO_SAY_IT = 2  # a name is nobody's own words alone
WORTH_NAMING = 0.5  # a further word counts at least this share of the first
# A phrase's worth, in shares of the weightiest word: what a word costs and what one that tells
# nothing, how much it counts that many say the very phrase, what one said by a single person must
# reach, and how much of its being whole its end makes up.
A_WORD, A_SMALL_WORD, TOGETHER, ENOUGH_ALONE, ENDS = 0.3, 0.1, 0.4, 0.6, 0.75
BETWEEN = ", "

Said = tuple[int, list[list[Word]]]  # the person, and the runs of words of one piece


@dataclass(frozen=True, slots=True)
class Name:
    """A name and the comparable forms of its words."""

    words: str
    terms: tuple[str, ...]


class Lexicon:
    """What each of many pieces says; each person counts once for a word. given: names that are taken."""

    def __init__(self, voices: Iterable[Voice], given: Iterable[Name] = ()) -> None:
        self._voices = {voice.feedback_id: voice for voice in voices}
        self._forms: Forms = {}
        said = {
            (voice.person.id, term) for voice in self._voices.values() for term in spoken(voice, self._forms)
        }
        self._everywhere = Counter(term for _, term in said)
        self._people = len({voice.person.id for voice in self._voices.values()})
        self._given = {frozenset(name.terms) for name in given}

    def name(self, members: Collection[int], before: Name | None = None) -> Name:
        """Return the members' name: a phrase that one of them wrote, of words that others of them say too.

        Its words stand out, many say it, and it is no part of a longer one that several say: "offer crypto
        top up", not "offer crypto".

        before: the name so far, kept while each of its words is among the ten that stand out; a list gives
        way to a phrase. No word of it was redacted, is an address, a figure, or of a member's own name; no
        phrase is given to two themes. Where none is shared, up to three words that stand out; "" where none
        does. Source: class-based TF-IDF (Grootendorst 2022), counting people.
        """
        said = [
            (voice.person.id, list(runs(voice, self._forms)))
            for voice in map(self._voices.__getitem__, members)
        ]
        weights = self._weights(said, set().union(*(name_parts(self._voices[piece]) for piece in members)))
        kept = before if before and before.terms and _parts(before) <= set(_standing(weights)) else None
        if kept and BETWEEN not in kept.words:
            return kept
        if before:
            self._given.discard(frozenset(before.terms))
        name = _phrase(said, weights, self._given) or kept or _listed(said, weights)
        self._given.add(frozenset(name.terms))
        return name

    def _weights(self, said: Sequence[Said], own: set[str]) -> dict[str, float]:
        """Return how far each word stands out that enough of them say. own: parts of their names."""
        who = defaultdict[str, set[int]](set)
        for person, some in said:
            for word in chain.from_iterable(some):
                if word.term and own.isdisjoint(folded(word.written).replace("-", " ").split()):
                    who[word.term].add(person)
        speakers = len({person for person, _ in said})
        return {
            term: len(people) / speakers * log(1 + self._people / self._everywhere[term])
            for term, people in who.items()
            if len(people) >= FEWEST_WHO_SAY_IT
        }


@dataclass(slots=True)
class _Uses:
    """How one phrase is used. before, after: how often between which telling words."""

    written: Counter[str] = field(default_factory=Counter)
    who: set[int] = field(default_factory=set)
    before: Counter[str] = field(default_factory=Counter)
    after: Counter[str] = field(default_factory=Counter)

    @property
    def whole(self) -> float:
        """How far the phrase is no part of a longer one that several say, from 0.0 to 1.0."""
        return ENDS * _alone(self.after) + (1 - ENDS) * _alone(self.before)


def _phrase(
    said: Sequence[Said], weights: Mapping[str, float], given: Collection[frozenset[str]]
) -> Name | None:
    """Return the phrase that is worth most, None where none is worth a name."""
    found = defaultdict[tuple[str, ...], _Uses](_Uses)
    for person, some in said:
        for phrase in chain.from_iterable(phrases(run, weights) for run in some):
            uses = found[phrase.terms]
            uses.written[phrase.written] += 1
            uses.who.add(person)
            uses.before[phrase.before] += 1
            uses.after[phrase.after] += 1
    speakers = len({person for person, _ in said})
    worth = dict[tuple[str, ...], float]()
    for terms, uses in found.items():
        far = _worth(terms, _usual(uses.written), weights)
        far *= uses.whole * (len(uses.who) / speakers) ** TOGETHER
        if far > (0.0 if len(uses.who) > 1 else ENOUGH_ALONE) and frozenset(terms) not in given:
            worth[terms] = far
    best = min(worth, key=lambda terms: (-worth[terms], terms), default=None)
    return Name(_titled(_usual(found[best].written)), best) if best else None


def _alone(beside: Counter[str]) -> float:
    """Return the share of uses beside a word that no other use stands beside, or beside none."""
    return 1 - sum(many for word, many in beside.items() if word and many > 1) / beside.total()


def _worth(terms: Sequence[str], written: str, weights: Mapping[str, float]) -> float:
    """Return how far the phrase stands out for its length, in shares of the weightiest word."""
    stands_out = sum(weights[term] for term in terms) / max(weights.values())
    small = len(written.split()) - len(terms)
    return stands_out - A_WORD * len(terms) - A_SMALL_WORD * small


def _listed(said: Sequence[Said], weights: Mapping[str, float]) -> Name:
    """Return the first words that stand out."""
    written = defaultdict[str, Counter[str]](Counter)
    for term, words in chain.from_iterable(edges(run) for _, some in said for run in some):
        written[term][words] += 1
    ranked = [term for term in _standing(weights) if term in written][:MOST_WORDS]
    chosen = [term for term in ranked if weights[term] >= WORTH_NAMING * weights[ranked[0]]]
    return Name(_titled(BETWEEN.join(_usual(written[term]) for term in chosen)), tuple(chosen))


def _standing(weights: Mapping[str, float]) -> list[str]:
    return sorted(weights, key=lambda term: (-weights[term], term))[:STANDING]


def _parts(name: Name) -> set[str]:
    return {part for term in name.terms for part in term.split()}


def _usual(surfaces: Counter[str]) -> str:
    return min(surfaces, key=lambda surface: (-surfaces[surface], len(surface), surface))


def _titled(words: str) -> str:
    """Return the words with a capital at their beginning, save where the first has its own, as "iPhone"."""
    first = words.split(" ", 1)[0]
    return words[:1].upper() + words[1:] if first.islower() else words
