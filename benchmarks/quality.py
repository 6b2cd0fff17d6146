"""How well feedback finds its ticket, against BM25 alone, a plain sum of scorers and a published system."""

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

PEERS = {"bm25": "BM25 alone (bm25s)", "sum_of_four": "a plain sum of four"}


def matching() -> Iterator[Figure]:
    """Yield how often a fitting ticket is found, what the scores are worth, and what is attached."""
    yield from _reviews(_evaluated("nextcloud"))
    yield from _questions(_evaluated("banking77"))
    yield from _missing(_evaluated("banking77", "--leave-out", "20", "--examples", "10"))


def _reviews(reviews: dict[str, Any]) -> Iterator[Figure]:
    yield _against("bm25", "matching_nextcloud_top3", reviews, "top3")
    yield _against("sum_of_four", "matching_nextcloud_top10", reviews, "top10")
    yield Figure(
        name="matching_nextcloud_auc",
        figure=reviews["pairs"]["auc"],
        unit="AUC",
        peer="published system of 2021",
        peer_figure=round(_published_auc(), 4),
    )


def _questions(questions: dict[str, Any]) -> Iterator[Figure]:
    yield _against("bm25", "matching_banking77_top1", questions, "top1")
    for row in questions["learning"]:
        name = f"matching_banking77_top1_{row['examples']}_examples"
        yield Figure(name=name, figure=row["top1"], unit="share")


def _missing(questions: dict[str, Any]) -> Iterator[Figure]:
    """Yield what is attached where a quarter of the tickets is missing, and whether the score says so."""
    for group, what, wanted in (
        ("decision", "precision", "≥ 0.95"),
        ("decision", "coverage_of_answerable", "≥ 0.6"),
        ("calibration", "gap", "≤ 0.03"),
    ):
        name, figure = f"matching_banking77_missing_{what}", questions[group][what]
        if figure is not None:
            yield Figure(name=name, figure=figure, unit="share", wanted=wanted)


def _evaluated(name: str, *options: str) -> dict[str, Any]:
    folder = data_folder(name)
    with tempfile.TemporaryDirectory(prefix="voc-bench-") as temporary:
        found = Path(temporary) / "figures.json"
        run(["-m", "bot", "evaluate", str(folder), "--json", str(found), *options])
        return dict(json.loads(found.read_text(encoding="utf-8")))


def _against(peer: str, name: str, found: dict[str, Any], what: str) -> Figure:
    told, figure = PEERS[peer], found["peers"][peer][what]
    return Figure(name=name, figure=found["retrieval"][what], unit="share", peer=told, peer_figure=figure)


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
