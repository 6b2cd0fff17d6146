"""What a tracker asks about a new ticket beside its title and description, and what people answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

# By the field's id: words, a number, a date such as 2026-11-30, or the ids of what was chosen.
Answers = Mapping[str, str | tuple[str, ...]]


class FieldKind(StrEnum):
    """How a field is answered. OTHER: in a way that only the tracker's own form has."""

    LINE = "line"
    LINES = "lines"
    NUMBER = "number"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketField:
    """A field that a new ticket must have, or may have. choices: (id, name) of each, for those kinds."""

    id: str
    name: str
    kind: FieldKind
    choices: tuple[tuple[str, str], ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketForm:
    """What a new ticket of a project needs, and what it may have.

    kinds: (id, name) of those that a person may create, none where a tracker has no kinds; kind: that whose
    fields these are; url: where the tracker has a form of its own.
    """

    kinds: tuple[tuple[str, str], ...] = ()
    kind: str = ""
    fields: tuple[TicketField, ...] = ()
    url: str = ""
