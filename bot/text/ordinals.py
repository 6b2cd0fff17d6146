"""Which of a conversation's asks is which after it grew or was edited: an ordinal stays with its ask."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_ALIKE = 0.5  # share of words, by Dice, from which an edited ask is taken for the one that stood there


@dataclass(frozen=True, slots=True)
class Ask:
    """What is quoted from which turn."""

    turn_id: str
    words: str


@dataclass(frozen=True, slots=True)
class KnownAsk:
    """An ask as stored. is_gone: it had vanished already."""

    ordinal: int
    ask: Ask
    is_gone: bool = False


def ordinals_of(asks: Sequence[Ask], known: Sequence[KnownAsk], turns: Mapping[str, str]) -> list[int]:
    """Return an ordinal for each of a conversation's asks, the first in front; new ones get the next unused.

    turns: the customer's present texts by turn. The same words keep their ordinal wherever they stand, like
    words in the same turn do, the most alike first. The first ask keeps its own where another turn says it
    better now, and a conversation's only ask where its turn was rewritten.
    """
    alike = sorted(
        (-likeness, old.is_gone, old.ordinal, at)
        for old in known
        for at, ask in enumerate(asks)
        if (likeness := _likeness(old.ask, ask)) >= _ALIKE
    )
    given: dict[int, int] = {}
    for _, _, ordinal, at in alike:
        if at not in given and ordinal not in given.values():
            given[at] = ordinal
    if asks and 0 not in given:
        given |= dict(zip([0], _same_first(asks, known, given, turns), strict=False))
    last = max((old.ordinal for old in known), default=0)
    for at in range(len(asks)):
        if at not in given:
            last += 1
            given[at] = last
    return [given[at] for at in range(len(asks))]


def _same_first(
    asks: Sequence[Ask], known: Sequence[KnownAsk], given: Mapping[int, int], turns: Mapping[str, str]
) -> list[int]:
    """Return the ordinals that the first ask may have had, oldest first.

    That is: asks whose words still stand in their turn though no piece quotes them any more, and an only ask.
    """
    live = [old for old in known if not old.is_gone]
    is_only = len(asks) == len(live) == 1 and live[0].ask.turn_id == asks[0].turn_id
    left = [old for old in live if old.ordinal not in given.values()]
    return sorted(old.ordinal for old in left if is_only or _stands(old.ask, turns))


def _stands(ask: Ask, turns: Mapping[str, str]) -> bool:
    return bool(ask.words) and ask.words in turns.get(ask.turn_id, "")


def _likeness(a: Ask, b: Ask) -> float:
    """Return 2 and more for the same words, up to 1 for alike words in the same turn, else 0."""
    is_there = a.turn_id == b.turn_id
    if a.words == b.words:
        return 2.0 + is_there
    if not is_there:
        return 0.0
    said, says = a.words.lower().split(), b.words.lower().split()
    if not said or not says:
        return 0.0
    shared = (Counter(said) & Counter(says)).total()
    dice = 2 * shared / (len(said) + len(says))
    return max(dice, _ALIKE) if shared == min(len(said), len(says)) else dice
