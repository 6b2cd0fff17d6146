"""How long a refit from many answers takes, while a match goes on beside it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import numpy as np

from benchmarks.figures import Figure, median
from bot.domain.answer import Answer, AnswerKind, Proposal
from bot.domain.match import Candidate
from bot.matching.learn import LOG_MEMBERS, refit
from bot.matching.model import load_model
from bot.matching.signals import SIGNALS

ANSWERS, CANDIDATES, RUNS, SEED = 10_000, 5, 3, 20261123


def refit_seconds() -> Iterator[Figure]:
    """Yield the seconds of a refit, reading the answers' signals and judging the outcome included."""
    answers, shipped = _answers(), load_model()
    seconds = []
    for _ in range(RUNS):
        started = time.perf_counter()
        refit(answers, shipped, shipped, "benchmark")
        seconds.append(time.perf_counter() - started)
    yield median("refit_10k_answers_seconds", seconds, "s", wanted="< 60")


def _answers() -> list[Answer]:
    """Return answers to random candidates, the first of them right in three of four."""
    draw = np.random.default_rng(SEED)
    names, at = (*SIGNALS, LOG_MEMBERS), datetime(2026, 11, 23, tzinfo=UTC)
    made = []
    for number in range(ANSWERS):
        rows = np.sort(draw.uniform(0, 1, (CANDIDATES, len(names))), axis=0)[::-1]
        found = tuple(
            Candidate(place, 0.5, (), dict(zip(names, row.tolist(), strict=True)))
            for place, row in enumerate(rows)
        )
        kind, chosen = (AnswerKind.TICKET, 0) if draw.random() < 0.75 else (AnswerKind.NOT_FEEDBACK, None)
        about = Proposal(ticket_id=0, candidates=found)
        made.append(Answer(feedback_id=number, kind=kind, ticket_id=chosen, by="U1", at=at, about=about))
    return made
