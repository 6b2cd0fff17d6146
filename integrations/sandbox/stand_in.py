"""What each vendor's stand-in is to the rest of the sandbox."""

from __future__ import annotations

import threading
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from flask import Flask

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.limits import Limit, Limiter


class StandIn(ABC):
    """One vendor's API over HTTP, with its state in memory.

    `lock` guards the state: hold it for each request's work.
    """

    name: ClassVar[str]
    limits: ClassVar[tuple[Limit, ...]] = ()

    def __init__(self, clock: SandboxClock, profile: str = "vendor") -> None:
        self.clock = clock
        self.limiter = Limiter(clock, profile)
        self.lock = threading.RLock()
        self.base_url = ""  # set once the server has its port
        self.app = self.make_app()

    @abstractmethod
    def make_app(self) -> Flask:
        """Return the Flask application that answers as the vendor does."""

    @abstractmethod
    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        """Put records straight into the state (no vendor call does this) and return how many of each kind."""

    @abstractmethod
    def dump(self) -> dict[str, Any]:
        """Return the state as JSON-able data, for tests and the viewer to judge by."""
