"""What an index needs to know of texts, made once: a cache may keep it over a restart."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol, TypeVar

import numpy as np

from bot.matching.packed import packed, unpacked
from bot.matching.prepared import Prepared, prepare_pieces, prepare_tickets

if TYPE_CHECKING:
    from bot.ports import Embedder, Vectors

log = logging.getLogger(__name__)

_Text = TypeVar("_Text")

PREPARATION = 1  # to be counted up with every change of what is made of a text
MADE_AT_ONCE = 256  # a kill loses no more than these, seconds of work


class VectorCache(Protocol):
    """Keeps prepared texts by key. Losing some only costs time."""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return those of the keys that are kept."""
        ...

    def put_many(self, vectors: Mapping[str, bytes]) -> None:
        """Keep the texts."""
        ...


def vector_key(embedder_name: str, text: str) -> str:
    """Return the cache key of a text's vector: another embedder or another text, another key."""
    return f"{embedder_name}:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def vectors_of(texts: Sequence[str], embedder: Embedder, cache: VectorCache | None = None) -> Vectors:
    """Return one row a text, from the cache where it has a sound one, else embedded and put there.

    That happens every MADE_AT_ONCE rows: whoever is interrupted goes on from there.
    """
    if cache is None or not texts:
        return embedder.embed(texts)
    keys = [vector_key(embedder.name, text) for text in texts]
    size = 4 * embedder.dimensions
    kept = {key: row for key, row in cache.get_many(keys).items() if len(row) == size}
    missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in kept}.items())
    for start in range(0, len(missing), MADE_AT_ONCE):
        some = missing[start : start + MADE_AT_ONCE]
        rows = embedder.embed([text for _, text in some])
        made = {key: row.astype("<f4").tobytes() for (key, _), row in zip(some, rows, strict=True)}
        cache.put_many(made)
        kept |= made
        if len(missing) > MADE_AT_ONCE:
            log.info("vectors made", extra={"made": start + len(some), "of": len(missing)})
    return (
        np.frombuffer(b"".join(kept[key] for key in keys), dtype="<f4")
        .reshape(len(texts), -1)
        .astype(np.float32)
    )


def ticket_key(embedder: str, title: str, body: str) -> str:
    """Return the cache key of a ticket's texts: another embedder or another text, another key."""
    return _key(embedder, "ticket", title, body)


def piece_key(embedder: str, text: str) -> str:
    """Return the cache key of an attached piece's text."""
    return _key(embedder, "piece", text)


class Preparer:
    """Prepares texts, or takes them from the cache where it has sound ones. Safe for several threads."""

    def __init__(self, embedder: Embedder, cache: VectorCache | None = None) -> None:
        self._embedder, self._cache = embedder, cache

    def tickets(self, tickets: Sequence[tuple[str, str]]) -> list[Prepared]:
        """Return the tickets, each a title and a body, ready to be put."""
        keys = [ticket_key(self._embedder.name, *ticket) for ticket in tickets]
        return self._made(dict(zip(keys, tickets, strict=True)), keys, prepare_tickets)

    def pieces(self, pieces: Sequence[str]) -> list[Prepared]:
        """Return the pieces' texts, ready to be attached."""
        keys = [piece_key(self._embedder.name, piece) for piece in pieces]
        return self._made(dict(zip(keys, pieces, strict=True)), keys, prepare_pieces)

    def _made(
        self,
        texts: Mapping[str, _Text],
        keys: Sequence[str],
        prepare: Callable[[Sequence[_Text], Embedder], list[Prepared]],
    ) -> list[Prepared]:
        kept = self._kept(list(texts))
        missing = [key for key in texts if key not in kept]
        for start in range(0, len(missing), MADE_AT_ONCE):
            some = missing[start : start + MADE_AT_ONCE]
            made = dict(zip(some, prepare([texts[key] for key in some], self._embedder), strict=True))
            if self._cache is not None:
                self._cache.put_many({key: packed(one) for key, one in made.items()})
            kept |= made
        return [kept[key] for key in keys]

    def _kept(self, keys: Sequence[str]) -> dict[str, Prepared]:
        if self._cache is None or not keys:
            return {}
        found = self._cache.get_many(keys)
        read = {key: unpacked(data, self._embedder.dimensions) for key, data in found.items()}
        return {key: one for key, one in read.items() if one is not None}


def _key(embedder: str, *parts: str) -> str:
    told = "\0".join([str(PREPARATION), *parts]).encode("utf-8", "surrogatepass")
    return f"{embedder}:{hashlib.sha256(told).hexdigest()}"
