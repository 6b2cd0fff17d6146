"""The index at any size: its laws hold where rows are scanned in fewer dimensions too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.index import Member, TicketIndex
from bot.matching.late import TitleTokens, kept
from bot.matching.packed import packed, unpacked
from bot.matching.prepared import prepare_tickets
from bot.matching.search import Piece, search
from bot.matching.signals import SIGNALS
from bot.matching.texts import Texts
from bot.ports import Embedder, Reading, Tokens
from tests.matching.builders import ticket

Floats = npt.NDArray[np.float32]

WORDS = "upload stops locked screen dark mode export invoice pdf vpn login calendar day names accents".split()
TEXTS = st.lists(st.sampled_from(WORDS), max_size=6).map(" ".join)
STEPS = st.lists(
    st.tuples(st.sampled_from(["put", "remove"]), st.integers(1, 6), TEXTS, TEXTS)
    | st.tuples(st.sampled_from(["attach", "detach"]), st.integers(1, 6), TEXTS, st.sampled_from("abc")),
    max_size=20,
)
ASKED = [Piece(1, "the upload stops behind my vpn"), Piece(2, "export a pdf, export it daily"), Piece(3, "?")]


def index_of(embedder: Embedder, most_whole: int) -> TicketIndex:
    """Return an empty index that takes shortcuts from so many rows or tickets on."""
    index = TicketIndex(embedder)
    tokens = embedder.read([]).tokens
    assert tokens is not None
    index.texts = Texts(embedder.dimensions, most_whole)
    index.tokens = TitleTokens(kept(tokens.vectors).shape[1], most_whole)
    return index


def signals_of(index: TicketIndex, pieces: Sequence[Piece] = ASKED) -> list[dict[int, list[float]]]:
    """Return each piece's signals, by ticket."""
    return [
        dict(zip(found.ticket_ids.tolist(), found.signals.tolist(), strict=True))
        for _, found in search(index, pieces)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("most_whole", [3, 10_000])
@settings(max_examples=15)
@given(steps=STEPS, is_searched=st.booleans())
def test_any_changes_end_in_the_signals_of_an_index_made_at_once(
    embedder: Embedder, most_whole: int, steps: list[tuple[str, int, str, str]], is_searched: bool
) -> None:
    changed, fresh = index_of(embedder, most_whole), index_of(embedder, most_whole)
    known: dict[int, tuple[str, str]] = {}
    members: dict[tuple[int, int], str] = {}
    for what, number, text, extra in steps:
        if what == "put":
            known[number] = (text, extra)
            changed.put([ticket(number, text, extra)])
        elif what == "remove":
            known.pop(number, None)
            members = {pair: said for pair, said in members.items() if pair[1] != number}
            changed.remove([number])
        elif what == "attach":
            changed.attach([Member(ord(extra), number, text)])
            if number in known:
                members[ord(extra), number] = text
        else:
            members.pop((ord(extra), number), None)
            changed.detach([(ord(extra), number)])
        if is_searched:
            signals_of(changed)
    fresh.put(ticket(number, *texts) for number, texts in known.items())
    fresh.attach(Member(*pair, said) for pair, said in members.items())

    for one, other in zip(signals_of(changed), signals_of(fresh), strict=True):
        assert one.keys() == other.keys() == known.keys()
        for number, signals in one.items():
            assert signals == pytest.approx(other[number], abs=1e-6)
    assert sorted(changed.member_vectors()[0].tolist()) == sorted(number for _, number in members)


def test_members_state_changes_with_what_is_attached_alone(embedder: Embedder) -> None:
    index = TicketIndex(embedder)
    index.put([ticket(1, "Export"), ticket(2, "Import")])
    before = index.members_state

    index.attach([Member(9, 2, "import fails"), Member(9, 7, "no such ticket")])
    attached = index.members_state
    index.put([ticket(1, "Export to PDF")])
    index.detach([(9, 1)])
    ids, vectors = index.member_vectors([1, 2, 5])

    assert before == 0
    assert index.members_state == attached == 1
    assert ids.tolist() == [2]
    assert vectors[0] @ embedder.embed(["import fails"])[0] > 0.999
    index.remove([2])
    assert index.members_state == 2


@pytest.fixture(scope="module")
def many() -> list[str]:
    """Return as many different titles as make an index take its shortcuts."""
    random = np.random.default_rng(3)
    return [" ".join(random.choice(WORDS, 6)) + f" {number}" for number in range(12_000)]


@pytest.fixture(scope="module")
def large(embedder: Embedder, many: Sequence[str]) -> TicketIndex:
    """Return an index of 12,000 tickets with bodies."""
    index = TicketIndex(embedder)
    index.put(ticket(number, title, f"{title[::-1]} {many[-number]}") for number, title in enumerate(many, 1))
    return index


@pytest.mark.slow
def test_a_large_index_takes_at_most_four_kilobytes_a_ticket(large: TicketIndex) -> None:
    assert len(large) == 12_000
    assert large.nbytes / len(large) < 4_000


def test_a_reduced_scan_finds_nearly_all_of_the_nearest(large: TicketIndex) -> None:
    random = np.random.default_rng(5)
    texts = [" ".join(random.choice(WORDS, 4)) for _ in range(40)]
    vectors = large.embedder.embed(texts)
    exact = vectors @ large.texts.rows.vectors(np.arange(len(large.texts))).T

    found = [set(one.ticket_ids.tolist()) for _, one in search(large, [Piece(1, text) for text in texts])]

    ids = large.slots.ids[large.texts.owners]
    shares = []
    for row, candidates in zip(exact, found, strict=True):
        nearest = list(dict.fromkeys(ids[np.argsort(-row, kind="stable")].tolist()))[:20]
        shares.append(len(candidates.intersection(nearest)) / 20)
    assert np.mean(shares) > 0.9


@pytest.mark.parametrize("size", ["large", "small"])
def test_a_piece_is_measured_the_same_in_any_batch(
    size: str, large: TicketIndex, embedder: Embedder, many: Sequence[str]
) -> None:
    index = large
    if size == "small":
        index = TicketIndex(embedder)
        index.put(ticket(number, title) for number, title in enumerate(many[:300], 1))
    pieces = [Piece(number, f"{title} fails again") for number, title in enumerate(many[5::171])]

    together = signals_of(index, pieces)
    alone = [signals_of(index, [piece])[0] for piece in pieces]

    for one, other in zip(together, alone, strict=True):
        shared = one.keys() & other.keys()
        assert len(shared) >= len(one.keys() | other.keys()) - 2  # where the last of fifty tie
        for number in shared:
            assert one[number] == pytest.approx(other[number], abs=1e-6)


def test_words_that_most_tickets_hold_find_no_candidates_but_count(large: TicketIndex) -> None:
    words = large.texts.words
    ((question, found),) = search(large, [Piece(1, " ".join(WORDS))])
    asked = words.bags([question.terms])

    (scores,), (common,) = words.scores(asked)

    rows = np.arange(500)
    read = np.setdiff1d(asked.features, common)
    assert 0 < len(read) < len(asked.features)
    assert scores[rows] == pytest.approx(words.gains(read, rows), abs=1e-4)
    for ticket_id, signals in zip(found.ticket_ids.tolist(), found.signals, strict=True):
        own, _ = large.slots.rows(large.slots.at([ticket_id]))
        shares = np.unique(words.gains(asked.features, own) / words.best(asked))
        assert signals[SIGNALS.index("bm25")] == pytest.approx(shares.max() / 2 + shares.mean() / 2, abs=1e-5)


@given(st.lists(st.tuples(TEXTS | st.text(max_size=30), TEXTS), min_size=1, max_size=4))
def test_what_is_packed_comes_back(embedder: Embedder, texts: list[tuple[str, str]]) -> None:
    for one in prepare_tickets(texts, embedder):
        data = packed(one)

        back = unpacked(data, embedder.dimensions)

        assert back is not None
        assert packed(back) == data
        assert back.texts[0].folded == one.texts[0].folded
        assert [text.terms.stems for text in back.texts] == [text.terms.stems for text in one.texts]
        assert unpacked(data[:-1], embedder.dimensions) is None
        assert unpacked(data + b"x", embedder.dimensions) is None


class Untokened:
    """An embedder that knows whole texts only."""

    name, languages = "untokened", frozenset({"en"})

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.dimensions = embedder.dimensions

    def embed(self, texts: Sequence[str]) -> Floats:
        return self._embedder.embed(texts)

    def read(self, texts: Sequence[str]) -> Reading:
        return Reading(self.embed(texts))


def test_without_tokens_both_covers_are_the_title_s_cosine(embedder: Embedder) -> None:
    index = TicketIndex(Untokened(embedder))
    index.put([ticket(1, "Export invoices as PDF", "monthly"), ticket(2, "Dark mode")])

    ((_, found),) = search(index, [Piece(1, "export a pdf")])

    assert found.signals[:, 2].tolist() == found.signals[:, 3].tolist() == found.signals[:, 1].tolist()


def test_reading_gives_each_texts_tokens_and_the_row_that_embedding_gives(embedder: Embedder) -> None:
    texts = ["Export invoices", "", "a " * 500]

    reading = embedder.read(texts)

    assert isinstance(reading.tokens, Tokens)
    assert np.array_equal(reading.vectors, embedder.embed(texts))
    assert reading.tokens.counts[1] == 0
    assert 0 < reading.tokens.counts[2] <= 128
    assert len(reading.tokens.ids) == len(reading.tokens.vectors) == reading.tokens.counts.sum()
    assert np.linalg.norm(reading.tokens.vectors, axis=1) == pytest.approx(1, abs=1e-4)
    assert 0 <= reading.tokens.weights.min() <= reading.tokens.weights.max() <= 1
