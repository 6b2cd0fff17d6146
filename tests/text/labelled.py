"""Labelled conversations, and how far the cuts agree with them.

A file holds conversations, each below a line `=== name`; a turn begins with "C: " (customer) or "A: "
(agent); ¶ stands where a separate ask begins.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.text.asks import Said, asks_of
from bot.text.sentences import word_count

FOLDER = Path(__file__).parent / "asks"
MARK = "¶"
# "On a different note," may stand before the mark or behind it.
MOST_WORDS_BETWEEN = 7

Place = tuple[int, int]


@dataclass(frozen=True)
class Labelled:
    """A conversation, and where its asks begin: (turn, character), in order."""

    name: str
    turns: tuple[Said, ...]
    asks: tuple[Place, ...]


@dataclass(frozen=True)
class Agreement:
    """Of the asks after each conversation's first. right: found as labelled; whole: all of one right."""

    right: int
    found: int
    labelled: int
    whole: int
    conversations: int

    @property
    def precision(self) -> float:
        return self.right / self.found

    @property
    def recall(self) -> float:
        return self.right / self.labelled


def read(name: str) -> list[Labelled]:
    """Return the conversations of one of the files."""
    text = (FOLDER / f"{name}.txt").read_text(encoding="utf-8")
    return [_read_one(part) for part in re.split(r"^=== ", text, flags=re.MULTILINE)[1:]]


def agreement(conversations: Sequence[Labelled]) -> Agreement:
    """Return how far the pieces begin where the labels say."""
    right = found = labelled = whole = 0
    for one in conversations:
        begins = begins_of(one)[1:]
        hits = sum(any(_is_same(one, a, b) for b in begins) for a in one.asks[1:])
        right, found, labelled = right + hits, found + len(begins), labelled + len(one.asks) - 1
        whole += hits == len(begins) == len(one.asks) - 1
    return Agreement(right, found, labelled, whole, len(conversations))


def begins_of(one: Labelled) -> list[Place]:
    """Return where its pieces begin."""
    at = {turn.turn_id: number for number, turn in enumerate(one.turns)}
    return [(at[piece.turn_external_id], piece.spans[0].start) for piece in asks_of(one.turns).pieces]


def _is_same(one: Labelled, a: Place, b: Place) -> bool:
    between = one.turns[a[0]].text[min(a[1], b[1]) : max(a[1], b[1])]
    return a[0] == b[0] and word_count(between) <= MOST_WORDS_BETWEEN


def _read_one(part: str) -> Labelled:
    name, _, rest = part.partition("\n")
    marked = re.split(r"^([CA]): ", rest, flags=re.MULTILINE)[1:]
    turns, asks = list[Said](), list[Place]()
    for number, (who, said) in enumerate(zip(marked[::2], marked[1::2], strict=True)):
        pieces = said.strip().split(MARK)
        turns.append(Said(str(number), "".join(pieces), who == "C"))
        asks += _places(number, pieces)
    return Labelled(name, tuple(turns), tuple(asks))


def _places(turn: int, pieces: Sequence[str]) -> Iterator[Place]:
    at = 0
    for piece in pieces[:-1]:
        at += len(piece)
        yield turn, at
