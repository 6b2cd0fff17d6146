"""How Voc is doing: sources, work in hand, what was made of the feedback, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.effect import EffectState
from bot.domain.precision import Share
from bot.domain.trust import AUDITS_WEIGHED, Trust
from bot.ports import Clock
from bot.repositories import SourceHealth, Stop, Switches, Work

UNDONE_IN = timedelta(weeks=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A snapshot for `/voc status` and `python -m bot status`.

    acts: outward acts by (kind, state), marks left out. trusts: by project. checked: of the newest sampled
    links that people answered, how many stood. linked, undone: automatic links of the last UNDONE_IN.
    model: the version in use, None for the shipped one. stopped: who stopped all outward acts, if anybody.
    """

    at: datetime
    sources: tuple[SourceHealth, ...]
    unreadable: int
    conversations: int
    tickets: int
    pieces: Mapping[str, int]
    acts: Mapping[tuple[str, EffectState], int]
    projects: tuple[Switches, ...]
    trusts: Mapping[str, Trust]
    checked: Share
    linked: int
    undone: int
    model: str | None
    stopped: Stop | None = None


def status_of(work: Work, clock: Clock) -> Status:
    """Return how things stand now."""
    now = clock.now()
    with work() as unit:
        active, trusts = unit.models.active(), unit.trusts.all()
        switches = {project: Switches(project=project) for project in trusts}
        switches |= {known.project: known for known in unit.projects.all()}
        return Status(
            at=now,
            sources=tuple(unit.sources.all()),
            unreadable=unit.sources.count_set_aside(),
            conversations=unit.conversations.count(),
            tickets=unit.tickets.count(),
            pieces=dict(unit.pieces.counts()),
            acts={key: n for key, n in unit.effects.counts().items() if not key[0].startswith("mark:")},
            projects=tuple(switches[project] for project in sorted(switches)),
            trusts=trusts,
            checked=unit.answers.checked(AUDITS_WEIGHED),
            linked=unit.audits.count_links(now - UNDONE_IN, now),
            undone=unit.matches.undone(now - UNDONE_IN, now),
            model=active.name if active else None,
            stopped=unit.writes.stopped(),
        )


def stop_words(stop: Stop) -> str:
    """Return, loudly, that nothing goes out, since when, and what to do."""
    since = f"{stop.at:%Y-%m-%d %H:%M} UTC"
    return (
        f"ALL WRITES ARE STOPPED since {since}, by {stop.by}: no ticket is written to and nothing is posted. "
        "What is due waits. To go on: python -m bot writes resume"
    )


def checked_words(status: Status) -> str:
    """Return how well automatic links do, as far as people were asked."""
    checked = status.checked
    if not checked.of:
        return "no automatic link was checked yet: precision not yet measured"
    stood = f"{checked.right / checked.of:.1%} stood ({interval_words(checked)})"
    return f"of the last {checked.of:,} automatic links that were checked, {stood}"


def undone_words(status: Status) -> str:
    """Return how many automatic links people took back, asked or not."""
    days = f"in the last {UNDONE_IN.days} days"
    if not status.linked and not status.undone:
        return f"no automatic links {days}"
    return f"{status.linked:,} automatic links made and {status.undone:,} undone {days}"


def switch_words(status: Status, switches: Switches) -> str:
    """Return e.g. "project APP: attach on (opened by 61 of 61 answers, from a score of 0.93), write off"."""
    trust = status.trusts.get(switches.project, Trust(project=switches.project))
    write = "on" if switches.write else "off"
    return f"project {switches.project}: attach {attach_words(switches, trust)}, write {write}"


def attach_words(switches: Switches, trust: Trust) -> str:
    """Return whether Voc attaches by itself in the project, and why."""
    word = "on" if switches.attach else "off"
    if switches.by and switches.attach and trust.is_measured:
        return f"{word} (set by {switches.by}; {trust.shown} answers right, {interval_words(trust.shown)})"
    if switches.by:
        unmeasured = ": precision not yet measured" if switches.attach else ""
        return f"{word} (set by {switches.by}{unmeasured})"
    if switches.attach:
        score = "" if trust.threshold is None else f", from a score of {trust.threshold:.2f}"
        return f"{word} (opened by {trust.turned_by} answers{score})"
    so_far = f"{trust.shown} answers right so far" if trust.shown.of else "no answers yet"
    if trust.has_closed:
        so_far = f"closed: {trust.turned_by} stood; since then {so_far}"
    return f"{word} ({so_far})"


def interval_words(share: Share) -> str:
    """Return e.g. "95 % interval 90.5%–98.6%"."""
    low, high = share.interval
    return f"95 % interval {low:.1%}–{high:.1%}"
