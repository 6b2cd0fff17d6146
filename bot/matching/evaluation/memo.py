"""Each text embedded once, however many stages of an evaluation compare it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.reading import each, joined
from bot.ports import Reading

if TYPE_CHECKING:
    from bot.ports import Embedder, Tokens, Vectors


class Memo:
    """An Embedder that remembers another's rows."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._rows: dict[str, Vectors] = {}
        self._tokens: dict[str, Tokens | None] = {}

    @property
    def name(self) -> str:
        """The other's name."""
        return self._embedder.name

    @property
    def dimensions(self) -> int:
        """Length of a row."""
        return self._embedder.dimensions

    @property
    def languages(self) -> frozenset[str]:
        """What the other understands."""
        return self._embedder.languages

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return the other's rows; it is asked for the new texts alone."""
        new = list(dict.fromkeys(text for text in texts if text not in self._rows))
        if new:
            self._rows.update(zip(new, self._embedder.embed(new), strict=True))
        rows = [self._rows[text] for text in texts]
        return np.stack(rows) if rows else np.empty((0, self.dimensions), dtype=np.float32)

    def read(self, texts: Sequence[str]) -> Reading:
        """Return the other's rows and tokens; it is asked for the new texts alone."""
        if not texts:
            return self._embedder.read([])
        new = list(dict.fromkeys(text for text in texts if text not in self._tokens))
        if new:
            reading = self._embedder.read(new)
            self._rows.update(zip(new, reading.vectors, strict=True))
            self._tokens.update(zip(new, each(reading.tokens, len(new)), strict=True))
        tokens = [own for text in texts if (own := self._tokens[text]) is not None]
        return Reading(self.embed(texts), joined(tokens) if tokens else None)

    def forget(self, texts: Iterable[str]) -> None:
        """Embed the texts anew when they come next."""
        for text in texts:
            self._rows.pop(text, None)
            self._tokens.pop(text, None)


class Memos:
    """The memo of each embedder, its weights loaded when it is first asked for."""

    def __init__(self, load: Callable[[str], Embedder]) -> None:
        self._load = load
        self._memos: dict[str, Memo] = {}

    def named(self, name: str) -> Memo:
        """Return the embedder of that name. Raises SettingError for an unknown one."""
        if name not in self._memos:
            self._memos[name] = Memo(self._load(name))
        return self._memos[name]
