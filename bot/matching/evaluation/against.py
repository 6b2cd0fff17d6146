"""The peers' figures in the same run, and whether ours are better on the same draws of pieces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.matching.evaluation import figures
from bot.matching.evaluation.bootstrap import Draws, Figure, unknown
from bot.matching.evaluation.judged import Ranked, ranked
from bot.matching.evaluation.peers import Corpus, Scorer, corpus_of, scorers, summed

if TYPE_CHECKING:
    from bot.matching.evaluation.judged import Case
    from bot.matching.evaluation.memo import Memos
    from bot.matching.index import Member

EMBEDDERS = ("wordllama", "minilm")
SUM, SUMMED = "sum_of_four", ("tfidf", "bm25", *EMBEDDERS)
PEER_FIGURES = ("top1", "top3", "top10", "mrr", "auc")
PAIRED = ("auc", "top10")


class Peers:
    """The judged pieces as the peers rank them; a sentence in place of a peer that can't run here.

    Each alone takes the nearest of a ticket's title, its title with its body, and what is attached to it. The
    sum of four is a published reference: titles only.
    """

    def __init__(self, case: Case, members: Sequence[Member], memos: Memos, names: Sequence[str]) -> None:
        self._case = case
        alone = scorers(memos, dict.fromkeys((*EMBEDDERS, *names)))
        whole = corpus_of(case.tickets, members, bodies=True)
        self._found = {name: self._ranked(whole, scorer) for name, scorer in alone.items()}
        titles = corpus_of(case.tickets, bodies=False)
        self._found[SUM] = self._ranked(titles, summed({name: alone[name] for name in SUMMED}))

    def _ranked(self, corpus: Corpus, scorer: Scorer | str) -> Ranked | str:
        if isinstance(scorer, str):
            return scorer
        queries = [piece.text for piece in self._case.judged]
        return ranked(self._case.answers, corpus.scored(scorer, queries))

    def told(self, draws: Draws) -> dict[str, Any]:
        """Return each peer's retrieval and AUC."""
        return {name: self._told(found, draws) for name, found in self._found.items()}

    def _told(self, found: Ranked | str, draws: Draws) -> dict[str, Any]:
        if isinstance(found, str):
            return draws.told(dict.fromkeys(PEER_FIGURES, unknown)) | {"note": found}
        return draws.told(self._figures(found))

    def _figures(self, found: Ranked) -> dict[str, Figure]:
        return figures.retrieval(self._case, found) | {"auc": figures.auc(self._case, found)}

    def paired(self, ours: Ranked, draws: Draws) -> dict[str, Any]:
        """Return ours less the sum of four, draw by draw."""
        reference = self._found[SUM]
        if isinstance(reference, str):
            told = draws.told(dict.fromkeys(PAIRED, unknown)) | {"note": reference}
        else:
            one, other = self._figures(ours), self._figures(reference)
            told = draws.told({name: figures.difference(one[name], other[name]) for name in PAIRED})
        return {"reference": SUM} | told
