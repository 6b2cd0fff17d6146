"""When the matcher learns from what is attached: once that has changed enough, and beside the matching."""

from __future__ import annotations

import logging
import threading
from typing import Protocol

log = logging.getLogger(__name__)

CHANGED = 0.05  # of the attached pieces; less would hardly show
AT_ONCE = 2_000  # pieces that are learnt from within a second


class Learner(Protocol):
    """What learns: the matcher."""

    def learn(self) -> None:
        """Learn from what is attached now; matching may go on meanwhile."""
        ...


class Teacher:
    """Lets a matcher learn. For one thread at a time."""

    def __init__(self, learner: Learner) -> None:
        self._learner = learner
        self._changes = 0
        self._lesson: threading.Thread | None = None

    def tell(self, changes: int, attached: int) -> None:
        """Hear that so many pieces were attached or let go, and how many are attached now.

        Few are learnt from at once, many in the background, one lesson at a time.
        """
        self._changes += changes
        if self._changes <= CHANGED * attached or (self._lesson is not None and self._lesson.is_alive()):
            return
        self._changes = 0
        if attached <= AT_ONCE:
            self._learner.learn()
            return
        log.info("learning from attached pieces began", extra={"pieces": attached})
        self._lesson = threading.Thread(target=self._learner.learn, name="learn", daemon=True)
        self._lesson.start()
