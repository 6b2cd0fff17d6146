"""Vectors of texts, made once: a cache may keep them over a restart."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from bot.ports import Embedder, Vectors


log = logging.getLogger(__name__)

STORED_AT_ONCE = 500  # rows: a kill loses no more than these, seconds of work


class VectorCache(Protocol):
    """Keeps vectors as float32 bytes, little-endian, by key. Losing some only costs time."""

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return those of the keys that are kept."""
        ...

    def put_many(self, vectors: Mapping[str, bytes]) -> None:
        """Keep the vectors."""
        ...


def unit(rows: npt.NDArray[np.floating]) -> Vectors:
    """Return the rows at length one; rows of zeros stay."""
    made = np.zeros(rows.shape, dtype=np.float32)
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    np.divide(rows, lengths, out=made, where=lengths > 0)
    return made


def vector_key(embedder_name: str, text: str) -> str:
    """Return the cache key of a text's vector: another embedder or another text, another key."""
    return f"{embedder_name}:{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()}"


def vectors_of(texts: Sequence[str], embedder: Embedder, cache: VectorCache | None = None) -> Vectors:
    """Return one row a text, from the cache where it has a sound one, else embedded and put there.

    That happens every STORED_AT_ONCE rows: whoever is interrupted goes on from there.
    """
    if cache is None or not texts:
        return embedder.embed(texts)
    keys = [vector_key(embedder.name, text) for text in texts]
    size = 4 * embedder.dimensions
    kept = {key: row for key, row in cache.get_many(keys).items() if len(row) == size}
    missing = list({key: text for key, text in zip(keys, texts, strict=True) if key not in kept}.items())
    for start in range(0, len(missing), STORED_AT_ONCE):
        some = missing[start : start + STORED_AT_ONCE]
        rows = embedder.embed([text for _, text in some])
        made = {key: row.astype("<f4").tobytes() for (key, _), row in zip(some, rows, strict=True)}
        cache.put_many(made)
        kept |= made
        if len(missing) > STORED_AT_ONCE:
            log.info("vectors made", extra={"made": start + len(some), "of": len(missing)})
    return (
        np.frombuffer(b"".join(kept[key] for key in keys), dtype="<f4")
        .reshape(len(texts), -1)
        .astype(np.float32)
    )
