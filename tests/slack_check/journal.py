"""What the stand-ins wrote down, in this process and in those that tests start, judged once each."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.slack_check.check import Check, Fault


class Reader:
    """Takes what is new out of the journals' folder. A row that was judged before is not judged again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, set[str]] = {}
        self._judged: set[int] = set()

    def faults(self, check: Check) -> list[Fault]:
        """Return what is wrong with what was shown since the last look."""
        return [fault for what, body, known in self._rows() for fault in check.faults(what, body, known)]

    def _rows(self) -> Iterator[tuple[str, Any, set[str]]]:
        for entry in list(os.scandir(self._folder)):
            known = self._known.setdefault(entry.name, set())
            for line in self._taken(Path(entry.path)):
                row = json.loads(line)
                if row["what"] == "workspace":
                    known |= set(row["body"])
                elif self._is_new(line, known):
                    yield row["what"], row["body"], known

    def _taken(self, file: Path) -> list[str]:
        lines = file.read_text(encoding="utf-8").splitlines()
        file.unlink()
        return lines

    def _is_new(self, line: str, known: set[str]) -> bool:
        mark = hash((line, frozenset(known)))
        is_new = mark not in self._judged
        self._judged.add(mark)
        return is_new
