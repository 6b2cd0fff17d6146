"""An evaluation, from the folder to the figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bot.matching.dataset import read_dataset
from bot.matching.decide import Thresholds
from bot.matching.embed import embedder_named
from bot.matching.evaluation import figures
from bot.matching.evaluation.against import Peers
from bot.matching.evaluation.bootstrap import Draws
from bot.matching.evaluation.costs import peak_memory_mb, pieces_per_second
from bot.matching.evaluation.judged import Case, Ranked, case_of
from bot.matching.evaluation.memo import Memo, Memos
from bot.matching.evaluation.ours import decided, matcher_of, ranking
from bot.matching.evaluation.sample import Sample, attached, left_out, some_examples

if TYPE_CHECKING:
    from bot.matching.dataset import HistoryRow
    from bot.ports import Embedder

EXAMPLES = (0, 1, 3, 5, 10, 30)


def run(
    directory: Path,
    names: Sequence[str],
    sample: Sample | None = None,
    load: Callable[[str], Embedder] = embedder_named,
) -> dict[str, Any]:
    """Return the figures of the folder, ready for JSON; None where its data can't give one.

    names: of embedders; the first one's figures are at the top, the others' under `compared`.
    retrieval: over the pieces that some ticket fits. pairs: over the rows that name a ticket, where some fit
    and some don't. decision, calibration: over every judged piece; attaching what truth.csv doesn't call
    fitting is wrong. learning: with that many attached pieces a ticket instead. memory_mb: the process's peak
    before the peers; None where several embedders share it. paired: ours less the plain sum of four.
    Raises RequestError for unreadable data, SettingError for an unknown embedder.
    """
    sample, memos = sample or Sample(), Memos(load)
    case = case_of(left_out(read_dataset(directory), sample.leave_out, sample.seed))
    some, draws = attached(case.history, sample), Draws(len(case.judged), sample.seed)
    evaluation = _Evaluation(case, sample, some, draws)
    found = [evaluation.of(memo) for memo in [memos.named(name) for name in names]]
    if len(found) == 1:
        found[0][0]["memory_mb"] = peak_memory_mb()
    peers = Peers(case, case.members(some), memos, names)
    first, *others = [told | {"paired": peers.paired(ours, draws)} for told, ours in found]
    return first | {"peers": peers.told(draws), "data": evaluation.data, "compared": others}


@dataclass(frozen=True, slots=True)
class _Evaluation:
    """What the embedders share. attached: what of the history is attached; draws: of judged pieces."""

    case: Case
    sample: Sample
    attached: Sequence[HistoryRow]
    draws: Draws

    def of(self, memo: Memo) -> tuple[dict[str, Any], Ranked]:
        """Return the embedder's figures and its ranking."""
        matcher = matcher_of(self.case, memo, self.attached)
        made = decided(self.case, matcher)
        speed = pieces_per_second(matcher, memo, self.case.pieces)
        ours = ranking(self.case, memo, self.attached)
        told = {
            "embedder": memo.name,
            "retrieval": self.draws.told(figures.retrieval(self.case, ours)),
            "pairs": self.draws.told(figures.pairs(self.case, ours)),
            "decision": {"threshold": Thresholds().attach}
            | self.draws.told(figures.decision(self.case, made)),
            "calibration": figures.calibration(made, self.draws),
            "learning": [self._learnt(memo, examples) for examples in EXAMPLES if self.case.history] or None,
            "speed": {"pieces_per_second": speed},
            "memory_mb": None,
        }
        return told, ours

    def _learnt(self, memo: Memo, examples: int) -> dict[str, Any]:
        """Return how retrieval does with that many attached pieces a ticket."""
        some = some_examples(self.case.history, examples, self.sample.seed)
        found = figures.retrieval(self.case, ranking(self.case, memo, some))
        return {"examples": examples} | self.draws.told({name: found[name] for name in ("top1", "top3")})

    @property
    def data(self) -> dict[str, int | None]:
        """Return what the figures were measured on."""
        return {
            "pieces": len(self.case.pieces),
            "judged": len(self.case.judged),
            "answerable": int(self.case.answerable.sum()),
            "tickets": len(self.case.tickets),
            "attached": len(self.attached),
            "left_out": self.sample.leave_out,
            "examples": self.sample.examples,
            "seed": self.sample.seed,
        }
