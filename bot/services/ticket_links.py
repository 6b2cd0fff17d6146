"""Tickets as people name them: by their key, or by an address that leads to them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import SplitResult, parse_qs, urlsplit

from bot.domain.ticket import Ticket
from bot.repositories import UnitOfWork

KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*-\d+")
AROUND = " #.,:;"  # what a key is typed with, in a sentence


def ticket_called(unit: UnitOfWork, typed: str) -> Ticket | None:
    """Return the ticket with that key or address, None for none and for one that the tracker hides."""
    name = _named(typed)
    if "://" in name:
        return ticket_at(unit, name)
    ticket = unit.tickets.by_key(name)
    return ticket if ticket is not None and not ticket.gone else None


def as_key(typed: str) -> str:
    """Return what was typed as keys are written; an address as it is."""
    name = _named(typed)
    return name if "://" in name else name.upper()


def ticket_at(unit: UnitOfWork, url: str) -> Ticket | None:
    """Return the ticket to which the address leads, None for none and for one that the tracker hides."""
    try:
        place = urlsplit(url)
        found = (unit.tickets.by_key(key) for key in _keys(place))
        return next((one for one in found if one and not one.gone and _is_at(one, place)), None)
    except ValueError:  # what looks like an address and is none
        return None


def _named(typed: str) -> str:
    return typed.strip().strip("<>").partition("|")[0].strip(AROUND)


def _keys(place: SplitResult) -> Iterator[str]:
    """Yield the ticket keys that the address names: in its path, or as the issue that a board has open."""
    parts = [part for part in place.path.split("/") if part]
    yield from (part for part in parts if KEY.fullmatch(part))
    yield from (key for key in parse_qs(place.query).get("selectedIssue", ()) if KEY.fullmatch(key))


def _is_at(ticket: Ticket, place: SplitResult) -> bool:
    """Return whether the address is of the ticket's own site, and of its own workspace there."""
    own = urlsplit(ticket.url)
    if own.hostname is None or own.hostname != place.hostname:
        return False
    return own.hostname != "linear.app" or own.path.split("/")[1:2] == place.path.split("/")[1:2]
