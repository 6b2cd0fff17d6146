"""The plain scorers that Voc is measured against."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from bot.errors import SettingError
from bot.matching.evaluation.judged import ranked
from bot.matching.evaluation.memo import Memo, Memos
from bot.matching.evaluation.peers import Floats, Scorer, bm25, corpus_of, nearest, scorers, summed, tfidf
from bot.matching.index import Member
from bot.ports import Embedder
from tests.matching.builders import ticket
from tests.matching.evaluation.folders import WordEmbedder

TICKETS = [
    ticket(1, "Photo upload stops", "The screen is locked and then it stops."),
    ticket(2, "Dark mode for the settings page"),
]


def fixed(*rows: list[float]) -> Scorer:
    def score(_texts: Sequence[str], _queries: Sequence[str]) -> Iterator[Floats]:
        return (np.array(row, dtype=np.float32) for row in rows)

    return score


def alone(scorer: Scorer | str) -> Scorer:
    assert not isinstance(scorer, str)
    return scorer


def test_a_ticket_is_its_title_its_body_and_what_is_attached() -> None:
    corpus = corpus_of(TICKETS, [Member(9, 1, "pictures")], bodies=True)

    assert corpus.texts == [
        "Photo upload stops",
        "Photo upload stops. The screen is locked and then it stops.",
        "pictures",
        "Dark mode for the settings page",
    ]
    assert corpus.starts.tolist() == [0, 3]
    assert corpus_of(TICKETS, bodies=False).texts == ["Photo upload stops", "Dark mode for the settings page"]


def test_a_ticket_scores_as_its_best_text_does() -> None:
    corpus = corpus_of(TICKETS, [Member(9, 1, "pictures")], bodies=True)

    (ids, scores), *_ = corpus.scored(fixed([0.1, 0.2, 0.9, 0.5]), ["?"])

    assert ids.tolist() == [1, 2]
    assert scores.tolist() == pytest.approx([0.9, 0.5])


@pytest.mark.parametrize("name", ["bm25", "tfidf", "nearest"])
def test_each_peer_finds_the_ticket_with_the_same_words_and_says_nothing(
    name: str, capfd: pytest.CaptureFixture[str]
) -> None:
    scorer = {"bm25": bm25(), "tfidf": tfidf, "nearest": nearest(Memo(WordEmbedder()))}[name]
    corpus = corpus_of(TICKETS, [Member(9, 1, "my pictures are not sent")], bodies=True)
    queries = ["pictures not sent", "dark settings page", "zzz", ""]

    found = list(corpus.scored(alone(scorer), queries))

    assert [int(scores.argmax()) for _, scores in found[:2]] == [0, 1]
    assert found[3][1].tolist() == [0.0, 0.0]
    assert all(scores.shape == (2,) for _, scores in found)
    assert capfd.readouterr() == ("", "")


def test_a_peer_that_is_not_installed_says_how_to_install_it() -> None:
    assert bm25("no_such_library") == "not installed: pip install no_such_library"


def test_an_embedder_that_is_not_there_says_why() -> None:
    def load(name: str) -> Embedder:
        if name == "gone":
            raise SettingError(
                "VOC_X", "its weights are missing", feature="matching", remedy="Run: make setup"
            )
        return WordEmbedder()

    found = scorers(Memos(load), ["words", "gone"])

    assert list(found) == ["bm25", "tfidf", "words", "gone"]
    assert not isinstance(found["words"], str)
    assert str(found["gone"]).startswith("not available: ")
    assert "its weights are missing" in str(found["gone"])


def test_the_plain_sum_adds_scores_that_are_divided_by_the_highest_of_the_piece() -> None:
    scorer = alone(summed({"one": fixed([10, 5], [0, 0]), "two": fixed([0.1, 0.4], [0.2, 0.1])}))

    rows = list(scorer(["x", "y"], ["p", "q"]))

    assert rows[0].tolist() == pytest.approx([1.25, 1.5])
    assert rows[1].tolist() == pytest.approx([1.0, 0.5])


def test_the_plain_sum_names_what_it_lacks() -> None:
    assert summed({"one": fixed([1]), "two": "gone", "three": "too"}) == "not available without two, three"


def test_without_tickets_nothing_is_found() -> None:
    corpus = corpus_of([], bodies=True)

    found = ranked([{}, {}], corpus.scored(tfidf, ["p", "q"]))

    assert found.places.tolist() == [np.inf, np.inf]


def test_each_text_is_embedded_once_until_it_is_forgotten() -> None:
    embedder = WordEmbedder()
    memo = Memo(embedder)

    rows = memo.embed(["a", "b", "a"])
    memo.embed(["b", "a"])
    memo.forget(["a", "never seen"])
    again = memo.embed(["a", "b"])

    assert embedder.asked == ["a", "b", "a"]
    assert np.array_equal(rows, embedder.embed(["a", "b", "a"]))
    assert np.array_equal(again, rows[:2])
    assert memo.embed([]).shape == (0, 64)
    assert (memo.name, memo.dimensions, memo.languages) == ("words-64", 64, frozenset({"en"}))
