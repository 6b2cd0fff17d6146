"""An index that was changed step by step answers as one that was built at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.match import Verdict
from bot.matching.index import Member, TicketIndex
from bot.matching.packed import packed
from bot.matching.search import Piece, search
from bot.matching.vectors import Preparer
from bot.ports import Embedder, Reading
from tests.matching.builders import matcher_of, ticket, tickets

PHRASES = st.sampled_from(
    (
        "upload fails",
        "dark mode",
        "pdf export of invoices",
        "vpn login",
        "calendar day",
        "names with accents",
        "",
    )
)
STEPS = st.lists(
    st.tuples(st.just("put"), st.integers(1, 5), PHRASES, PHRASES)
    | st.tuples(st.just("remove"), st.integers(1, 5), st.just(""), st.just(""))
    | st.tuples(st.just("attach"), st.integers(1, 5), PHRASES, st.sampled_from("abc"))
    | st.tuples(st.just("detach"), st.integers(1, 5), st.just(""), st.sampled_from("abc")),
    max_size=25,
)


@settings(max_examples=60)
@given(STEPS)
def test_any_order_of_changes_ends_as_a_rebuild_would(
    embedder: Embedder, steps: list[tuple[str, int, str, str]]
) -> None:
    changed = matcher_of(embedder, [])
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
        elif what == "attach" and number in known:
            members[ord(extra), number] = text
            changed.attach([Member(ord(extra), number, text)])
        elif what == "detach":
            members.pop((ord(extra), number), None)
            changed.detach([(ord(extra), number)])
    rebuilt = matcher_of(
        embedder,
        [ticket(number, *texts) for number, texts in known.items()],
        [Member(*pair, said) for pair, said in members.items()],
    )
    changed.learn()
    batch = [Piece(1, "the upload fails behind my vpn"), Piece(2, "APP-3"), Piece(3, "export a pdf")]

    for one, other in zip(changed.match(batch), rebuilt.match(batch), strict=True):
        assert _scores(one) == pytest.approx(_scores(other), abs=2e-6)


def _scores(verdict: Verdict) -> dict[int, float]:
    return {one.ticket_id: one.score for one in (verdict.best, *verdict.others) if one is not None}


def test_many_changes_leave_no_growing_rest(embedder: Embedder) -> None:
    index = TicketIndex(embedder)
    index.put(tickets())
    for round_ in range(1_500):
        index.attach([Member(1, 1, f"said for the {round_}th time")])
        if round_ % 100 == 0:
            list(search(index, [Piece(1, "said again")]))

    assert len(index.texts) < 1_000
    assert index.nbytes < 5_000_000


def test_a_ticket_that_takes_over_a_key_keeps_it(embedder: Embedder) -> None:
    index = TicketIndex(embedder)
    index.put([ticket(1, "Export"), ticket(2, "Import")])
    moved = ticket(1, "Export", project="WEB")

    index.put([ticket(3, "Other", project="APP")])
    index.put([moved])
    index.remove([2])

    assert index.ticket_with_key("app-1") is None
    assert index.ticket_with_key("web-1") == 1
    assert index.prefixes == {"APP", "WEB"}


class KeptVectors:
    """A cache in memory that counts what it was asked to keep."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}
        self.puts = 0

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        return {key: self.kept[key] for key in keys if key in self.kept}

    def put_many(self, vectors: Mapping[str, bytes]) -> None:
        self.puts += len(vectors)
        self.kept.update(vectors)


def test_vectors_are_made_once_and_survive_in_the_cache(embedder: Embedder) -> None:
    cache = KeptVectors()
    first, second = TicketIndex(embedder, cache), TicketIndex(embedder, cache)

    first.put(tickets())
    second.put(tickets())

    assert cache.puts == 6
    assert all(np.array_equal(*rows) for rows in zip(_rows(first), _rows(second), strict=True))


def _rows(index: TicketIndex) -> list[npt.NDArray[np.float32]]:
    (piece,) = search(index, [Piece(1, "dark mode for photos")])
    return [index.texts.rows.vectors(np.arange(6)), piece[1].signals]


class NamedOtherwise:
    """The same vectors under another name."""

    name, languages = "other", frozenset({"en"})

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.dimensions = embedder.dimensions

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self._embedder.embed(texts)

    def read(self, texts: Sequence[str]) -> Reading:
        return self._embedder.read(texts)


def test_what_another_embedder_cached_or_what_is_torn_is_not_used(embedder: Embedder) -> None:
    cache = KeptVectors()
    (expected,) = Preparer(embedder).tickets([("dark mode", "everywhere")])
    Preparer(embedder, cache).tickets([("dark mode", "everywhere")])
    cache.kept = dict.fromkeys(cache.kept, b"torn")

    mended, again = Preparer(embedder, cache).tickets([("dark mode", "everywhere")] * 2)
    Preparer(NamedOtherwise(embedder), cache).tickets([("dark mode", "everywhere")])

    assert packed(mended) == packed(again) == packed(expected)
    assert len(cache.kept) == 2
