"""Ordinals: once given, never another ask's; an ask whose words stay keeps its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.quote import words_of
from bot.text.asks import Said, asks_of
from bot.text.ordinals import Ask, KnownAsk, ordinals_of

# Asks that share no words, so that none is taken for an edit of another.
WORDS = (
    "The invoice shows last year's address.",
    "Another question: how do guests open gates?",
    "Another problem: printing labels takes ages.",
    "Separately, dark colours would help readers.",
    "Another request: please send monthly statements.",
    "Firefox 140",
    "Thanks!",
)


@dataclass
class Stored:
    """What the store knows of one conversation's asks, kept as `pieces.put` keeps it."""

    asks: dict[int, Ask] = field(default_factory=dict)
    gone: set[int] = field(default_factory=set)

    def read(self, turns: Mapping[str, str]) -> dict[int, Ask]:
        """Take the conversation as it is now; return its live asks by ordinal."""
        found = asks_of([Said(turn_id, text) for turn_id, text in turns.items()]).pieces
        asks = [Ask(q.turn_external_id, words_of(q, turns[q.turn_external_id])) for q in found]
        known = [KnownAsk(ordinal, ask, ordinal in self.gone) for ordinal, ask in self.asks.items()]
        live = dict(zip(ordinals_of(asks, known, turns), asks, strict=True))
        assert len(live) == len(asks)
        self.asks |= live
        self.gone = self.asks.keys() - live.keys()
        return live


def _said(*words: str) -> list[Ask]:
    return [Ask("1", one) for one in words]


def _known(*words: str) -> list[KnownAsk]:
    return [KnownAsk(at, ask) for at, ask in enumerate(_said(*words), start=1)]


def test_an_ask_that_stays_keeps_its_ordinal_when_the_one_before_it_goes() -> None:
    assert ordinals_of(_said("b is slow", "c is new"), _known("a fails", "b is slow"), {}) == [2, 3]


def test_an_edited_ask_keeps_its_ordinal_and_one_that_was_split_keeps_it_on_one_half() -> None:
    known = _known("the export fails every day and the import is slow", "dark mode please")

    asks = _said("the export fails every day", "the import is slow", "dark mode for the web please")

    assert ordinals_of(asks, known, {}) == [1, 3, 2]


def test_an_ask_that_vanished_and_came_back_has_its_ordinal_again() -> None:
    known = [KnownAsk(1, Ask("1", "a fails")), KnownAsk(2, Ask("1", "b is slow"), is_gone=True)]

    assert ordinals_of(_said("a fails", "b is slow"), known, {}) == [1, 2]


def test_another_ask_never_takes_the_ordinal_of_one_that_vanished() -> None:
    known = [KnownAsk(1, Ask("1", "a fails")), KnownAsk(2, Ask("1", "b is slow"), is_gone=True)]

    assert ordinals_of(_said("a fails", "please add colours"), known, {}) == [1, 3]


def test_the_first_ask_keeps_its_ordinal_where_a_later_turn_says_it_better() -> None:
    turns = {"1": "export broken", "2": "the last row of every csv is missing"}
    known = [KnownAsk(1, Ask("1", "export broken"))]

    assert ordinals_of([Ask("2", turns["2"])], known, turns) == [1]


def test_a_conversations_only_ask_is_the_same_one_after_its_turn_was_rewritten() -> None:
    assert ordinals_of(_said("colours hurt my eyes"), _known("the import fails"), {}) == [1]


TURNS = st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=4, unique=True), max_size=4)


def _texts(turns: Sequence[Sequence[str]]) -> dict[str, str]:
    return {str(at): "\n\n".join(words) for at, words in enumerate(turns)}


@given(st.lists(TURNS, min_size=2, max_size=6))
def test_however_a_conversation_changes_an_ask_whose_words_stay_keeps_its_ordinal(
    lives: list[list[list[str]]],
) -> None:
    stored = Stored()
    before = dict[int, Ask]()

    for turns in lives:
        live = stored.read(_texts(turns))
        stays = set(before.values()) & set(live.values())

        assert {a: o for o, a in live.items() if a in stays} == {
            a: o for o, a in before.items() if a in stays
        }
        before = live


@given(st.lists(TURNS, min_size=2, max_size=6))
def test_however_a_conversation_changes_new_ordinals_follow_the_last_and_none_is_reused(
    lives: list[list[list[str]]],
) -> None:
    stored = Stored()

    for turns in lives:
        known = dict(stored.asks)
        live = stored.read(_texts(turns))

        fresh = sorted(live.keys() - known.keys())
        assert fresh == list(range(len(known) + 1, len(known) + 1 + len(fresh)))
        assert stored.asks.keys() >= known.keys()


@given(TURNS, st.lists(st.sampled_from(WORDS), min_size=1, max_size=3))
def test_growing_by_a_turn_takes_no_ordinal_away(turns: list[list[str]], more: list[str]) -> None:
    stored = Stored()
    before = stored.read(_texts(turns))

    after = stored.read(_texts([*turns, more]))

    assert before.keys() <= after.keys()
