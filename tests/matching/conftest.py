"""The embedder of the tests: the real one, loaded once."""

from __future__ import annotations

import pytest

from bot.matching.embed import embedder_named
from bot.ports import Embedder


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return embedder_named("wordllama")
