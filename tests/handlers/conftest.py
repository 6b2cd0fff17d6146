"""A workspace for each test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.storage.engine import open_database
from bot.storage.schema import migrate
from tests.handlers.world import World


@pytest.fixture(scope="session")
def handlers_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a migrated, empty SQLite file to copy."""
    file = tmp_path_factory.mktemp("handlers") / "template.db"
    engine = open_database(f"sqlite:///{file}")
    migrate(engine)
    engine.dispose()
    return file


@pytest.fixture
def world(tmp_path: Path, handlers_template: Path) -> Iterator[World]:
    """Return a workspace with Voc in it."""
    made = World(tmp_path, handlers_template)
    yield made
    made.close()
