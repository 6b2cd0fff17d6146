"""An index that was changed step by step answers as one that was built at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching.index import Member, TicketIndex
from bot.matching.search import Piece
from bot.matching.vectors import vectors_of
from bot.ports import Embedder
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
    batch = [Piece(1, "the upload fails behind my vpn"), Piece(2, "APP-3"), Piece(3, "export a pdf")]

    assert changed.match(batch) == rebuilt.match(batch)


def test_many_changes_leave_no_growing_rest(embedder: Embedder) -> None:
    index = TicketIndex(embedder)
    index.put(tickets())
    for round_ in range(1_500):
        index.attach([Member(1, 1, f"said for the {round_}th time")])

    assert len(index.view.documents) == 7
    assert len(index.view.postings.words) == 7


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
    assert np.array_equal(first.view.vectors, second.view.vectors)


class NamedOtherwise:
    """The same vectors under another name."""

    name, languages = "other", frozenset({"en"})

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.dimensions = embedder.dimensions

    def embed(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        return self._embedder.embed(texts)


def test_a_cached_vector_of_another_embedder_or_size_is_not_used(embedder: Embedder) -> None:
    cache = KeptVectors()
    expected = embedder.embed(["dark mode"])
    vectors_of(["dark mode"], embedder, cache)
    cache.kept = dict.fromkeys(cache.kept, b"torn")

    mended = vectors_of(["dark mode", "dark mode"], embedder, cache)
    other = vectors_of(["dark mode"], NamedOtherwise(embedder), cache)

    assert np.array_equal(mended, np.vstack([expected, expected]))
    assert np.array_equal(other, expected)
    assert len(cache.kept) == 2
