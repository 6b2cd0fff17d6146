from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.handlers.deliveries.office import Office


@pytest.fixture
def world(tmp_path: Path, handlers_template: Path) -> Iterator[Office]:
    made = Office(tmp_path, handlers_template)
    yield made
    made.close()
