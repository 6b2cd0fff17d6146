"""Fit the model's weights: python -m bot.matching.fit [DIR …]; without DIR, on USED in $VOC_DATA_DIR.

A folder gives lessons from its history.csv (earlier pieces with their tickets: some become members, others
are asked about). A quarter of the tickets is hidden, so that "none fits" is learnt too. Its duplicates.csv (a
ticket's words as a piece, its duplicates as the answer) teaches nothing: by it the weights are checked on
what they have not seen. feedback.csv and truth.csv are left to `evaluate`.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from bot.matching.dataset import HistoryRow, as_tickets, read_duplicates, read_history, read_tickets
from bot.matching.embed import embedder_named
from bot.matching.evaluation.memo import Memo
from bot.matching.head import fit_head
from bot.matching.index import Member, TicketIndex
from bot.matching.metrics import auc
from bot.matching.model import DEFAULT, FEATURES, Doubles, Model, features, probabilities, weights_of
from bot.matching.newton import minimum
from bot.matching.prepared import body_of
from bot.matching.search import Piece, search
from bot.matching.signals import SIGNALS, Candidates

if TYPE_CHECKING:
    from bot.domain.ticket import Ticket
    from bot.matching.newton import Slope
    from bot.ports import Embedder

USED = ("banking77", "hadoop")
SEED = 20261123
MEMBERS = (0, 1, 3, 5, 10, 30, 100)  # attached pieces a ticket, one round of lessons each
ASKED = 600  # pieces a round
HIDDEN = 0.25
TAUGHT = 5  # candidates a piece that the calibration learns from: those that a person would see
THRESHOLD = 0.9
# A weight that the lessons don't move is about one over how far its signal spreads: equal weights of what is
# comparable carry over to other trackers better than most that were fitted. Source: Dawes 1979.
PRIOR = {
    "dense": 8.0,
    "dense_title": 4.0,
    "cover": 12.0,
    "covered": 4.0,
    "bm25": 8.0,
    "tfidf": 4.0,
    "grams": 8.0,
    "head": 4.0,
}
PULL = 0.005  # towards it, against 60 lessons' worth of evidence
RIDGE = 1e-3  # only so that there is always one least point


Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Lesson:
    """One piece's candidates and which of them are right.

    weight: what the lesson counts.
    """

    found: Candidates
    right: Mask
    weight: float = 1.0


Answered = tuple["Candidates", "Mask"]


def lessons(directory: Path, embedder: Embedder) -> list[Lesson]:
    """Return the folder's lessons; each weighs 1/√(their number): a big folder doesn't drown a small one."""
    rows = read_tickets(directory / "tickets.csv")
    tickets, random = as_tickets(rows), np.random.default_rng(SEED)
    history = read_history(directory / "history.csv", rows)
    rounds = [_from_history(tickets, history, members, embedder, random) for members in MEMBERS]
    found = [one for some in rounds for one in some]
    return [Lesson(candidates, right, len(found) ** -0.5) for candidates, right in found]


def checks(directory: Path, embedder: Embedder) -> list[Lesson]:
    """Return what the folder's duplicates ask; that a candidate is wrong means that nobody marked it."""
    rows = read_tickets(directory / "tickets.csv")
    pairs = read_duplicates(directory / "duplicates.csv", rows)
    found = _from_duplicates(as_tickets(rows), pairs, embedder, np.random.default_rng(SEED))
    return [Lesson(candidates, right) for candidates, right in found]


def _from_history(
    tickets: list[Ticket],
    history: Sequence[HistoryRow],
    members: int,
    embedder: Embedder,
    random: np.random.Generator,
) -> list[Answered]:
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
    return _asked(shown, attached_ones, asked, embedder)


def _from_duplicates(
    tickets: list[Ticket], pairs: Sequence[tuple[str, str]], embedder: Embedder, random: np.random.Generator
) -> list[Answered]:
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
    return _asked(tickets, [], asked, embedder)


def _asked(
    tickets: list[Ticket],
    members: list[Member],
    asked: list[tuple[Piece, set[int]]],
    embedder: Embedder,
) -> list[Answered]:
    index = TicketIndex(embedder)
    index.put(tickets)
    index.attach(members)
    index.head = fit_head(*index.examples())
    answers = search(index, [piece for piece, _ in asked])
    return [
        (found, np.isin(found.ticket_ids, sorted(right)))
        for (_, right), (_, found) in zip(asked, answers, strict=True)
    ]


def fit_rank(taught: Sequence[Lesson]) -> Doubles:
    """Return the weights of SIGNALS that make the right candidates likeliest (conditional logit)."""
    useful = [one for one in taught if one.right.any() and not one.right.all()]
    prior = np.array([PRIOR[name] for name in SIGNALS])

    def slope(weights: Doubles) -> Slope:
        away = weights - prior
        value, gradient, curve = PULL / 2 * float(away @ away), PULL * away, PULL * np.eye(len(weights))
        for one in useful:
            signals = one.found.signals.astype(np.float64)
            logits = signals @ weights
            chance = np.exp(logits - logits.max())
            chance /= chance.sum()
            right = chance[one.right] / chance[one.right].sum()
            mean = chance @ signals
            value -= one.weight * float(np.log(chance[one.right].sum()))
            gradient = gradient + one.weight * (mean - right @ signals[one.right])
            curve = curve + one.weight * ((signals.T * chance) @ signals - np.outer(mean, mean))
        return value, gradient, curve

    return minimum(slope, prior)


def fit_calibration(taught: Sequence[Lesson], rank: Doubles) -> Doubles:
    """Return the weights of FEATURES that make the score a probability (logistic regression)."""
    rows, right, weight = [], [], []
    for one in taught:
        signals, there = one.found.signals.astype(np.float64), np.ones(len(one.right), dtype=np.bool_)
        top = np.argsort(-(signals @ rank), kind="stable")[:TAUGHT]
        rows.append(features(signals, np.log1p(one.found.members), rank, there)[top])
        right.append(one.right[top])
        weight.append(np.full(len(top), one.weight))
    x, y, w = np.concatenate(rows), np.concatenate(right).astype(np.float64), np.concatenate(weight)

    def slope(weights: Doubles) -> Slope:
        logits = x @ weights
        chance = probabilities(logits)
        value = float(w @ (np.logaddexp(0.0, logits) - y * logits)) + RIDGE / 2 * float(weights @ weights)
        curve = (x.T * (w * chance * (1 - chance))) @ x + RIDGE * np.eye(len(weights))
        return value, x.T @ (w * (chance - y)) + RIDGE * weights, curve

    return minimum(slope, np.zeros(len(FEATURES)))


def fit(taught: Sequence[Lesson]) -> Model:
    """Return the model that the lessons teach."""
    rank = fit_rank(taught)
    return Model("unnamed", rank, fit_calibration(taught, rank))


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
