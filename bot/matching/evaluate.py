"""How well matching does on a folder whose right answers are known: figures to compare and to decide by."""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bot.domain.match import Decision
from bot.matching.dataset import Dataset, FeedbackRow, HistoryRow, as_tickets, read_dataset
from bot.matching.decide import Thresholds
from bot.matching.embed import embedder_named
from bot.matching.index import Member, TicketIndex
from bot.matching.matcher import Matcher
from bot.matching.metrics import auc, average_precision, hit_rate, mean_reciprocal_rank
from bot.matching.model import Doubles, Model, load_model
from bot.matching.search import SIGNALS, Piece, search

if TYPE_CHECKING:
    from bot.matching.view import Whole
    from bot.ports import Embedder

EXAMPLES = (0, 1, 3, 5, 10, 30)
SEED = 20261123
PEERS = ("dense", "bm25", "tfidf", "grams")


@dataclass(frozen=True, slots=True)
class _Judged:
    """One piece with its answers.

    ticket_ids: its candidates; columns: their scores, by scorer; fits: the answers by ticket id.
    """

    ticket_ids: Whole
    columns: dict[str, Doubles]
    fits: dict[int, bool]

    def rank(self, scorer: str) -> int | None:
        """Return the place, from 1, of the first ticket that fits; on a tie the lowest ticket id is first."""
        order = np.argsort(-self.columns[scorer], kind="stable")
        places = (place for place, at in enumerate(order, 1) if self.fits.get(int(self.ticket_ids[at])))
        return next(places, None)

    def pairs(self, scorer: str) -> Iterable[tuple[bool, float]]:
        """Yield (fits, score) of each judged pair; 0.0 for a ticket that was not scored."""
        scores = dict(zip(self.ticket_ids.tolist(), self.columns[scorer].tolist(), strict=True))
        return ((fits, scores.get(ticket_id, 0.0)) for ticket_id, fits in self.fits.items())


def run(directory: Path, embedder_name: str) -> dict[str, Any]:
    """Return the figures of the folder, ready for JSON; None where its data can't give one.

    The tickets have history.csv's pieces attached; `learning` attaches that many examples to each instead.
    retrieval: over the pieces that some ticket fits. pairs: over the rows that name a ticket, where some fit
    and some don't. decision: over every judged piece; attaching what truth.csv doesn't call fitting is wrong.
    peers: each signal alone. memory_mb: the process's peak.
    Raises RequestError for unreadable data, SettingError for an unknown embedder.
    """
    data, embedder, model = read_dataset(directory), embedder_named(embedder_name), load_model()
    tickets = as_tickets(data.tickets)
    ids = {ticket.key: ticket.id for ticket in tickets}
    history = _members(data.history, ids)
    index = TicketIndex(embedder)
    index.put(tickets)
    learning = [_learnt(index, embedder, model, data, ids, examples) for examples in EXAMPLES if history]
    matcher = Matcher(embedder, model, Thresholds())
    matcher.index(tickets, history)
    index.attach(history)
    judged = _judged(index, embedder, model, data, ids)
    return {
        "embedder": embedder.name,
        "retrieval": _retrieval(judged, "score"),
        "pairs": _pairs(judged),
        "decision": _decision(matcher, data, ids),
        "learning": learning or None,
        "speed": _speed(matcher, data.feedback),
        "memory_mb": _peak_memory_mb(),
        "peers": {name: _retrieval(judged, name) | {"auc": _auc(judged, name)} for name in PEERS},
    }


def _pieces(rows: Sequence[FeedbackRow]) -> list[Piece]:
    return [Piece(number, row.text) for number, row in enumerate(rows, 1)]


def _members(history: Sequence[HistoryRow], ids: dict[str, int]) -> list[Member]:
    return [Member(at, ids[row.ticket_key], row.piece.text) for at, row in enumerate(history, 1)]


def _answers(data: Dataset, ids: dict[str, int]) -> dict[str, dict[int, bool]]:
    """Return each judged piece's answers by ticket id; empty where no ticket fits."""
    answers: dict[str, dict[int, bool]] = {}
    for row in data.truth:
        known = answers.setdefault(row.feedback_id, {})
        if row.ticket_key:
            known[ids[row.ticket_key]] = row.fits
    return answers


def _judged(
    index: TicketIndex, embedder: Embedder, model: Model, data: Dataset, ids: dict[str, int]
) -> list[_Judged]:
    answers = _answers(data, ids)
    rows = [row for row in data.feedback if row.id in answers]
    wanted = [list(answers[row.id]) for row in rows]
    found = search(index.view, embedder, _pieces(rows), wanted)
    judged = []
    for row, (_, candidates) in zip(rows, found, strict=True):
        columns = dict(zip(SIGNALS, candidates.signals.T.astype(np.float64), strict=True))
        columns["score"] = model.scores(candidates)
        judged.append(_Judged(index.view.ticket_ids[candidates.columns], columns, answers[row.id]))
    return judged


