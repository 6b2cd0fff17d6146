"""What the product relies on in every embedder."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from typing import NoReturn

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.ports import Embedder
from tests.contracts.embedders import EMBEDDERS, EmbedderUnderTest

NOISE = 1e-6  # the last bits of a sum may depend on its order
STRANGE = [
    "",
    " \n\t",
    "\0",
    "\0\0 nothing",
    "\ud800",
    "a \udfff b",
    "😀",
    "👩‍👩‍👧‍👦🇨🇭",
    "漢字のテキスト",
    "[SEP]",
    "e\u0301",
    "\u202eabc",
]
LONG = ("login fails again " * 3_000)[:40_000]


@pytest.fixture(scope="module", params=EMBEDDERS, ids=lambda case: str(case.name))
def case(request: pytest.FixtureRequest) -> EmbedderUnderTest:
    """Return one of the embedders' cases."""
    chosen: EmbedderUnderTest = request.param
    chosen.skip_without_library()
    return chosen


@pytest.fixture(scope="module")
def embedder(case: EmbedderUnderTest) -> Iterator[Embedder]:
    """Return the embedder, made once for all tests."""
    made, end = case.make()
    yield made
    end()


@settings(max_examples=25)
@given(st.lists(st.text(max_size=60) | st.sampled_from(STRANGE), max_size=6), st.randoms())
def test_a_text_has_one_unit_or_zero_row_whatever_its_batch_and_order(
    embedder: Embedder, texts: list[str], random: object
) -> None:
    shuffled = sorted(texts, key=lambda _: random.random())  # type: ignore[attr-defined]

    rows = embedder.embed(texts)

    assert rows.shape == (len(texts), embedder.dimensions)
    assert rows.dtype == np.float32
    lengths = np.linalg.norm(rows, axis=1)
    assert np.all((lengths == 0) | (abs(lengths - 1) < 1e-5))
    of_text = dict(zip(texts, rows, strict=True))
    for text, row in zip(shuffled, embedder.embed(shuffled), strict=True):
        assert np.allclose(row, of_text[text], rtol=0, atol=NOISE)
        assert np.allclose(row, embedder.embed([text])[0], rtol=0, atol=NOISE)


def test_no_texts_have_no_rows(embedder: Embedder) -> None:
    rows = embedder.embed([])

    assert rows.shape == (0, embedder.dimensions)
    assert rows.dtype == np.float32


@pytest.mark.parametrize("text", ["", " \n\t"], ids=ascii)
def test_a_text_without_words_has_a_zero_row_and_leaves_its_neighbours_alone(
    embedder: Embedder, text: str
) -> None:
    rows = embedder.embed(["the app crashes", text, "the app crashes"])

    assert not rows[1].any()
    assert np.array_equal(rows[0], rows[2])
    assert np.linalg.norm(rows[0]) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("text", STRANGE, ids=ascii)
def test_any_characters_are_taken(embedder: Embedder, text: str) -> None:
    assert np.isfinite(embedder.embed([text])).all()


def test_a_long_text_changes_nothing_for_a_short_one_beside_it(embedder: Embedder) -> None:
    rows = embedder.embed(["export fails", LONG, "export fails", LONG])

    assert np.allclose(rows[0], embedder.embed(["export fails"])[0], rtol=0, atol=NOISE)
    assert np.allclose(rows[1], rows[3], rtol=0, atol=NOISE)
    assert np.linalg.norm(rows[1]) == pytest.approx(1, abs=1e-5)


def test_a_thousand_texts_keep_their_order(embedder: Embedder) -> None:
    texts = [f"ticket {number} is about {'export ' * (number % 7)}" for number in range(1_000)]

    rows = embedder.embed(texts)

    for at in (0, 1, 499, 998, 999):
        assert np.allclose(rows[at], embedder.embed([texts[at]])[0], rtol=0, atol=NOISE)


def test_alike_texts_are_nearer_than_others(embedder: Embedder) -> None:
    login, sign_in, invoice = embedder.embed(
        [
            "I cannot log in to my account",
            "signing in to the account fails",
            "the invoice shows a wrong amount",
        ]
    )

    assert login @ sign_in > login @ invoice


def test_it_says_what_it_is(embedder: Embedder) -> None:
    assert embedder.name.strip()
    assert embedder.name == embedder.name.strip()
    assert all(language.isalpha() and language.islower() for language in embedder.languages)


def test_a_local_one_reaches_for_no_network(
    case: EmbedderUnderTest, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not case.is_local:
        pytest.skip("the operator chose an endpoint")

    def refuse(*_: object) -> NoReturn:
        raise AssertionError("the network was reached for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)

    again, end = case.make()

    assert np.array_equal(again.embed(["export fails"]), embedder.embed(["export fails"]))
    end()
