"""WordLlama's static token vectors, read from its installed wheel: a text is the mean of its tokens."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from bot.matching.embed.installed import installed_file
from bot.matching.late import rotation
from bot.matching.products import unit
from bot.ports import Reading, Tokens

if TYPE_CHECKING:
    from bot.ports import Vectors

_PACKAGE = "wordllama"
_EXTRA = "Or, without the tools for tests, pip install '.[wordllama]'"
_WEIGHTS = "wordllama/weights/l2_supercat_256.safetensors"
_TOKENIZER = "wordllama/tokenizers/l2_supercat_tokenizer_config.json"
_BATCH_CHARACTERS = 200_000  # bounds a batch's token vectors to about 60 MB
_MOST_CHARACTERS = 8_000  # of one text
_TOKEN_DIMENSIONS = 64
_MOST_TOKENS = 128  # of one text, of those that are read one by one


class WordLlamaEmbedder:
    """An Embedder of 256 dimensions, about 20,000 short texts a second.

    wordllama itself is never imported: its loader looks in another folder and then downloads.
    """

    def __init__(self) -> None:
        weights = installed_file(_PACKAGE, _WEIGHTS, otherwise=_EXTRA)
        from safetensors.numpy import load_file  # comes with the extra

        self._vectors: Vectors = np.ascontiguousarray(load_file(weights)["embedding.weight"], np.float32)
        self._tokenizer = Tokenizer.from_file(str(installed_file(_PACKAGE, _TOKENIZER)))
        lengths: Vectors = np.linalg.norm(self._vectors, axis=1)
        self._weights: Vectors = lengths / lengths.max()
        self._tokens = unit(self._vectors @ rotation(self.dimensions)[:, :_TOKEN_DIMENSIONS])
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
        return self._rows([self._means(ids) for ids in self._tokenized(texts)])

    def read(self, texts: Sequence[str]) -> Reading:
        """Return the texts' rows with their tokens' vectors, which know no context.

        A token tells as much as its vector is long: so it was taught to weigh in the mean. As they know no
        context, few dimensions of them compare as well as all.
        """
        means: list[Vectors] = []
        first: list[list[int]] = []
        for ids in self._tokenized(texts):
            means.append(self._means(ids))
            first.extend(own[:_MOST_TOKENS] for own in ids)
        counts = np.array([len(own) for own in first], dtype=np.int64)
        flat = np.array(list(chain.from_iterable(first)), dtype=np.int32)
        return Reading(self._rows(means), Tokens(counts, flat, self._tokens[flat], self._weights[flat]))

    def _tokenized(self, texts: Sequence[str]) -> Iterator[list[list[int]]]:
        """Yield the texts' token ids, some texts at a time."""
        some: list[str] = []
        size = 0
        for at, text in enumerate(texts):
            some.append(_plain(text))
            size += len(some[-1])
            if size >= _BATCH_CHARACTERS or at == len(texts) - 1:
                encoded = self._tokenizer.encode_batch_fast(some, add_special_tokens=False)
                yield [encoding.ids for encoding in encoded]
                some, size = [], 0

    def _rows(self, means: Sequence[Vectors]) -> Vectors:
        rows = np.concatenate([np.zeros((0, self.dimensions), dtype=np.float32), *means])
        return unit(rows)

    def _means(self, ids: Sequence[Sequence[int]]) -> Vectors:
        """Return the mean token vector of each text, without padding short texts to the longest."""
        counts = np.array([len(row) for row in ids])
        rows = np.zeros((len(ids), self.dimensions), dtype=np.float32)
        if not counts.any():
            return rows
        flat = np.array(list(chain.from_iterable(ids)), dtype=np.int64)
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
