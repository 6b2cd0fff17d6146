"""Vectors of texts, made once: a cache may keep them over a restart."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    import numpy.typing as npt

    from bot.ports import Embedder, Vectors


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
    """Return one row a text, from the cache where it has a sound one, else embedded and put there."""
    if cache is None or not texts:
        return embedder.embed(texts)
    keys = [vector_key(embedder.name, text) for text in texts]
    size = 4 * embedder.dimensions
    kept = {key: row for key, row in cache.get_many(keys).items() if len(row) == size}
    missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in kept}
    if missing:
        rows = embedder.embed(list(missing.values()))
        made = {key: row.astype("<f4").tobytes() for key, row in zip(missing, rows, strict=True)}
        cache.put_many(made)
        kept |= made
    return (
        np.frombuffer(b"".join(kept[key] for key in keys), dtype="<f4")
        .reshape(len(texts), -1)
        .astype(np.float32)
    )