def _retrieval(judged: Sequence[_Judged], scorer: str) -> dict[str, float | None]:
    ranks = [one.rank(scorer) for one in judged if any(one.fits.values())]
    if not ranks:
        return dict.fromkeys(("top1", "top3", "top10", "mrr"))
    hits = {f"top{top}": round(hit_rate(ranks, top), 4) for top in (1, 3, 10)}
    return {**hits, "mrr": round(mean_reciprocal_rank(ranks), 4)}


def _pairs(judged: Sequence[_Judged]) -> dict[str, float | None]:
    pairs = [pair for one in judged for pair in one.pairs("score")]
    if len({fits for fits, _ in pairs}) < 2:
        return dict.fromkeys(("auc", "average_precision", "brier"))
    fits, scores = np.array(pairs).T
    return {
        "auc": _rounded(auc(fits, scores)),
        "average_precision": _rounded(average_precision(fits, scores)),
        "brier": round(float(np.mean((scores - fits) ** 2)), 4),
    }


def _auc(judged: Sequence[_Judged], scorer: str) -> float | None:
    pairs = [pair for one in judged for pair in one.pairs(scorer)]
    return _rounded(auc(*np.array(pairs).T)) if pairs else None


def _rounded(figure: float | None) -> float | None:
    return None if figure is None else round(figure, 4)


def _decision(matcher: Matcher, data: Dataset, ids: dict[str, int]) -> dict[str, float | None]:
    answers = _answers(data, ids)
    rows = [row for row in data.feedback if row.id in answers]
    attached = [
        verdict.best is not None and answers[row.id].get(verdict.best.ticket_id, False)
        for row, verdict in zip(rows, matcher.match(_pieces(rows)), strict=True)
        if verdict.decision is Decision.ATTACHED
    ]
    wrong = len(attached) - sum(attached)
    return {
        "threshold": Thresholds().attach,
        "precision": round(sum(attached) / len(attached), 4) if attached else None,
        "coverage": round(len(attached) / len(rows), 4) if rows else None,
        "wrong_attach_share": round(wrong / len(rows), 4) if rows else None,
    }


def _learnt(
    index: TicketIndex, embedder: Embedder, model: Model, data: Dataset, ids: dict[str, int], examples: int
) -> dict[str, float | int | None]:
    """Return how retrieval does with that many examples a ticket; the index is left as it was."""
    members = _members(data.history, ids)
    chosen: dict[int, list[Member]] = {}
    for at in np.random.default_rng(SEED).permutation(len(members)).tolist():
        own = chosen.setdefault(members[at].ticket_id, [])
        if len(own) < examples:
            own.append(members[at])
    some = [member for own in chosen.values() for member in own]
    index.attach(some)
    figures = _retrieval(_judged(index, embedder, model, data, ids), "score")
    index.detach([(member.feedback_id, member.ticket_id) for member in some])
    return {"examples": examples, "top1": figures["top1"], "top3": figures["top3"]}


def _speed(matcher: Matcher, rows: Sequence[FeedbackRow]) -> dict[str, float | None]:
    start = time.perf_counter()
    matcher.match(_pieces(rows))
    seconds = time.perf_counter() - start
    return {"pieces_per_second": round(len(rows) / seconds, 1) if rows else None}


def _peak_memory_mb() -> float:
    """Return the process's highest resident size; macOS counts bytes, Linux kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1 << 20 if sys.platform == "darwin" else 1 << 10), 1)


def render(result: dict[str, Any]) -> str:
    """Return the figures as lines of text, "-" for what the data can't give."""
    lines = [f"{'embedder':20}{result['embedder']}"]
    lines += [_line(name, result[name]) for name in ("retrieval", "pairs", "decision", "speed")]
    lines.append(f"{'memory_mb':20}{_figure(result['memory_mb'])}")
    lines += [_line("learning", row) for row in result["learning"] or []]
    lines += [_line(f"{name} alone", figures) for name, figures in result["peers"].items()]
    return "\n".join(lines)


def _line(name: str, figures: dict[str, Any]) -> str:
    return f"{name:20}" + "  ".join(f"{what} {_figure(figure)}" for what, figure in figures.items())


def _figure(figure: float | None) -> str:
    return "-" if figure is None else f"{figure:g}"
