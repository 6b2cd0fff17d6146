"""How long a digest takes to build, and in how much memory, over 100,000 and a million stored pieces."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks import stored
from benchmarks.figures import Figure, median
from benchmarks.made_up import WordVectors
from benchmarks.processes import run
from bot.storage.engine import open_database
from bot.storage.schema import migrate

FEW, MANY, TICKETS = 100_000, 1_000_000, 10_000
WANTED_S = {FEW: "< 3", MANY: "< 10"}


@dataclass(frozen=True, slots=True)
class Built:
    """What building took. seconds: of each run; resident_mb: the process's size with a digest in hand."""

    seconds: list[float]
    resident_mb: float


def digest() -> Iterator[Figure]:
    """Yield the seconds over 100,000 pieces on each database."""
    with _databases() as (folder, urls):
        for kind, url in urls.items():
            found = _built(url, FEW, folder)
            yield median(f"digest_seconds_{kind}", found.seconds, "s", wanted=WANTED_S[FEW])


def digest_million() -> Iterator[Figure]:
    """Yield the seconds over a million pieces on PostgreSQL, and the memory beside a tenth of them."""
    peaks = {}
    for pieces in (FEW, MANY):
        with _databases() as (folder, urls):
            found = _built(urls["postgresql"], pieces, folder)
        peaks[pieces] = found.resident_mb
        yield median(f"digest_seconds_{pieces}", found.seconds, "s", wanted=WANTED_S[pieces])
    yield Figure(
        name="digest_memory",
        figure=round(peaks[MANY], 1),
        unit="MB",
        peer=f"{FEW:,} pieces",
        peer_figure=round(peaks[FEW], 1),
        wanted=f"≤ {1.2 * peaks[FEW]:.1f}",
    )


@contextmanager
def _databases() -> Iterator[tuple[Path, dict[str, str]]]:
    with tempfile.TemporaryDirectory(prefix="voc-bench-") as folder, stored.databases(Path(folder)) as urls:
        yield Path(folder), urls


def _built(url: str, pieces: int, folder: Path) -> Built:
    """Return what a process of its own takes to build the digest of a store of that many pieces."""
    engine, figures = open_database(url), folder / "figures.json"
    migrate(engine)
    stored.fill(engine, stored.Size(pieces, TICKETS), WordVectors())
    engine.dispose()
    run(["-m", "benchmarks.telling", url, str(figures)])
    return Built(**json.loads(figures.read_text(encoding="utf-8")))
