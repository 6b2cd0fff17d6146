"""Audits: a sample of what Voc attached by itself is put to people."""

from __future__ import annotations

import logging

from bot.domain.trust import Sampling
from bot.domain.week import Week, week_of
from bot.ports import Clock
from bot.repositories import Link, UnitOfWork, Work
from bot.services.marks import CARD, mark

log = logging.getLogger(__name__)

WEEKS = 3  # looked at again: a process that was down fills up the weeks that it missed
ZONE = "UTC"


def sample(work: Work, clock: Clock, sampling: Sampling) -> int:
    """Put the links of this week and those before it to people, as many as the rule wants; return how many.

    A link is drawn by its piece's id alone, also where somebody has undone or confirmed it by then: leaving
    these out would make the sample better, or worse, than what it stands for.
    """
    now = clock.now()
    this_week = week_of(now, ZONE)
    with work() as unit:
        unit.take_turn()
        added = [
            link
            for ago in range(WEEKS)
            for link in _drawn(unit, this_week.after(-ago), sampling, is_over=ago > 0)
            if unit.audits.add(link, now)
        ]
        for link in added:
            mark(unit, CARD, link.feedback_id, now)
        unit.commit()
    if added:
        log.info("links sampled", extra={"links": len(added)})
    return len(added)


def _drawn(unit: UnitOfWork, week: Week, sampling: Sampling, *, is_over: bool) -> list[Link]:
    links = unit.audits.links(week.start, week.end)
    chosen = set(sampling.of_week([link.feedback_id for link in links], is_over=is_over))
    return [link for link in links if link.feedback_id in chosen]
