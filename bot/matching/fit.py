"""Fit the model's weights: python -m bot.matching.fit [DIR …]; without DIR, on FITTED_ON in $VOC_DATA_DIR.

A folder gives lessons from its history.csv (earlier pieces with their tickets: some become members, others
are asked about) and from its duplicates.csv (a ticket's words as a piece, its duplicates as the answer). A
quarter of the right tickets is hidden, so that "none fits" is learnt too. feedback.csv and truth.csv are left
to `evaluate`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.dataset import HistoryRow, as_tickets, read_duplicates, read_history, read_tickets
from bot.matching.embed import embedder_named
from bot.matching.index import Member, TicketIndex
from bot.matching.metrics import auc
from bot.matching.model import FEATURES, MODEL_FILE, Doubles, Model, features, probabilities
from bot.matching.prepared import body_of
from bot.matching.search import Piece, search
from bot.matching.signals import SIGNALS, Candidates

if TYPE_CHECKING:
    from bot.domain.ticket import Ticket
    from bot.matching.nearest import Mask
    from bot.ports import Embedder

FITTED_ON = ("banking77", "hadoop")
SEED = 20261123
MEMBERS = (0, 0, 1, 3, 5, 10)  # attached pieces a ticket, one round of lessons each
ASKED = 600  # pieces a round
HIDDEN = 0.25
TAUGHT = 5  # candidates a piece that the calibration learns from: those that a person would see
THRESHOLD = 0.9


@dataclass(frozen=True, slots=True)
class Lesson:
    """One piece's candidates and which of them are right.

    is_complete: the others are known to be wrong; of duplicates that nobody marked it is not known.
    weight: what the lesson counts.
    """

    found: Candidates
    right: Mask
    is_complete: bool
    weight: float = 1.0


def lessons(directory: Path, embedder: Embedder) -> list[Lesson]:
    """Return the folder's lessons; each weighs 1/√(their number): a big folder doesn't drown a small one."""
    rows = read_tickets(directory / "tickets.csv")
    tickets, random = as_tickets(rows), np.random.default_rng(SEED)
    found: list[Lesson] = []
    if (directory / "history.csv").exists():
        history = read_history(directory / "history.csv", rows)
        for members in MEMBERS:
            found += _from_history(tickets, history, members, embedder, random)
    if (directory / "duplicates.csv").exists():
        pairs = read_duplicates(directory / "duplicates.csv", rows)
        found += _from_duplicates(tickets, pairs, embedder, random)
    return [replace(one, weight=len(found) ** -0.5) for one in found]


def _from_history(
    tickets: list[Ticket],
    history: Sequence[HistoryRow],
    members: int,
    embedder: Embedder,
    random: np.random.Generator,
) -> list[Lesson]:
    ids = {ticket.key: ticket.id for ticket in tickets}
    attached: dict[int, list[Member]] = {ticket.id: [] for ticket in tickets}
    asked: list[tuple[Piece, set[int]]] = []
    for at in random.permutation(len(history)).tolist():
        row, own = history[at], attached[ids[history[at].ticket_key]]
        if len(own) < members:
            own.append(Member(at, ids[row.ticket_key], row.piece.text))
        elif len(asked) < ASKED:
            asked.append((Piece(at, row.piece.text), {ids[row.ticket_key]}))
    shown = [ticket for ticket in tickets if random.random() >= HIDDEN]
    attached_ones = [member for own in attached.values() for member in own]
    return _asked(shown, attached_ones, asked, embedder, is_complete=True)


def _from_duplicates(
    tickets: list[Ticket], pairs: Sequence[tuple[str, str]], embedder: Embedder, random: np.random.Generator
) -> list[Lesson]:
    by_key = {ticket.key: ticket for ticket in tickets}
    right: dict[str, set[int]] = {}
    for one, other in pairs:
        right.setdefault(one, set()).add(by_key[other].id)
    asked = []
    for key, ids in right.items():
        ticket = by_key[key]
        hidden = ids if random.random() < HIDDEN else set()
        text = f"{ticket.title}. {body_of(ticket.body)}"
        asked.append((Piece(ticket.id, text, rejected=frozenset({ticket.id} | hidden)), ids))
    return _asked(tickets, [], asked, embedder, is_complete=False)


def _asked(
    tickets: list[Ticket],
    members: list[Member],
    asked: list[tuple[Piece, set[int]]],
    embedder: Embedder,
    *,
    is_complete: bool,
) -> list[Lesson]:
    index = TicketIndex(embedder)
    index.put(tickets)
    index.attach(members)
    answers = search(index, [piece for piece, _ in asked])
    return [
        Lesson(found, np.isin(found.ticket_ids, sorted(right)), is_complete)
        for (_, right), (_, found) in zip(asked, answers, strict=True)
    ]


def fit_rank(taught: Sequence[Lesson]) -> Doubles:
    """Return the weights of SIGNALS that make the right candidates likeliest (conditional logit)."""
    useful = [one for one in taught if one.right.any() and not one.right.all()]

    def slope(weights: Doubles) -> tuple[Doubles, Doubles]:
        gradient, curve = 1e-3 * weights, 1e-3 * np.eye(len(weights))
        for one in useful:
            signals = one.found.signals.astype(np.float64)
            logits = signals @ weights
            chance = np.exp(logits - logits.max())
            chance /= chance.sum()
            right = np.where(one.right, chance, 0) / chance[one.right].sum()
            mean = chance @ signals
            gradient = gradient + one.weight * (mean - right @ signals)
            curve = curve + one.weight * ((signals.T * chance) @ signals - np.outer(mean, mean))
        return gradient, curve

    return _minimum(slope, np.ones(len(SIGNALS)))


def fit_calibration(taught: Sequence[Lesson], rank: Doubles) -> Doubles:
    """Return the weights of FEATURES that make the score a probability (logistic regression)."""
    rows, right, weight = [], [], []
    for one in [one for one in taught if one.is_complete] or taught:
        measured = features(one.found, rank)
        top = np.argsort(-measured[:, FEATURES.index("rank")], kind="stable")[:TAUGHT]
        rows.append(measured[top])
        right.append(one.right[top])
        weight.append(np.full(len(top), one.weight))
    x, y, w = np.concatenate(rows), np.concatenate(right).astype(np.float64), np.concatenate(weight)

    def slope(weights: Doubles) -> tuple[Doubles, Doubles]:
        chance = probabilities(x @ weights)
        curve = (x.T * (w * chance * (1 - chance))) @ x
        return x.T @ (w * (chance - y)) + 1e-3 * weights, curve + 1e-3 * np.eye(len(weights))

    return _minimum(slope, np.zeros(len(FEATURES)))


def _minimum(slope: Callable[[Doubles], tuple[Doubles, Doubles]], start: Doubles) -> Doubles:
    """Return where Newton's method comes to rest. slope: gives the gradient and the second derivatives."""
    weights = start
    for _ in range(100):
        step = np.linalg.solve(*reversed(slope(weights)))
        weights = weights - step
        if np.abs(step).max() < 1e-8:
            break
    return weights


