"""The lists behind a digest's numbers, from what was stored with it: the same numbers whenever opened."""

from __future__ import annotations

import json
from collections.abc import Sequence

from bot.domain.digest_list import PAGE, Entry, Kind, Page
from bot.domain.digest_place import DigestPlace
from bot.domain.voice import quoted
from bot.repositories import Said, StoredDigest, UnitOfWork

QUOTE_WORDS = 60
PLACES = {Kind.PIECES: 0, Kind.CONVERSATIONS: 1, Kind.PEOPLE: 2, Kind.COMPANIES: 3}


def pack(said: Sequence[Said]) -> str:
    """Return the pieces as a list is stored."""
    return json.dumps(said, separators=(",", ":"))


def page_of(unit: UnitOfWork, place: DigestPlace, name: str, kind: Kind, page: int) -> Page | None:
    """Return a page of the list, None where the digest is stored no more."""
    stored = stored_at(unit, place)
    if stored is None:
        return None
    said = unit.subscriptions.listed(stored.id, name)
    groups = _grouped(said, kind)
    shown = groups[page * PAGE : (page + 1) * PAGE]
    return Page(
        snapshot=stored.snapshot,
        name=name,
        kind=kind,
        page=page,
        totals=tuple((one, len(_grouped(said, one))) for one in Kind),
        entries=_entries(unit, kind, shown),
    )


def stored_at(unit: UnitOfWork, place: DigestPlace) -> StoredDigest | None:
    """Return the digest of that place."""
    known = unit.subscriptions.revisions(place.subscription_id, place.period)
    return next((one for one in known if one.snapshot.revision == place.revision), None)


def _grouped(said: Sequence[Said], kind: Kind) -> list[list[Said]]:
    """Return the pieces by what is counted, those of most pieces first; without a company none counts."""
    groups = dict[int, list[Said]]()
    for one in said:
        if key := one[PLACES[kind]]:
            groups.setdefault(key, []).append(one)
    return sorted(groups.values(), key=lambda group: -len(group))


def _entries(unit: UnitOfWork, kind: Kind, groups: Sequence[Sequence[Said]]) -> tuple[Entry, ...]:
    newest = [group[-1] for group in groups]
    voices = {v.feedback_id: v for v in unit.pieces.voices([one.feedback_id for one in newest])}
    names = unit.hearing.companies([one.company_id for one in newest]) if kind is Kind.COMPANIES else {}
    made = []
    for one, group in zip(newest, groups, strict=True):
        voice = voices.get(one.feedback_id)
        is_gone = voice is None or (voice.excluded is not None and voice.excluded.is_withdrawn)
        shown = None if voice is None or is_gone else quoted(voice, QUOTE_WORDS)
        made.append(Entry(shown, len(group), names[one.company_id][0] if one.company_id in names else ""))
    return tuple(made)
