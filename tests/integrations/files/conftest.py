"""What the tests of files share: a way to write one and read it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.feedback import ReceivedConversation
from integrations.files.file_map import FileMap, read_map
from integrations.files.refusal import RowRefused
from integrations.files.source import FeedbackFile

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
Rows = list[ReceivedConversation | RowRefused]
ReadRows = Callable[..., Rows]
ReadMap = Callable[[str], FileMap]


@pytest.fixture
def read(tmp_path: Path) -> ReadRows:
    """Return what reads a file with that content, a map's text beside it."""

    def rows(content: str | bytes, chosen: str = "", name: str = "reviews.csv") -> Rows:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        (tmp_path / "map.toml").write_text(chosen, encoding="utf-8")
        return list(FeedbackFile(path, read_map(tmp_path / "map.toml"), now=NOW).conversations())

    return rows


@pytest.fixture
def as_map(tmp_path: Path) -> ReadMap:
    """Return what reads a map's text."""

    def chosen(text: str) -> FileMap:
        path = tmp_path / "map.toml"
        path.write_text(text, encoding="utf-8")
        return read_map(path)

    return chosen