def fit(taught: Sequence[Lesson]) -> Model:
    """Return the model that the lessons teach."""
    rank = fit_rank(taught)
    return Model("unnamed", rank, fit_calibration(taught, rank))


def figures_of(model: Model, asked: Sequence[Lesson]) -> dict[str, float | None]:
    """Return how the first candidates do; "sure" are those that score THRESHOLD or more."""
    first = [(one, model.scores(one.found)) for one in asked if len(one.found.ticket_ids)]
    scores = np.array([score.max() for _, score in first])
    right = np.array([bool(one.right[score.argmax()]) for one, score in first])
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
    """Fit on the folders, write the model, and print how weights fitted on the other folders do on each."""
    parser = argparse.ArgumentParser(prog="python -m bot.matching.fit", description="Fit the matching model.")
    parser.add_argument("directories", nargs="*", type=Path, metavar="DIR")
    parser.add_argument("--out", type=Path, default=MODEL_FILE)
    parser.add_argument("--embedder", default="wordllama")
    chosen = parser.parse_args(arguments)
    home = Path(os.environ.get("VOC_DATA_DIR", "../shared/data"))
    embedder = embedder_named(chosen.embedder)
    taught = {
        path.name: lessons(path, embedder)
        for path in chosen.directories or [home / name for name in FITTED_ON]
    }
    model = fit([one for some in taught.values() for one in some])
    transfer = {
        name: figures_of(fit([one for other, some in taught.items() if other != name for one in some]), asked)
        for name, asked in taught.items()
        if len(taught) > 1
    }
    data = {
        "name": f"linear-{SEED}",
        "embedder": embedder.name,
        "fitted_on": {name: len(some) for name, some in taught.items()},
        "made_by": "python -m bot.matching.fit",
        "fitted_on_the_others": transfer,
        "rank": dict(zip(SIGNALS, model.rank.round(4).tolist(), strict=True)),
        "calibrate": dict(zip(FEATURES, model.calibrate.round(4).tolist(), strict=True)),
    }
    chosen.out.write_text(json.dumps(data, indent=2) + "\n", "utf-8")
    sys.stdout.write(f"{chosen.out}\n{json.dumps(data, indent=2)}\n")


if __name__ == "__main__":
    main()
