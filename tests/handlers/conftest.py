"""A workspace for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handlers.world import World


@pytest.fixture(scope="session")
def handlers_template(sqlite_template: Path) -> Path:
    """Return a migrated, empty SQLite file to copy."""
    return sqlite_template


@pytest.fixture
def world(tmp_path: Path, handlers_template: Path) -> Iterator[World]:
    """Return a workspace with Voc in it."""
    made = World(tmp_path, handlers_template)
    yield made
    made.close()
