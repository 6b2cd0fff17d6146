"""What Jira takes as the value of each kind of field, and how it refuses another."""

from __future__ import annotations

from datetime import date
from typing import Any

from integrations.sandbox.jira.markup import Markup
from integrations.sandbox.jira.refusals import Refused
from integrations.sandbox.jira.state import CustomField

CHOSEN = ("option", "priority", "version", "component")
NOT_SET = "Field '{}' cannot be set. It is not on the appropriate screen, or unknown."
NO_ARRAY = "data was not an array"
TOO_LONG = "The entered text is too long. It exceeds the allowed limit of 255 characters."


def value_fault(name: str, field: CustomField | None, value: Any, markup: Markup) -> str:
    """Return what is wrong with a field's value, "" for nothing."""
    if field is None or not field.editable:
        return NOT_SET.format(name)
    if value is None:
        return ""
    if field.type == "array":
        is_list = isinstance(value, list)
        return next(filter(None, (_choice_fault(field, one) for one in value)), "") if is_list else NO_ARRAY
    if field.custom.endswith(":textarea"):
        return _text_fault(name, value, markup)
    return _choice_fault(field, value) if field.type in CHOSEN else _plain_fault(field.type, value)


def is_missing(value: Any) -> bool:
    """Return whether a required field is left out with this."""
    return value is None or value in ("", [])


def _plain_fault(kind: str, value: Any) -> str:
    if kind == "number":
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return "" if is_number else "Operation value must be a number"
    if kind not in ("string", "date"):
        return "Specify a valid value for this field"
    if not isinstance(value, str):
        return "Operation value must be a string"
    if kind == "date":
        return _date_fault(value)
    return TOO_LONG if "\n" in value or len(value) > 255 else ""


def _date_fault(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        return f"Error parsing date string: {value}"
    return ""


def _choice_fault(field: CustomField, value: Any) -> str:
    if not isinstance(value, dict) or not value.keys() & {"id", "value", "name"}:
        return f"Specify a valid 'id' or 'name' for {field.name}"
    names = set(field.choices.values())
    known = {"id": set(field.choices), "value": names, "name": names}
    wrong = [one for key, one in value.items() if key in known and one not in known[key]]
    return f"Option id '{wrong[0]}' is not valid" if wrong else ""


def _text_fault(name: str, value: Any, markup: Markup) -> str:
    try:
        markup.taken(value, name)
    except Refused as refusal:
        return str(refusal.body["errors"].get(name) or refusal.body["errorMessages"])
    return ""
