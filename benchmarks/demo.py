"""The demo's job on real data, as a process of its own: stand-ins, HTTP, SQLite."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from benchmarks.figures import Figure, data_folder
from benchmarks.processes import Ran, run


def nextcloud() -> Iterator[Figure]:
    """Yield how long the whole job takes, interpreter and loading included."""
    ran, _ = _demo("nextcloud")
    yield Figure(name="demo_nextcloud", figure=round(ran.seconds, 2), unit="s", wanted="< 60")


def banking77() -> Iterator[Figure]:
    """Yield how many pieces a second go from the pull to a recorded match, tickets read included."""
    _, report = _demo("banking77")
    seconds = report["seconds"]["pull"] + report["seconds"]["match"]
    speed = round(report["pulled"] / seconds, 1)
    yield Figure(name="banking77_pieces_per_second", figure=speed, unit="pieces/s", wanted="≥ 100")


def _demo(name: str) -> tuple[Ran, dict[str, Any]]:
    folder = data_folder(name)
    with tempfile.TemporaryDirectory(prefix="voc-bench-") as temporary:
        report = Path(temporary) / "report.json"
        ran = run(["-m", "bot", "demo", "--data", str(folder), "--once", "--report", str(report)])
        return ran, json.loads(report.read_text(encoding="utf-8"))
