"""Conversation search: its query language with the vendor's limits, sorting, and pages by key."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any

from integrations.sandbox.intercom.refusals import Refused

Record = dict[str, Any]
Test = Callable[[Record], bool]

DATES = frozenset({"created_at", "updated_at", "waiting_since", "snoozed_until"})
INTEGERS = frozenset({"admin_assignee_id", "team_assignee_id", "statistics.count_conversation_parts"})
BOOLEANS = frozenset({"open", "read", "ai_agent_participated"})
TEXTS = frozenset({"id", "state", "priority", "source.type", "source.delivered_as", "source.author.type"})
LARGEST_PAGE, DEFAULT_PAGE = 150, 20


def found(conversations: list[Record], asked: Record, *, is_inclusive: bool) -> tuple[list[Record], Record]:
    """Return one page of conversations and the `pages` object with the total. Raises Refused.

    is_inclusive: whether ">" and "<" take equal values in: "greater (or equal)" is all that is documented.
    """
    if not isinstance(asked.get("query"), dict):
        raise Refused(400, "parameter_not_found", "query is required")
    test = _test(asked["query"], 1, is_inclusive)
    field, is_descending = _order(asked.get("sort"))
    matching = sorted(filter(test, conversations), key=lambda c: _key(c, field), reverse=is_descending)
    per_page, after = _page(asked.get("pagination"))
    rest = [c for c in matching if after is None or _follows(_key(c, field), after, is_descending)]
    pages: Record = {
        "type": "pages",
        "page": 1,
        "per_page": per_page,
        "total_pages": -(-len(matching) // per_page),
    }
    if len(rest) > per_page:
        pages["next"] = {"per_page": per_page, "starting_after": _token(_key(rest[per_page - 1], field))}
    return rest[:per_page], {"pages": pages, "total_count": len(matching)}


def _test(query: Record, depth: int, is_inclusive: bool) -> Test:
    if query.get("operator") in ("AND", "OR"):
        return _group(query, depth, is_inclusive)
    field, operator, value = query.get("field"), query.get("operator"), query.get("value")
    if field in DATES | INTEGERS:
        return _number_test(str(field), operator, value, is_inclusive)
    if field not in TEXTS | BOOLEANS:
        raise Refused(400, "parameter_invalid", f"{field} is not a searchable field")
    if operator not in ("=", "!="):
        raise Refused(400, "parameter_invalid", f"{operator} is not an operator for {field}")
    if field in BOOLEANS and not isinstance(value, bool):
        raise Refused(400, "type_mismatch", f"{field} takes a boolean")
    return lambda c: (_value(c, str(field)) == value) == (operator == "=")


def _group(query: Record, depth: int, is_inclusive: bool) -> Test:
    filters = query.get("value")
    if depth > 2 or not isinstance(filters, list) or not 1 <= len(filters) <= 15:
        raise Refused(400, "parameter_invalid", "at most 2 levels of at most 15 filters each")
    tests = [_test(part, depth + 1, is_inclusive) for part in filters]
    if query["operator"] == "AND":
        return lambda c: all(test(c) for test in tests)
    return lambda c: any(test(c) for test in tests)


def _number_test(field: str, operator: Any, value: Any, is_inclusive: bool) -> Test:
    if isinstance(value, bool) or not str(value).lstrip("-").isdigit():
        raise Refused(400, "type_mismatch", f"{field} takes a number")
    number, equal = int(value), int(is_inclusive)
    tests: dict[Any, Callable[[int], bool]] = {
        "=": lambda had: had == number,
        "!=": lambda had: had != number,
        ">": lambda had: had + equal > number,
        "<": lambda had: had < number + equal,
    }
    if operator not in tests:
        raise Refused(400, "parameter_invalid", f"{operator} is not an operator for {field}")
    return lambda c: _value(c, field) is not None and tests[operator](int(_value(c, field)))


def _value(conversation: Record, field: str) -> Any:
    value: Any = conversation
    for name in field.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _order(sort: Any) -> tuple[str, bool]:
    """Return the field and whether it descends; without a sort the newest change comes first."""
    if sort is None:
        return "updated_at", True
    field, order = sort.get("field"), sort.get("order", "descending")
    if field not in DATES or order not in ("ascending", "descending"):
        raise Refused(400, "parameter_invalid", "sort needs a date field and ascending or descending")
    return str(field), order == "descending"


def _page(pagination: Any) -> tuple[int, list[int] | None]:
    given = pagination or {}
    per_page = given.get("per_page", DEFAULT_PAGE)
    if not isinstance(per_page, int) or not 1 <= per_page <= LARGEST_PAGE:
        raise Refused(400, "parameter_invalid", f"per_page must be between 1 and {LARGEST_PAGE}")
    token = given.get("starting_after")
    if token is None:
        return per_page, None
    try:
        return per_page, list(json.loads(base64.b64decode(token, validate=True)))
    except (binascii.Error, ValueError, TypeError):
        raise Refused(400, "parameter_invalid", "starting_after is invalid") from None


def _key(conversation: Record, field: str) -> list[int]:
    return [conversation[field] or 0, int(conversation["id"])]


def _follows(key: list[int], after: list[int], is_descending: bool) -> bool:
    return key < after if is_descending else key > after


def _token(key: list[int]) -> str:
    return base64.b64encode(json.dumps(key).encode()).decode()
