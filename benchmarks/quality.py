"""How well feedback finds its ticket, against BM25 alone and a published system."""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.figures import Figure, data_folder
from benchmarks.processes import run
from bot.matching.metrics import auc


def matching() -> Iterator[Figure]:
    """Yield the shares of pieces with a fitting ticket first or among three, and the score's AUC."""
    reviews = _evaluated("nextcloud")
    yield _against_bm25("matching_nextcloud_top3", reviews, "top3")
    yield Figure(
        name="matching_nextcloud_auc",
        figure=reviews["pairs"]["auc"],
        unit="AUC",
        peer="published system of 2021",
        peer_figure=round(_published_auc(), 4),
    )
    questions = _evaluated("banking77")
    yield _against_bm25("matching_banking77_top1", questions, "top1")
    for row in questions["learning"]:
        name = f"matching_banking77_top1_{row['examples']}_examples"
        yield Figure(name=name, figure=row["top1"], unit="share")


def _evaluated(name: str) -> dict[str, Any]:
    folder = data_folder(name)
    with tempfile.TemporaryDirectory(prefix="voc-bench-") as temporary:
        found = Path(temporary) / "figures.json"
        run(["-m", "bot", "evaluate", str(folder), "--json", str(found)])
        return dict(json.loads(found.read_text(encoding="utf-8")))


def _against_bm25(name: str, found: dict[str, Any], what: str) -> Figure:
    peer = found["peers"]["bm25"][what]
    return Figure(
        name=name, figure=found["retrieval"][what], unit="share", peer="BM25 alone", peer_figure=peer
    )


def _published_auc() -> float:
    """Return the AUC of the published similarities on the judged pairs that have one."""
    folder = data_folder("nextcloud")
    similar = {_pair(row): float(row["similarity"]) for row in _rows(folder / "published.csv")}
    judged = [row for row in _rows(folder / "truth.csv") if _pair(row) in similar]
    fits = np.array([float(row["fits"]) for row in judged])
    return float(auc(fits, np.array([similar[_pair(row)] for row in judged])) or 0.0)


def _pair(row: dict[str, str]) -> tuple[str, str]:
    return row["feedback_id"], row["ticket_key"]


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
