"""How Voc is doing: sources, work in hand, what was made of the feedback, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.channel import ChannelTrouble
from bot.domain.effect import EffectState
from bot.domain.precision import Share
from bot.domain.trust import AUDITS_WEIGHED, Trust
from bot.i18n import forms, later, nlater, nt, t
from bot.ports import Clock
from bot.repositories import SourceHealth, Stop, Switches, Work

UNDONE_IN = timedelta(weeks=4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A snapshot for `/voc status` and `python -m bot status`.

    acts: outward acts by (kind, state), marks left out. trusts: by project. checked: of the newest sampled
    links that people answered, how many stood. linked, undone: automatic links of the last UNDONE_IN.
    model: the version in use, None for the shipped one. stopped: who stopped all outward acts, if anybody.
    channels: those that can't be posted to.
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
    channels: tuple[ChannelTrouble, ...] = ()


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
            channels=tuple(unit.channels.all()),
        )


STOPPED = later(
    "ALL WRITES ARE STOPPED since {since}, by {by}: no ticket is written to and nothing is posted. What is "
    "due waits. To go on: python -m bot writes resume"
)
CHECKED = nlater(
    "of the last automatic link that was checked, {stood} stood (95 % interval {interval})",
    "of the last {n} automatic links that were checked, {stood} stood (95 % interval {interval})",
)


def stop_words(stop: Stop) -> str:
    """Return, loudly, that nothing goes out, since when, and what to do."""
    return t(STOPPED, since=f"{stop.at:%Y-%m-%d %H:%M} UTC", by=stop.by)


def channel_words(trouble: ChannelTrouble) -> str:
    """Return which channel can't be posted to, since when, and the chat's word for why."""
    since = f"{trouble.since:%Y-%m-%d %H:%M} UTC"
    facts = {"channel": trouble.channel, "since": since, "reason": trouble.reason}
    return t("channel {channel} can’t be posted to since {since} ({reason}): what is for it waits", **facts)


def checked_words(status: Status) -> str:
    """Return how well automatic links do, as far as people were asked."""
    checked = status.checked
    if not checked.of:
        return t("no automatic link was checked yet: precision not yet measured")
    stood = forms.percent(checked.right / checked.of, 1)
    return nt(*CHECKED, checked.of, stood=stood, interval=interval_words(checked))


def undone_words(status: Status) -> str:
    """Return how many automatic links people took back, asked or not."""
    if not status.linked and not status.undone:
        return t("no automatic links in the last {days} days", days=UNDONE_IN.days)
    linked, undone = forms.decimal(status.linked), forms.decimal(status.undone)
    said = later("{linked} automatic links made and {undone} undone in the last {days} days")
    return t(said, linked=linked, undone=undone, days=UNDONE_IN.days)


def switch_words(status: Status, switches: Switches) -> str:
    """Return e.g. "project APP: attach on (opened by 61 of 61 answers, from a score of 0.93), write off"."""
    trust = status.trusts.get(switches.project, Trust(project=switches.project))
    return t(
        "project {project}: attach {attach}, write {write}",
        project=switches.project,
        attach=attach_words(switches, trust),
        write=t("on") if switches.write else t("off"),
    )


def attach_words(switches: Switches, trust: Trust) -> str:
    """Return whether Voc attaches by itself in the project, and why."""
    word = t("on") if switches.attach else t("off")
    return f"{word} ({_why(switches, trust)})"


def interval_words(share: Share) -> str:
    """Return e.g. "90.5%–98.6%"."""
    low, high = share.interval
    return f"{forms.percent(low, 1)}–{forms.percent(high, 1)}"


def _why(switches: Switches, trust: Trust) -> str:
    if switches.by:
        return _set_by(switches, trust)
    if switches.attach and trust.threshold is not None:
        said = later("opened by {shown} answers, from a score of {threshold}")
        return t(said, shown=forms.share(trust.turned_by), threshold=f"{trust.threshold:.2f}")
    if switches.attach:
        return t("opened by {shown} answers", shown=forms.share(trust.turned_by))
    so_far = (
        t("{shown} answers right so far", shown=forms.share(trust.shown))
        if trust.shown.of
        else t("no answers yet")
    )
    if trust.has_closed:
        return t(
            "closed: {shown} stood; since then {so_far}", shown=forms.share(trust.turned_by), so_far=so_far
        )
    return so_far


def _set_by(switches: Switches, trust: Trust) -> str:
    if not switches.attach:
        return t("set by {by}", by=switches.by)
    if not trust.is_measured:
        return t("set by {by}: precision not yet measured", by=switches.by)
    said = later("set by {by}; {shown} answers right, 95 % interval {interval}")
    return t(said, by=switches.by, shown=forms.share(trust.shown), interval=interval_words(trust.shown))
