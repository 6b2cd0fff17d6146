"""Themes are kept: what is new finds its theme at once, and once a day all is clustered anew."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.theme import Seat, Theme, ThemeState
from bot.matching.naming import Name
from bot.matching.themes import floor_of
from bot.matching.vectors import VectorCache, vectors_of
from bot.ports import Clock, Embedder
from bot.repositories import UnitOfWork, Work
from bot.services.theme_plans import Cluster, Plan, Pool, anew, joined

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(weeks=26)
MOST_PIECES = 20_000
REMEMBERED = 50  # pieces of a dismissed theme, however old: by these it knows its like
TRIES = 3  # a person decided meanwhile: what they said counts, so all is worked out again
OPEN = (ThemeState.LIVING, ThemeState.DISMISSED)
LEAVING = (ThemeState.CREATING, ThemeState.TICKETED)
UNDETERMINED = "und"


@dataclass(frozen=True, slots=True)
class Gatherer:
    """What keeping themes needs. embedder: loads it when first asked."""

    work: Work
    reading: Work
    clock: Clock
    embedder: Callable[[], Embedder]
    cache: VectorCache | None = None


def update_themes(gatherer: Gatherer) -> int:
    """Bring the themes up to date; return how many pieces of theirs were looked at."""
    with gatherer.work() as unit:
        unit.take_turn()
        shrunk = frozenset(unit.themes.leave_matched())
        unit.commit()
    for _ in range(TRIES):
        pool, is_due = _pool(gatherer), _is_due(gatherer)
        if not is_due and not shrunk and all(place.seat is not None for place in pool.places.values()):
            return 0
        plan = _plan(gatherer, pool, shrunk, is_due=is_due)
        if _store(gatherer, pool, plan):
            placed = sum(len(cluster.members) for cluster in plan.clusters)
            counts = {"pieces": len(pool.voices), "placed": placed, "themes": len(plan.clusters)}
            log.info("themes updated", extra={**counts, "anew": is_due})
            return placed
    log.warning("themes not updated", extra={"tries": TRIES})
    return 0


def _plan(gatherer: Gatherer, pool: Pool, shrunk: frozenset[int], *, is_due: bool) -> Plan:
    embedder = gatherer.embedder()
    vectors = vectors_of([voice.words for voice in pool.voices], embedder, gatherer.cache)
    floor = floor_of(vectors, embedder)
    return anew(pool, vectors, floor) if is_due else joined(pool, vectors, floor, shrunk)


def _day(now: datetime) -> str:
    return f"themes {now:%Y-%m-%d}"


def _is_due(gatherer: Gatherer) -> bool:
    """Return whether all is yet to be clustered today; only storing the outcome makes it so."""
    now = gatherer.clock.now()
    with gatherer.work() as unit:
        return unit.deliveries.is_new("voc", _day(now), now)


def _pool(gatherer: Gatherer) -> Pool:
    languages = {*gatherer.embedder().languages, UNDETERMINED}
    with gatherer.reading() as unit:
        leaving = {theme.id for theme in unit.themes.all(LEAVING)}
        themes = {theme.id: theme for theme in unit.themes.all(OPEN)}
        known = unit.themes.unmatched(gatherer.clock.now() - LOOK_BACK, limit=MOST_PIECES)
        known += unit.themes.of(_remembered(unit, themes))
        places = {place.feedback_id: place for place in known if place.theme_id not in leaving}
        voices = unit.pieces.voices(list(places))
        decisions = unit.themes.decisions()
    own = [voice for voice in voices if voice.language in languages]
    own.sort(key=lambda voice: (voice.said_at, voice.source, voice.external_id, voice.ordinal))
    foreign = sorted(places.keys() - {voice.feedback_id for voice in own})
    return Pool(own, places, themes, foreign, decisions)


def _remembered(unit: UnitOfWork, themes: Mapping[int, Theme]) -> list[int]:
    dismissed = [theme.id for theme in themes.values() if theme.state is ThemeState.DISMISSED]
    return [piece for pieces in unit.themes.members(dismissed).values() for piece in pieces[-REMEMBERED:]]


def _store(gatherer: Gatherer, pool: Pool, plan: Plan) -> bool:
    """Store the plan unless a person decided meanwhile; return whether it stands."""
    now = gatherer.clock.now()
    with gatherer.work() as unit:
        unit.take_turn()
        if unit.themes.decisions() != pool.decisions:
            return False
        if plan.seat is Seat.CLUSTERED:
            unit.deliveries.is_new("voc", _day(now), now)
        for cluster in plan.clusters:
            theme_id = _stored(unit, cluster, plan.seat, now)
            unit.themes.place(_taking(pool, cluster, plan.seat, theme_id), plan.seat)
        unit.themes.place(dict.fromkeys(plan.waiting), plan.seat)
        for theme_id, into in (plan.ended or {}).items():
            unit.themes.change(theme_id, state=ThemeState.MERGED, into=into)
        unit.commit()
    return True


def _taking(pool: Pool, cluster: Cluster, seat: Seat, theme_id: int) -> dict[int, int | None]:
    """Return the cluster's pieces that take a seat in it: those not held, of a live plan the new ones."""
    places = [pool.places[voice.feedback_id] for voice in cluster.members]
    stay = {Seat.HELD} if seat is Seat.CLUSTERED else set(Seat)
    return {place.feedback_id: theme_id for place in places if place.seat not in stay}


def _stored(unit: UnitOfWork, cluster: Cluster, seat: Seat, now: datetime) -> int:
    """Store the theme as the cluster has it, and return its id."""
    said = [voice.said_at for voice in cluster.members]
    facts: dict[str, Any] = {"central": cluster.central, "is_settled": seat is Seat.CLUSTERED}
    known = cluster.theme
    if known is None:
        name = cluster.name or Name("", ())
        return unit.themes.add(
            name=name.words,
            terms=name.terms,
            first_heard=min(said),
            last_heard=max(said),
            now=now,
            came_from=cluster.came_from,
            **facts,
        ).id
    if cluster.name:
        facts |= {"name": cluster.name.words, "terms": cluster.name.terms}
    facts |= {"first_heard": min(known.first_heard, *said), "last_heard": max(known.last_heard, *said)}
    facts["is_settled"] |= known.is_settled
    unit.themes.change(known.id, **facts)
    return known.id
