"""Jira's fields as questions that people can answer, and their answers as Jira takes them."""

from __future__ import annotations

from typing import Any

from bot.domain.asking import FieldKind, TicketField
from bot.domain.inert import clean, one_line
from integrations.jira.deployment import Deployment, Record

# By the type of what is chosen: these are told by id. A cascade, a user or another issue is not chosen so.
CHOSEN = frozenset({"option", "priority", "version", "component", "resolution", "securitylevel"})
PLAIN = {"number": FieldKind.NUMBER, "date": FieldKind.DATE}
LONG = ("textarea", "environment")  # the custom type's, or the system field's, with markup in it


def asked(record: Record) -> TicketField:
    """Return a field of createmeta. Raises one of MISREAD for an unexpected shape."""
    schema, allowed = record["schema"], record.get("allowedValues") or ()
    choices = tuple((str(one["id"]), _named(one)) for one in allowed if "id" in one)
    kind = _kind(schema, bool(choices))
    is_chosen = kind in (FieldKind.CHOICE, FieldKind.CHOICES)
    return TicketField(
        id=str(record["fieldId"]), name=str(record["name"]), kind=kind, choices=choices if is_chosen else ()
    )


def answered(at: Deployment, field: TicketField, answer: str | tuple[str, ...]) -> Any:
    """Return the answer as Jira takes it, None for one that is none, or not to this question."""
    chosen = (answer,) if isinstance(answer, str) else answer
    match field.kind:
        case FieldKind.CHOICE | FieldKind.CHOICES:
            ids = [{"id": one} for one in chosen if one in dict(field.choices)]
            if len(ids) < len(chosen) or not ids:
                return None
            return ids if field.kind is FieldKind.CHOICES else ids[0]
        case FieldKind.NUMBER:
            return _number(chosen[0]) if chosen else None
        case FieldKind.LINES:
            return at.body_of(chosen[0]) if chosen and chosen[0].strip() else None
        case FieldKind.LINE | FieldKind.DATE:
            return one_line(clean(chosen[0])) or None if chosen else None
        case FieldKind.OTHER:
            return None


def _kind(schema: Record, has_choices: bool) -> FieldKind:
    kind, items = str(schema["type"]), str(schema.get("items", ""))
    if kind in CHOSEN and has_choices:
        return FieldKind.CHOICE
    if kind == "array" and items in CHOSEN and has_choices:
        return FieldKind.CHOICES
    if kind == "string":
        about = f"{schema.get('custom', '')}:{schema.get('system', '')}".split(":")
        return FieldKind.LINES if any(part in LONG for part in about) else FieldKind.LINE
    return PLAIN.get(kind, FieldKind.OTHER)


def _named(choice: Record) -> str:
    return str(choice.get("value") or choice.get("name") or choice["id"])


def _number(answer: str) -> float | None:
    try:
        number = float(answer)
    except ValueError:
        return None
    return number if abs(number) < float("inf") else None
