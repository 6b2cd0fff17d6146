"""What Voc makes of the judged pieces: its ranking and its decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from bot.domain.match import Decision, Verdict
from bot.matching.decide import Thresholds
from bot.matching.evaluation.judged import Ranked, ranked
from bot.matching.head import fit_head
from bot.matching.index import TicketIndex
from bot.matching.matcher import Matcher
from bot.matching.model import load_model
from bot.matching.search import search

if TYPE_CHECKING:
    from bot.matching.dataset import HistoryRow
    from bot.matching.evaluation.judged import Case, Mask
    from bot.matching.evaluation.memo import Memo
    from bot.matching.metrics import Doubles


@dataclass(frozen=True, slots=True)
class Decided:
    """What the matcher decided on each judged piece.

    stated: its first candidate's score, 0.0 without one; right: whether that one fits; attached: by itself.
    """

    stated: Doubles
    right: Mask
    attached: Mask


def matcher_of(case: Case, memo: Memo, history: Sequence[HistoryRow]) -> Matcher:
    """Return the matcher as production makes it, with the tickets and the history attached to them."""
    matcher = Matcher(memo, load_model(memo.name), Thresholds())
    matcher.index(case.tickets, case.members(history))
    return matcher


def decided(case: Case, matcher: Matcher) -> Decided:
    """Return the matcher's decisions on the judged pieces."""
    verdicts = matcher.match(case.judged)
    right = [_is_right(verdict, known) for verdict, known in zip(verdicts, case.answers, strict=True)]
    return Decided(
        np.array([verdict.best.score if verdict.best else 0.0 for verdict in verdicts]),
        np.array(right, dtype=np.bool_),
        np.array([verdict.decision is Decision.ATTACHED for verdict in verdicts], dtype=np.bool_),
    )


def _is_right(verdict: Verdict, known: dict[int, bool]) -> bool:
    return verdict.best is not None and known.get(verdict.best.ticket_id, False)


def ranking(case: Case, memo: Memo, history: Sequence[HistoryRow]) -> Ranked:
    """Return how tickets that have this history attached are ranked, and how judged pairs are scored.

    Places are among the candidates that the search finds by itself. A judged pair that it does not find is
    scored all the same, as one more candidate.
    """
    index = TicketIndex(memo)
    index.put(case.tickets)
    index.attach(case.members(history))
    index.head = fit_head(*index.examples())
    model = load_model(memo.name)
    found = [candidates for _, candidates in search(index, case.judged)]
    whole = [
        one if set(known) <= set(one.ticket_ids.tolist()) else next(search(index, [piece], [list(known)]))[1]
        for piece, known, one in zip(case.judged, case.answers, found, strict=True)
    ]
    ordered = [(one.ticket_ids, model.ranks(one)) for one in found]
    scored = [(one.ticket_ids, model.scores(one)) for one in whole]
    return Ranked(ranked(case.answers, ordered).places, ranked(case.answers, scored).scores)
