"""How far matching goes: 100,000 tickets in one index, and pieces a second against 2,500."""

from __future__ import annotations

import itertools
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figures import Figure, data_folder, median
from benchmarks.made_up import WordVectors, tickets
from benchmarks.processes import run
from bot.errors import SettingError
from bot.matching.dataset import as_tickets, read_feedback, read_tickets
from bot.matching.decide import Thresholds
from bot.matching.embed import embedder_named
from bot.matching.matcher import Matcher
from bot.matching.model import load_model
from bot.matching.search import Piece
from bot.matching.vectors import Preparer
from bot.ports import Embedder
from bot.services.matching import StoredVectors
from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.schema import migrate

TICKETS, AT_ONCE = 100_000, 2_000
RUNS, PIECES = 5, 1_000
WANTED = {"minilm": 300, "wordllama": 2_000}


def large() -> Iterator[Figure]:
    """Yield time, memory and start of an index of 100,000 tickets, stored before; minutes to store them."""
    with tempfile.TemporaryDirectory(prefix="voc-bench-") as temporary:
        url, figures = f"sqlite:///{temporary}/voc.sqlite", Path(temporary) / "figures.json"
        _store(url)
        run(["-m", "benchmarks.holding", url, str(figures)])
        found: dict[str, Any] = json.loads(figures.read_text(encoding="utf-8"))
    yield _percentile("large_index_piece_p50_ms", found, 50, "")
    yield _percentile("large_index_piece_p95_ms", found, 95, "≤ 20")
    yield Figure(
        name="large_index_memory_mb",
        figure=round(found["resident_mb"], 1),
        unit="MB",
        wanted="≤ 400",
        peer="its rows as float32 alone",
        peer_figure=round(2 * found["tickets"] * 4 * WordVectors.dimensions / 1e6, 1),
    )
    yield Figure(name="large_index_start_s", figure=round(found["start_s"], 2), unit="s", wanted="< 10")
    yield median("large_index_change_ms", found["change_ms"], "ms")
    name = "large_index_longest_match_beside_an_update_ms"
    yield Figure(name=name, figure=round(found["longest_match_beside_an_update_ms"], 1), unit="ms")


def _percentile(name: str, found: dict[str, Any], share: int, wanted: str) -> Figure:
    return Figure(
        name=name,
        figure=round(float(np.percentile(found["piece_ms"], share)), 2),
        unit="ms",
        runs=len(found["piece_ms"]),
        wanted=wanted,
        peer="both scans alone, by numpy and bm25s",
        peer_figure=round(float(np.percentile(found["scans_ms"], share)), 2),
    )


def _store(url: str) -> None:
    """Store the tickets with what is prepared of them."""
    engine = open_database(url)
    migrate(engine)
    database, every, now = Database(engine), tickets(TICKETS), datetime(2026, 5, 2, tzinfo=UTC)
    preparer = Preparer(WordVectors(), StoredVectors(database.work, database.reading))
    while some := list(itertools.islice(every, AT_ONCE)):
        with database.work() as unit:
            for ticket in some:
                unit.tickets.save(ticket, now)
            unit.commit()
        preparer.tickets([(ticket.title, ticket.body) for ticket in some])
    engine.dispose()


def pieces() -> Iterator[Figure]:
    """Yield pieces embedded, searched and decided in a second, against the embedding alone."""
    known = as_tickets(read_tickets(data_folder("nextcloud") / "tickets.csv"))
    for name, wanted in WANTED.items():
        try:
            embedder = embedder_named(name)
        except SettingError:
            continue
        matcher = Matcher(embedder, load_model(), Thresholds())
        matcher.index(known)
        short = [row.text for row in read_feedback(data_folder("banking77") / "feedback.csv")][:PIECES]
        long = [row.text for row in read_feedback(data_folder("nextcloud") / "feedback.csv")]
        yield _speed(f"pieces_per_second_{name}", matcher, embedder, short, f"≥ {wanted}")
        yield _speed(f"long_pieces_per_second_{name}", matcher, embedder, long * 4, "")


def _speed(name: str, matcher: Matcher, embedder: Embedder, texts: Sequence[str], wanted: str) -> Figure:
    asked = [Piece(number, text) for number, text in enumerate(texts)]
    ours, alone = [], []
    for _ in range(RUNS):
        started = time.perf_counter()
        matcher.match(asked)
        between = time.perf_counter()
        embedder.read(texts)
        ours.append(len(texts) / (between - started))
        alone.append(len(texts) / (time.perf_counter() - between))
    peer = median("", alone, "").figure
    return replace(median(name, ours, "pieces/s", wanted=wanted), peer="embedding alone", peer_figure=peer)
