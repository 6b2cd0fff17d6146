"""Fit the model's weights: python -m bot.matching.fit [DIR …]; without DIR, on USED in $VOC_DATA_DIR.

Folders with a history.csv teach; on those with a duplicates.csv the weights are checked, which have not seen
them. feedback.csv and truth.csv are left to `evaluate`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from bot.matching.checks import checks
from bot.matching.embed import embedder_named
from bot.matching.evaluation.memo import Memo
from bot.matching.fitting import fit
from bot.matching.lessons import SEED, Lesson, lessons
from bot.matching.metrics import auc
from bot.matching.model import DEFAULT, Model, weights_of

USED = ("banking77", "hadoop")
THRESHOLD = 0.9


def figures_of(model: Model, asked: Sequence[Lesson]) -> dict[str, float | None]:
    """Return how the first candidates do; "sure" are those that score THRESHOLD or more."""
    first = [(one, int(model.ranks(one.found).argmax())) for one in asked if len(one.right)]
    scores = np.array([model.scores(one.found)[at] for one, at in first])
    right = np.array([bool(one.right[at]) for one, at in first])
    sure = scores >= THRESHOLD
    figures = {
        "pieces": float(len(asked)),
        "top1": float(right.mean()),
        "auc": auc(right, scores),
        "brier": float(np.mean((scores - right) ** 2)),
        "sure_share": float(sure.mean()),
        "sure_precision": float(right[sure].mean()) if sure.any() else None,
    }
    return {name: None if figure is None else round(figure, 3) for name, figure in figures.items()}


def main(arguments: Sequence[str] | None = None) -> None:
    """Fit on the folders with a history, write the model, and tell how it does on those with duplicates."""
    parser = argparse.ArgumentParser(prog="python -m bot.matching.fit", description="Fit the matching model.")
    parser.add_argument("directories", nargs="*", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, default=DEFAULT)
    parser.add_argument("--embedder", default="minilm")
    chosen = parser.parse_args(arguments)
    home = Path(os.environ.get("VOC_DATA_DIR", "../shared/data"))
    embedder = Memo(embedder_named(chosen.embedder))
    folders = chosen.directories or [home / name for name in USED]
    taught = {at.name: lessons(at, embedder) for at in folders if (at / "history.csv").exists()}
    if not taught:
        parser.error("none of the folders has a history.csv to learn from")
    model = fit([one for some in taught.values() for one in some])
    checked = {at.name: checks(at, embedder) for at in folders if (at / "duplicates.csv").exists()}
    data = {
        "name": f"linear-{SEED}",
        "embedder": embedder.name,
        "made_by": f"python -m bot.matching.fit --embedder {chosen.embedder}",
        "fitted_on": {name: len(some) for name, some in taught.items()},
        "checked_on": {name: figures_of(model, asked) for name, asked in checked.items()},
    } | _rounded(weights_of(model))
    chosen.out.write_text(json.dumps(data, indent=2) + "\n", "utf-8")
    sys.stdout.write(f"{chosen.out}\n{json.dumps(data, indent=2)}\n")


def _rounded(weights: dict[str, dict[str, float]]) -> dict[str, dict[str, float]]:
    return {layer: {name: round(of, 4) for name, of in own.items()} for layer, own in weights.items()}


if __name__ == "__main__":
    main()
