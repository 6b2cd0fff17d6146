"""The meaning of every piece, loaded when it is first asked for and kept up to date aside."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot.errors import VocError
from bot.matching.meaning import Meaning, meaning_of
from bot.matching.vectors import VectorCache, vectors_of
from bot.ports import Clock, Embedder
from bot.repositories import Work

if TYPE_CHECKING:
    from bot.ports import Vectors

log = logging.getLogger(__name__)

PAGE, AT_ONCE = 5_000, 1_000
LOOK_EVERY = timedelta(seconds=30)

Run = Callable[[Callable[[], None]], object]


def aside(load: Callable[[], None]) -> None:
    """Run it in a thread of its own, which ends with the process."""
    threading.Thread(target=load, name="meanings", daemon=True).start()


class Meanings:
    """Pieces by what they mean. Safe for several threads; one of them loads.

    embedder: makes it when first asked. run: does the loading, so that whoever asks need not wait for it.
    """

    def __init__(
        self,
        reading: Work,
        clock: Clock,
        embedder: Callable[[], Embedder],
        cache: VectorCache,
        run: Run = aside,
    ) -> None:
        self._reading, self._clock, self._embedder = reading, clock, embedder
        self._cache, self._run = cache, run
        self._held: Meaning | None = None
        self._looked_at: datetime | None = None
        self._asking, self._loading = threading.Lock(), threading.Lock()

    def like(self, text: str, most: int, among: Collection[int] | None = None) -> list[int] | None:
        """Return the pieces that mean much the same, nearest first; None while they load.

        among: those that count, None for all. Raises IntegrationError where an endpoint does not answer.
        """
        self._keep_up()
        held = self._held
        return None if held is None else held.like(self._embedder().embed([text])[0], most, among)

    def _keep_up(self) -> None:
        now = self._clock.now()
        with self._asking:
            if self._looked_at is not None and now - self._looked_at < LOOK_EVERY:
                return
            self._looked_at = now
        self._run(self._load)

    def _load(self) -> None:
        if not self._loading.acquire(blocking=False):
            return
        try:
            self._take_over()
        except VocError as exc:
            log.warning("meanings not loaded", extra={"error": type(exc).__name__})
        finally:
            self._loading.release()

    def _take_over(self) -> None:
        """Take over what is new or was said otherwise, and let go of what is set aside."""
        held, present = self._held, dict(self._present())
        missing = list(present) if held is None else held.changed(present)
        if held is not None and not missing and len(present) == len(held.ids):
            return
        self._held = meaning_of(self._embedder(), present, dict(self._made(missing)), held)
        log.info("meanings loaded", extra={"pieces": len(self._held.ids), "new": len(missing)})

    def _present(self) -> Iterator[tuple[int, str]]:
        after = 0
        while True:
            with self._reading() as unit:
                page = unit.search.page(after, PAGE)
            if not page:
                return
            yield from page
            after = page[-1][0]

    def _made(self, missing: Sequence[int]) -> Iterator[tuple[int, Vectors]]:
        for start in range(0, len(missing), AT_ONCE):
            with self._reading() as unit:
                words = unit.search.words(missing[start : start + AT_ONCE])
            rows = vectors_of(list(words.values()), self._embedder(), self._cache)
            yield from zip(words, rows, strict=True)
