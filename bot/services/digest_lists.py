"""The lists behind a digest's numbers, from what was stored with it: the same numbers whenever opened."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from bot.domain.digest import DigestSnapshot
from bot.domain.digest_list import PAGE, Entry, Kind, Page
from bot.domain.digest_place import DigestPlace
from bot.repositories import Said, UnitOfWork
from bot.services.quotes import opened

QUOTE_WORDS = 60
PLACES = {Kind.PIECES: 0, Kind.CONVERSATIONS: 1, Kind.PEOPLE: 2, Kind.COMPANIES: 3}


def pack(said: Sequence[Said]) -> str:
    """Return the pieces as a list is stored."""
    return json.dumps(said, separators=(",", ":"))


def page_of(unit: UnitOfWork, place: DigestPlace, name: str, kind: Kind, page: int) -> Page | None:
    """Return a page of the list, None where the digest is stored no more."""
    found = _behind(unit, place, name)
    if found is None:
        return None
    snapshot, said = found
    groups = _grouped(said, kind)
    shown = groups[page * PAGE : (page + 1) * PAGE]
    return Page(
        snapshot=snapshot,
        name=name,
        kind=kind,
        page=page,
        totals=tuple((one, len(_grouped(said, one))) for one in Kind),
        entries=_entries(unit, kind, shown),
    )


def _behind(unit: UnitOfWork, place: DigestPlace, name: str) -> tuple[DigestSnapshot, Sequence[Said]] | None:
    """Return the digest of that place with the pieces behind the number."""
    if place.is_preview:
        seen = unit.previews.get(place.subscription_id, name)
        return (replace(seen.snapshot, subscription_id=place.subscription_id), seen.said) if seen else None
    known = unit.subscriptions.revisions(place.subscription_id, place.period)
    told = next((one for one in known if one.snapshot.revision == place.revision), None)
    return (told.snapshot, unit.subscriptions.listed(told.id, name)) if told else None


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
        shown = None if voice is None or is_gone else opened(voice, QUOTE_WORDS)
        made.append(Entry(shown, len(group), names[one.company_id][0] if one.company_id in names else ""))
    return tuple(made)
