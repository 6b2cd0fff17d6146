"""Vectors from an endpoint that answers POST /embeddings as OpenAI's does."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.errors import AnswerError
from bot.matching.products import unit
from bot.ports import Reading
from integrations.http import VendorHttp

if TYPE_CHECKING:
    from bot.ports import Vectors

VENDOR = "openai"
DOING = "making vectors"
REMEDY = "Check VOC_MATCHING__API_KEY and what it may do"
TEXTS_A_REQUEST = 64  # servers of one's own take fewer than OpenAI's 2,048
BYTES_A_REQUEST = 200_000  # OpenAI takes 300,000 tokens, and a token has a byte or more


class EndpointEmbedder:
    """An Embedder. Texts leave this machine, changed by `hide`; blank ones don't, and have zero rows.

    hide: makes a text fit to leave. dimensions: what to ask for, None for the model's own. The name has a
    mark of the endpoint and of what is asked of it.
    Raises TransientError, AccessError (key), NotFoundError (model or address) and AnswerError when it embeds.
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        key: str = "",
        dimensions: int | None = None,
        max_bytes: int = 8000,
        languages: frozenset[str] = frozenset({"en"}),
        hide: Callable[[str], str] = str,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._http = VendorHttp(VENDOR, url, lambda: headers, sleep=sleep, remedy=REMEDY)
        self._model, self._asked, self._dimensions = model, dimensions, dimensions
        self._max_bytes, self.languages, self._hide = max_bytes, languages, hide
        maker = hashlib.sha256(f"{url} {dimensions} {max_bytes}".encode()).hexdigest()
        self.name = f"{model}-{maker[:8]}"

    @property
    def dimensions(self) -> int:
        """Length of a row; where no length was chosen, the endpoint is asked for a row."""
        if self._dimensions is None:
            self._dimensions = self._asked_for(["dimensions"]).shape[1]
        return self._dimensions

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows. A text's beginning counts, as many bytes as the settings say."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for batch in _batches([self._fit(text) for text in texts]):
            made = self._asked_for([text.decode() for _, text in batch])
            if made.shape[1] != self.dimensions:
                raise AnswerError(VENDOR, DOING, f"{made.shape[1]} numbers a text, not {self.dimensions}")
            rows[[at for at, _ in batch]] = made
        return rows

    def read(self, texts: Sequence[str]) -> Reading:
        """Return the rows; an endpoint tells nothing of tokens."""
        return Reading(self.embed(texts))

    def _fit(self, text: str) -> bytes:
        """Return what leaves. What is private is hidden first: a cut would leave half of it unrecognised."""
        fit = self._hide(text.replace("\0", "")).strip().encode("utf-8", "replace")
        return fit[: self._max_bytes].decode("utf-8", "ignore").encode()

    def _asked_for(self, texts: Sequence[str]) -> Vectors:
        body: dict[str, Any] = {"model": self._model, "input": list(texts), "encoding_format": "float"}
        if self._asked:
            body["dimensions"] = self._asked
        answer = self._http.call("POST", "/embeddings", DOING, json=body, is_read=True).json()
        return _rows(answer, len(texts))


def _batches(texts: Sequence[bytes]) -> Iterator[list[tuple[int, bytes]]]:
    """Yield the texts that hold something, with their places, as many as one request takes."""
    batch: list[tuple[int, bytes]] = []
    size = 0
    for at, text in enumerate(texts):
        if not text:
            continue
        if batch and (len(batch) == TEXTS_A_REQUEST or size + len(text) > BYTES_A_REQUEST):
            yield batch
            batch, size = [], 0
        batch.append((at, text))
        size += len(text)
    if batch:
        yield batch


def _rows(answer: Any, wanted: int) -> Vectors:
    """Return the answer's rows at length one, in the order asked.

    Raises AnswerError unless each is there, and sound.
    """
    try:
        found = {item["index"]: item["embedding"] for item in answer["data"]}
        rows = np.array([found[at] for at in range(wanted)], dtype=np.float64)
    except (KeyError, TypeError, ValueError, OverflowError) as exc:
        raise AnswerError(VENDOR, DOING, "not one row of numbers for each text") from exc
    are_sound = rows.ndim == 2 and rows.size and (np.abs(rows) < np.finfo(np.float32).max).all()
    if len(answer["data"]) != wanted or not are_sound:
        raise AnswerError(VENDOR, DOING, "not one row of finite numbers for each text")
    return unit(rows)
