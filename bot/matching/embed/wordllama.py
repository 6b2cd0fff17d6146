"""WordLlama's static token vectors, read from its installed wheel: a text is the mean of its tokens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from bot.matching.embed.installed import installed_file
from bot.matching.vectors import unit

if TYPE_CHECKING:
    from bot.ports import Vectors

_PACKAGE = "wordllama"
_WEIGHTS = "wordllama/weights/l2_supercat_256.safetensors"
_TOKENIZER = "wordllama/tokenizers/l2_supercat_tokenizer_config.json"
_BATCH_CHARACTERS = 200_000  # bounds a batch's token vectors to about 60 MB
_MOST_CHARACTERS = 8_000  # of one text


class WordLlamaEmbedder:
    """An Embedder of 256 dimensions, about 20,000 short texts a second.

    wordllama itself is never imported: its loader looks in another folder and then downloads.
    """

    def __init__(self) -> None:
        self._vectors: Vectors = np.ascontiguousarray(
            load_file(installed_file(_PACKAGE, _WEIGHTS))["embedding.weight"], dtype=np.float32
        )
        self._tokenizer = Tokenizer.from_file(str(installed_file(_PACKAGE, _TOKENIZER)))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    @property
    def name(self) -> str:
        """The model's name."""
        return "wordllama-l2-supercat-256-lower"

    @property
    def languages(self) -> frozenset[str]:
        """English: its vectors were made from English words."""
        return frozenset({"en"})

    @property
    def dimensions(self) -> int:
        """Length of a row."""
        return int(self._vectors.shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows, zero rows for texts without tokens. A text's first 8,000 characters count."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        cut = [_plain(text) for text in texts]
        start = size = 0
        for at, text in enumerate(cut):
            size += len(text)
            if size >= _BATCH_CHARACTERS or at == len(cut) - 1:
                rows[start : at + 1] = self._means(cut[start : at + 1])
                start, size = at + 1, 0
        return unit(rows)

    def _means(self, texts: list[str]) -> Vectors:
        """Return the mean token vector of each text, without padding short texts to the longest."""
        encoded = self._tokenizer.encode_batch_fast(texts, add_special_tokens=False)
        ids = [encoding.ids for encoding in encoded]
        counts = np.array([len(row) for row in ids])
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        if not counts.any():
            return rows
        flat = np.concatenate([np.asarray(row, dtype=np.int64) for row in ids])
        starts = np.concatenate(([0], np.cumsum(counts)[:-1]))
        filled = counts > 0
        sums = np.add.reduceat(self._vectors[flat], starts[filled], axis=0)
        rows[filled] = sums / counts[filled, None]
        return rows


def _plain(text: str) -> str:
    """Return what counts of the text, in lower case (capitals are other tokens and tell nothing)."""
    if text.isspace():
        return ""
    return text[:_MOST_CHARACTERS].lower().encode("utf-8", "replace").decode("utf-8")  # no lone surrogates
