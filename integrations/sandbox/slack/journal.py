"""What Slack accepted from the app, written down for whoever judges it: a line of JSON each."""

from __future__ import annotations

import json
import os
import secrets
from pathlib import Path
from typing import Any

FOLDER = "SANDBOX_JOURNAL"  # the variable; read by every process with a stand-in in it


class Journal:
    """A file of its own in the folder that the environment names; without one nothing is written.

    A row is {"what", "body"}. what: a method, "response_url", "acknowledgement of <what was sent>", or
    "workspace" with the ids that are known from then on. Each row is whole on disk when it is written, and
    the file may be taken away between two.
    """

    def __init__(self) -> None:
        folder = os.environ.get(FOLDER)
        self._file = Path(folder) / f"{secrets.token_hex(8)}.jsonl" if folder else None

    def keep(self, what: str, body: Any) -> None:
        """Write a row."""
        if self._file is None:
            return
        with self._file.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"what": what, "body": body}) + "\n")
