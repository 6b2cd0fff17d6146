"""The embedder of the tests: the real one, loaded once."""

from __future__ import annotations

import pytest

from bot.ports import Embedder
from tests.fakes.embedder import wordllama


@pytest.fixture(scope="session")
def embedder() -> Embedder:
    return wordllama()
