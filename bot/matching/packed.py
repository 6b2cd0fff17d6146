"""Prepared texts as bytes, so that a start reads them instead of making them anew."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.bm25 import Terms
from bot.matching.prepared import Prepared
from bot.matching.texts import Text

if TYPE_CHECKING:
    from bot.matching.rows import Small

_HEAD = struct.Struct("<BHHI")  # texts, tokens, how wide these are, bytes of the first text's folded words
_TEXT = struct.Struct("<HII")  # of each text: stems, words, bytes of the stems


def packed(prepared: Prepared) -> bytes:
    """Return the texts as bytes. Only the first may have folded words."""
    folded = _encoded(prepared.texts[0].folded or "")
    stems = [_encoded(" ".join(text.terms.stems)) for text in prepared.texts]
    heads = [
        _TEXT.pack(len(text.terms.stems), text.terms.length, len(own))
        for text, own in zip(prepared.texts, stems, strict=True)
    ]
    return b"".join(
        (
            _HEAD.pack(len(prepared.texts), *prepared.tokens.shape, len(folded)),
            *heads,
            *(text.vector.tobytes() for text in prepared.texts),
            prepared.ids.astype("<i4").tobytes(),
            prepared.tokens.tobytes(),
            *(text.terms.counts for text in prepared.texts),
            folded,
            *stems,
        )
    )


def unpacked(data: bytes, dimensions: int) -> Prepared | None:
    """Return the texts that `packed` wrote for vectors of so many dimensions, None for other bytes."""
    if len(data) < _HEAD.size:
        return None
    texts, tokens, wide, folded = _HEAD.unpack_from(data)
    vectors = _HEAD.size + texts * _TEXT.size
    if not texts or len(data) < vectors:
        return None
    heads = list(_TEXT.iter_unpack(data[_HEAD.size : vectors]))
    ids = vectors + texts * dimensions
    rest = ids + tokens * (4 + wide)
    if len(data) != rest + sum(stems + size for stems, _, size in heads) + folded:
        return None
    rows = np.frombuffer(data, np.int8, texts * dimensions, vectors).reshape(texts, dimensions)
    return Prepared(
        tuple(_texts(data, rest, rows, heads, folded)),
        np.frombuffer(data, "<i4", tokens, ids).astype(np.int32),
        np.frombuffer(data, np.int8, tokens * wide, ids + 4 * tokens).reshape(tokens, wide),
    )


def _texts(
    data: bytes, at: int, rows: Small, heads: Sequence[tuple[int, int, int]], folded: int
) -> Iterator[Text]:
    """Yield the texts. at: where their counts begin, before the folded words and the stems."""
    words = at + sum(stems for stems, _, _ in heads)
    stems_at = words + folded
    own: str | None = _decoded(data[words:stems_at])
    for row, (stems, length, size) in zip(rows, heads, strict=True):
        told = tuple(_decoded(data[stems_at : stems_at + size]).split(" ")) if stems else ()
        yield Text(row, Terms(told, data[at : at + stems], length), own)
        at, stems_at, own = at + stems, stems_at + size, None


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _decoded(data: bytes) -> str:
    return data.decode("utf-8", "surrogatepass")
