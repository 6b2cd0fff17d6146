"""Each embedder under the contract: how it is made, and whether texts stay on this machine."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.matching.embed import embedder_named
from bot.ports import Embedder


@dataclass(frozen=True)
class EmbedderUnderTest:
    """make: returns the embedder and what ends its far side."""

    name: str
    make: Callable[[], tuple[Embedder, Callable[[], None]]]
    is_local: bool = True


def bundled(name: str) -> EmbedderUnderTest:
    """Return one whose weights are installed."""
    return EmbedderUnderTest(name, lambda: (embedder_named(name), lambda: None))


EMBEDDERS = [bundled("wordllama"), bundled("minilm")]
