"""How Voc is doing: sources, work in hand, and how much is attached, proposed, unmatched or set aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.effect import EffectState
from bot.ports import Clock
from bot.repositories import SourceHealth, Switches, Work


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """A snapshot for `/voc status` and `python -m bot status`.

    acts: outward acts by (kind, state), marks left out.
    """

    at: datetime
    sources: tuple[SourceHealth, ...]
    unreadable: int
    conversations: int
    tickets: int
    pieces: Mapping[str, int]
    acts: Mapping[tuple[str, EffectState], int]
    projects: tuple[Switches, ...]


def status_of(work: Work, clock: Clock) -> Status:
    """Return how things stand now."""
    with work() as unit:
        return Status(
            at=clock.now(),
            sources=tuple(unit.sources.all()),
            unreadable=unit.sources.count_set_aside(),
            conversations=unit.conversations.count(),
            tickets=unit.tickets.count(),
            pieces=dict(unit.pieces.counts()),
            acts={key: n for key, n in unit.effects.counts().items() if not key[0].startswith("mark:")},
            projects=tuple(unit.projects.all()),
        )
