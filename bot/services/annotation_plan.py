"""What a ticket lacks, as a value: looked at before it is written, and printed by a dry run."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.annotation import Annotation, Evidence, Figures
from bot.domain.effect import Effect, EffectState
from bot.domain.ticket import Ticket
from bot.domain.voice import Voice
from bot.repositories import UnitOfWork
from bot.services.annotation import Moved, annotation_of, figures_of
from bot.services.evidence import evidence_key, evidence_of, target_of
from bot.text.addresses import place_of

BETWEEN_EDITS = timedelta(days=1)
ABSENT = "absent"
LINK, COMMENT, FIGURES = "link", "comment", "figures"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """All that is stored of a ticket's annotation. links: outward acts by the evidence's key.

    elsewhere: places that links of other integrations on the ticket lead to.
    """

    ticket: Ticket
    voices: Sequence[Voice]
    may_write: bool
    links: Mapping[str, Effect]
    comment: Effect | None
    figures: Effect | None
    elsewhere: frozenset[str]
    read_of: datetime | None
    moved: Moved | None

    @property
    def carried(self) -> dict[str, Effect]:
        """The links that are on the ticket, as far as the ledger knows."""
        return {key: link for key, link in self.links.items() if is_there(link)}


@dataclass(frozen=True, slots=True)
class PlannedLink:
    """A link to write. wanted: hash of what it shows."""

    evidence: Evidence
    wanted: str
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What the ticket lacks. comment, figures: None where they are as they should be, or wait.

    elsewhere: how many voices are not linked because another integration shows them; wait_until: when the
    comment and the figures may be edited again, None where nothing waits.
    """

    ticket: Ticket
    may_write: bool
    links: tuple[PlannedLink, ...]
    stale: tuple[Effect, ...]
    comment: Annotation | None
    figures: Figures | None
    elsewhere: int = 0
    wait_until: datetime | None = None

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to write, now or later."""
        lacks = bool(self.links or self.stale or self.comment or self.figures)
        return not lacks and self.wait_until is None


def standing_of(unit: UnitOfWork, ticket_id: int) -> Standing:
    """Return what is stored of the ticket's annotation. Raises KeyError."""
    ticket = unit.tickets.get(ticket_id)
    target, read = target_of(ticket.ref), unit.tickets.links_read(ticket_id)
    voices = unit.matches.attached_to(ticket_id)
    return Standing(
        ticket=ticket,
        voices=voices,
        may_write=unit.projects.switches(ticket.project).write,
        links={link.key: link for link in unit.effects.of(LINK, target)},
        comment=unit.effects.find(COMMENT, target, "living"),
        figures=unit.effects.find(FIGURES, target, "fields"),
        elsewhere=read.elsewhere,
        read_of=read.of,
        moved=_moved(unit, ticket_id) if not voices else None,
    )


def plan_of(now_there: Standing, *, keeps_annotation: bool, keeps_figures: bool, now: datetime) -> Plan:
    """Return what is to be written. Pure. keeps_annotation, keeps_figures: what the tracker has room for.

    The comment and the figures are edited once a day, but words that were taken back do not wait.
    """
    ticket, voices, links = now_there.ticket, now_there.voices, now_there.links
    own = [voice for voice in voices if place_of(voice.url) not in now_there.elsewhere]
    wanted = {evidence_key(voice): _planned(ticket, voice, links) for voice in own}
    stale = tuple(link for link in links.values() if _is_stale(link, wanted))
    unwritten = tuple(one for one in wanted.values() if not _is_written(links.get(one.evidence.key), one))
    annotation = annotation_of(ticket, voices, now, now_there.moved)
    figures = figures_of(annotation) if keeps_figures else None
    is_urgent = bool(stale) or any(not one.is_new for one in unwritten) or _was_taken_back(now_there)
    said = counted = _Turn(False)
    if keeps_annotation:
        said = _turn(now_there.comment, annotation.content_hash, now, is_urgent=is_urgent)
    if figures:
        counted = _turn(now_there.figures, figures.content_hash, now, is_urgent=is_urgent)
    return Plan(
        ticket=ticket,
        may_write=now_there.may_write,
        links=unwritten,
        stale=stale,
        comment=annotation if said.is_now else None,
        figures=figures if counted.is_now else None,
        elsewhere=len(voices) - len(own),
        wait_until=min((turn.at for turn in (said, counted) if turn.at), default=None),
    )


def is_there(link: Effect) -> bool:
    """Return whether the ledger has the link as written and not removed."""
    return link.state is EffectState.DONE and link.done not in ("", ABSENT)


def _was_taken_back(now_there: Standing) -> bool:
    """Return whether a link went since the comment was written: its words may still be shown there."""
    written_at = now_there.comment.done_at if now_there.comment else None
    gone = [link.done_at for link in now_there.links.values() if link.done == ABSENT and link.done_at]
    return written_at is not None and any(moment > written_at for moment in gone)


def _moved(unit: UnitOfWork, ticket_id: int) -> Moved | None:
    """Return where most of the voices went that were moved from here."""
    went = unit.matches.moved_from(ticket_id)
    if not went:
        return None
    most = max(went, key=lambda other: (went[other], -other))
    return Moved(unit.tickets.get(most), sum(went.values()))


def _planned(ticket: Ticket, voice: Voice, links: Mapping[str, Effect]) -> PlannedLink:
    evidence = evidence_of(ticket, voice)
    # With all of the words: the comment shows more of them than the link.
    wanted = f"{evidence.content_hash[:16]}{voice.words_hash[:16]}"
    known = links.get(evidence.key)
    return PlannedLink(evidence, wanted, known is None or known.done in ("", ABSENT))


def _is_written(link: Effect | None, planned: PlannedLink) -> bool:
    """Return whether the link is as it should be, without asking the ledger for each of thousands."""
    return link is not None and link.state is EffectState.DONE and link.done == planned.wanted


def _is_stale(link: Effect, wanted: Collection[str]) -> bool:
    is_removed = link.state is EffectState.DONE and link.done == ABSENT
    return link.key not in wanted and not is_removed


@dataclass(frozen=True, slots=True)
class _Turn:
    """Whether an edit is due now; at: when it will be, None where there is nothing to wait for."""

    is_now: bool
    at: datetime | None = None


def _turn(effect: Effect | None, wanted: str, now: datetime, *, is_urgent: bool) -> _Turn:
    """Return when it may be edited. A first writing and a repeat after a fault never wait."""
    if effect is None or effect.state is not EffectState.DONE:
        return _Turn(True)
    if effect.done == wanted:
        return _Turn(False)
    again = (effect.done_at or now) + BETWEEN_EDITS
    return _Turn(True) if is_urgent or again <= now else _Turn(False, again)
