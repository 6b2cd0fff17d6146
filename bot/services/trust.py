"""Each project's switch `attach` opens and closes by what its own answers show."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.precision import NONE_YET, Share, least_to_reach
from bot.domain.trust import AUDITS_WEIGHED, Trust, earned, shown_at
from bot.ports import Clock
from bot.repositories import Switches, UnitOfWork, Work

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Aim:
    """What is wanted. precision: of automatic links; attach_at: the shipped threshold."""

    precision: float = 0.95
    attach_at: float = 0.9


def review(work: Work, clock: Clock, aim: Aim) -> None:
    """Look at every project's answers anew: its threshold, what that shows, and whether the switch turns.

    What an admin set by hand stays as it is, on or off; its figures are kept up all the same.
    """
    now = clock.now()
    with work() as unit:
        unit.take_turn()
        known = {switches.project: switches for switches in unit.projects.all()}
        for project in sorted({*known, *unit.answers.projects()}):
            switches = known.get(project, Switches(project=project))
            before = unit.trusts.of(project)
            after = _looked_at(unit, before, switches, aim, now)
            if after == before:
                continue
            unit.trusts.save(after)
            if after.turned_at != before.turned_at:
                _turn(unit, switches, after, now)
        unit.commit()


def is_unmeasured(unit: UnitOfWork, project: str) -> bool:
    """Return whether Voc attaches there by an override alone, how well being not known yet."""
    switches = unit.projects.switches(project)
    return bool(switches.attach and switches.by) and not unit.trusts.of(project).is_measured


def _looked_at(unit: UnitOfWork, before: Trust, switches: Switches, aim: Aim, now: datetime) -> Trust:
    labels = unit.answers.labels(before.project, before.closed_at)
    found = earned(labels, aim.precision)
    threshold = found.threshold if found else before.threshold
    shown = shown_at(labels, aim.attach_at if threshold is None else threshold)
    is_measured = shown.of >= least_to_reach(aim.precision)
    trust = replace(before, threshold=threshold, shown=shown, is_measured=is_measured)
    if switches.by:
        return trust
    if not switches.attach:
        return replace(trust, turned_at=now, turned_by=found.shown, is_told=False) if found else trust
    checked = unit.answers.checked(AUDITS_WEIGHED, project=before.project, since=before.closed_at)
    return _closed(before.project, checked, now) if checked.misses(aim.precision) else trust


def _closed(project: str, checked: Share, now: datetime) -> Trust:
    """Return a fresh start: what opened the switch before would else open it again at once."""
    return Trust(
        project=project, shown=NONE_YET, turned_at=now, turned_by=checked, closed_at=now, is_told=False
    )


def _turn(unit: UnitOfWork, switches: Switches, trust: Trust, now: datetime) -> None:
    opens = not trust.has_closed
    unit.projects.set(switches.project, attach=opens, write=switches.write, by="", now=now)
    log.info("switch turned", extra={"project": trust.project, "opens": opens, "by": str(trust.turned_by)})
