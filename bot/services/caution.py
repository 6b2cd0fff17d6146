"""When the matcher is sure and Voc asks all the same, and what it then says of why."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.match import Candidate, Decision, Reason, Verdict
from bot.domain.voice import Voice
from bot.services.around import Around
from bot.text.language import UNKNOWN, language_within, name_of

_MOST_NAMED = 3  # languages that are named as understood


def cautious(understood: frozenset[str], voice: Voice, context: Around, verdict: Verdict) -> Verdict:
    """Return the verdict, but a proposal, with the reason in front, where attaching would be rash.

    That is where the words are in a language that the embedder does not understand, and where the
    conversation names the ticket but may mean another of its asks.
    """
    best = verdict.best
    if verdict.decision is not Decision.ATTACHED or best is None:
        return verdict
    named = [reason.detail for reason in best.reasons if reason.kind == "reference"]
    if named:
        is_unsure = not context.unsure.isdisjoint(named)
        return _asking(verdict, best, Reason("asks", str(context.asks))) if is_unsure else verdict
    language = language_within(voice.words, voice.language)
    if language in {*understood, UNKNOWN}:
        return verdict
    return _asking(verdict, best, Reason("language", f"{name_of(language)}: {_reads(understood)}"))


def _asking(verdict: Verdict, best: Candidate, why: Reason) -> Verdict:
    return replace(verdict, decision=Decision.SUGGESTED, best=replace(best, reasons=(why, *best.reasons)))


def _reads(understood: frozenset[str]) -> str:
    if not 1 <= len(understood) <= _MOST_NAMED:
        return "Voc matches it less well"
    return f"Voc matches {' and '.join(sorted(map(name_of, understood)))} best"
