"""The numbers against plain textbook versions of themselves."""

from __future__ import annotations

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.bm25 import K1, B, Terms, Words
from bot.matching.metrics import auc, average_precision, weighted_auc, weighted_average_precision
from bot.matching.tfidf import Grams, gram_bags

DOCUMENTS = st.lists(st.lists(st.sampled_from("abcdef"), max_size=8), min_size=1, max_size=8)
JUDGED = st.lists(st.tuples(st.booleans(), st.integers(0, 4)), min_size=1, max_size=30)


def bm25(documents: list[list[str]], query: list[str], document: list[str]) -> float:
    average = sum(map(len, documents)) / len(documents) or 1.0
    score = 0.0
    for word in query:
        holding = sum(word in one for one in documents)
        idf = math.log(1 + (len(documents) - holding + 0.5) / (holding + 0.5))
        often = document.count(word)
        score += idf * often * (K1 + 1) / (often + K1 * (1 - B + B * len(document) / average))
    return score


def terms(words: list[str]) -> Terms:
    counts = Counter(words)
    return Terms(list(counts), bytes(counts.values()), len(words))


@given(DOCUMENTS, st.sets(st.sampled_from("abcdefg"), min_size=1), st.booleans(), st.data())
def test_bm25_ranks_as_the_formula_after_any_removals(
    documents: list[list[str]], query: set[str], is_listed: bool, data: st.DataObject
) -> None:
    words, rows = Words(), np.arange(len(documents))
    words.put(rows, [terms(document) for document in documents])
    gone = data.draw(st.sets(st.sampled_from(rows.tolist()), max_size=len(documents) - 1))
    if is_listed:
        words.make_list()
    words.drop(np.array(sorted(gone), dtype=np.int64))
    left = [document for row, document in enumerate(documents) if row not in gone]
    asked = words.bags([terms(sorted(query))])

    (scores,), (common,) = words.scores(asked)

    kept = [row for row in rows.tolist() if row not in gone]
    expected = [bm25(left, sorted(query), documents[row]) for row in kept]
    assert not len(common)
    assert scores[kept] == pytest.approx(expected, abs=1e-5)
    assert words.gains(asked.features, np.array(kept)) == pytest.approx(expected, abs=1e-5)
    assert all(0.0 <= score <= 1.0 for score in scores[kept] / words.best(asked))


@given(st.lists(st.lists(st.sampled_from(["sync", "job", "pdf", "vpn"]), max_size=6), min_size=1, max_size=6))
def test_word_cosines_are_those_of_tf_idf(documents: list[list[str]]) -> None:
    words, rows = Words(), np.arange(len(documents))
    words.put(rows, [terms(document) for document in documents])
    query = documents[0]

    cosines = words.hits([words.bags([terms(query)])], [rows]).cosines

    def vector(text: list[str]) -> dict[str, float]:
        holding = Counter(word for one in documents for word in set(one))
        raw = {
            word: (1 + math.log(count)) * (math.log((1 + len(documents)) / (1 + holding[word])) + 1)
            for word, count in Counter(text).items()
        }
        length = math.sqrt(sum(weight**2 for weight in raw.values())) or 1.0
        return {word: weight / length for word, weight in raw.items()}

    wanted = vector(query)
    expected = [
        sum(wanted.get(word, 0.0) * weight for word, weight in vector(one).items()) for one in documents
    ]
    assert cosines == pytest.approx(expected, abs=1e-5)


def test_character_grams_hold_under_a_typo() -> None:
    grams = Grams()
    grams.put(np.arange(3), ["notification settings", "invoice export", ""])

    cosines = grams.cosines(list(gram_bags(["notifcation setings"])), [np.arange(4)])

    assert cosines[0] > 0.4
    assert cosines[1] < 0.05
    assert cosines[2] == cosines[3] == 0.0


@given(JUDGED)
def test_auc_is_the_share_of_pairs_in_the_right_order(judged: list[tuple[bool, int]]) -> None:
    right = [score for fits, score in judged if fits]
    wrong = [score for fits, score in judged if not fits]
    wins = [(r > w) + (r == w) / 2 for r in right for w in wrong]

    figure = auc([fits for fits, _ in judged], [score for _, score in judged])

    assert figure == (pytest.approx(sum(wins) / len(wins)) if wins else None)


@given(JUDGED)
def test_average_precision_sums_precision_over_gained_recall(judged: list[tuple[bool, int]]) -> None:
    total = sum(fits for fits, _ in judged)
    expected = 0.0
    for level in {score for _, score in judged}:
        gained = sum(fits for fits, score in judged if score == level)
        taken = [fits for fits, score in judged if score >= level]
        expected += gained * sum(taken) / len(taken)

    figure = average_precision([fits for fits, _ in judged], [score for _, score in judged])

    assert figure == (pytest.approx(expected / total) if total else None)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 4), st.integers(0, 3)), min_size=1, max_size=20))
def test_a_weight_counts_as_so_many_of_the_same(judged: list[tuple[bool, int, int]]) -> None:
    right, scores, weights = (list(column) for column in zip(*judged, strict=True))
    repeated = [(fits, score) for fits, score, weight in judged for _ in range(weight)]
    told = [fits for fits, _ in repeated], [score for _, score in repeated]

    found = weighted_auc(right, scores, [weights, [1] * len(judged)])
    precision = weighted_average_precision(right, scores, [weights, [1] * len(judged)])

    for figures, slow in ((found, auc), (precision, average_precision)):
        expected = [slow(*told), slow(right, scores)]
        assert [None if np.isnan(one) else one for one in figures] == [
            None if one is None else pytest.approx(one) for one in expected
        ]
