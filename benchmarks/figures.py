"""What a benchmark found, and how it is kept and shown."""

from __future__ import annotations

import json
import operator
import os
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "build" / "bench"


class Skipped(Exception):
    """The benchmark needs what is not here; the message says what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One figure. runs: how many it is the median of; wanted: e.g. "< 60"; peer: what ratio compares with."""

    name: str
    figure: float
    unit: str
    runs: int = 1
    wanted: str = ""
    peer: str = ""
    peer_figure: float | None = None

    @property
    def ratio(self) -> float | None:
        """Return the figure by the peer's, None without one."""
        return round(self.figure / self.peer_figure, 4) if self.peer_figure else None

    @property
    def is_met(self) -> bool:
        """Return whether the figure is as wanted."""
        if not self.wanted:
            return True
        sign, limit = self.wanted.split()
        return bool({"<": operator.lt, "≤": operator.le, "≥": operator.ge}[sign](self.figure, float(limit)))


def median(name: str, figures: Sequence[float], unit: str, *, wanted: str = "") -> Figure:
    """Return the median of the runs."""
    return Figure(
        name=name, figure=round(statistics.median(figures), 4), unit=unit, runs=len(figures), wanted=wanted
    )


def keep(figure: Figure, folder: Path = FOLDER) -> None:
    """Write the figure to its file in the folder."""
    found: dict[str, object] = {
        "name": figure.name,
        "figure": figure.figure,
        "unit": figure.unit,
        "runs": figure.runs,
    }
    if figure.wanted:
        found |= {"wanted": figure.wanted, "met": figure.is_met}
    if figure.peer:
        found |= {"peer": figure.peer, "peer_figure": figure.peer_figure, "ratio": figure.ratio}
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{figure.name}.json").write_text(json.dumps(found, indent=2) + "\n", encoding="utf-8")


def show(console: Console, figures: Sequence[Figure]) -> None:
    """Print the figures as a table."""
    table = Table("benchmark", "figure", "unit", "runs", "wanted", "peer", "ratio")
    for one in figures:
        met = "" if one.is_met else " [red]missed[/]"
        ratio = "" if one.ratio is None else f"{one.ratio:g}"
        peer = f"{one.peer}: {one.peer_figure:g}" if one.peer_figure is not None else ""
        table.add_row(one.name, f"{one.figure:g}", one.unit, str(one.runs), one.wanted + met, peer, ratio)
    console.print(table)


def data_folder(name: str) -> Path:
    """Return a folder of real data. Raises Skipped where it is not there."""
    folder = Path(os.environ.get("VOC_DATA_DIR") or ROOT.parent / "shared" / "data") / name
    if not folder.is_dir():
        raise Skipped(f"{name}'s data is not there; VOC_DATA_DIR names the folder that holds it")
    return folder.resolve()
