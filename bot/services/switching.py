"""An admin sets a project's switches and its threshold."""

from __future__ import annotations

from dataclasses import replace

from bot.errors import RequestError
from bot.i18n import later
from bot.ports import Clock
from bot.repositories import Switches, UnitOfWork, Work
from bot.services.marks import ANNOTATION, mark

FORM = later("A score is a number from 0 to 1, e.g. 0.9.")


def switched(
    work: Work, clock: Clock, project: str, by: str, *, attach: bool | None = None, write: bool | None = None
) -> Switches:
    """Set the switches that are given and return both; tickets follow where writing begins."""
    now = clock.now()
    with work() as unit:
        unit.take_turn()
        before = unit.projects.switches(project)
        is_set = attach == before.attach and before.by and by  # by whom first, stays
        after = before if attach is None or is_set else replace(before, attach=attach, by=by)
        after = after if write is None else replace(after, write=write)
        if after != before:
            unit.projects.set(project, attach=after.attach, write=after.write, by=after.by, now=now)
            if after.write and not before.write:
                for ticket_id in unit.matches.tickets_with_voices(project):
                    mark(unit, ANNOTATION, ticket_id, now)
            unit.commit()
    return after


def threshold_set(unit: UnitOfWork, project: str) -> float | None:
    """Return the score from which on Voc attaches there as an admin set it, None where nobody did."""
    chosen = unit.preferences.get(_name(project))
    return None if chosen is None else float(chosen)


def set_threshold(work: Work, clock: Clock, project: str, written: str, by: str) -> None:
    """Set the score from which on Voc attaches in the project; "" for what its answers earn."""
    score = score_of(written)
    with work() as unit:
        value = None if score is None else repr(score)
        if unit.preferences.get(_name(project)) != value:
            unit.preferences.put(_name(project), value, by=by, now=clock.now())
            unit.commit()


def score_of(written: str) -> float | None:
    """Return the score that is written, None for "". Raises RequestError for what is none."""
    try:
        score = float(written.replace(",", ".")) if written.strip() else None
    except ValueError as exc:
        raise RequestError(FORM) from exc
    if score is not None and not 0.0 <= score <= 1.0:
        raise RequestError(FORM)
    return score


def _name(project: str) -> str:
    return f"attach_at:{project}"
