"""Lists as connections: filtered, ordered newest first, cut to a page."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from integrations.sandbox.linear.refusals import invalid

MOST_ROWS, DEFAULT_ROWS = 250, 50


def connection(rows: Iterable[Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return one page. A cursor is a row's id, and means the place that the row has now."""
    name = "updated_at" if arguments.get("order_by") == "updatedAt" else "created_at"
    wanted = arguments.get("filter")
    shown = [row for row in rows if fits(row, wanted) and (arguments.get("include_archived") or _is_in(row))]
    shown.sort(key=lambda row: (str(getattr(row, name, "")), row.id), reverse=True)
    start, end = _window(shown, arguments)
    page = shown[start:end]
    return {
        "nodes": page,
        "page_info": {
            "start_cursor": page[0].id if page else None,
            "end_cursor": page[-1].id if page else None,
            "has_previous_page": start > 0,
            "has_next_page": end < len(shown),
        },
    }


def _is_in(row: Any) -> bool:
    return getattr(row, "archived_at", None) is None


def _window(shown: Sequence[Any], arguments: Mapping[str, Any]) -> tuple[int, int]:
    """Return where the page begins and ends."""
    first, last = arguments.get("first"), arguments.get("last")
    if first is not None and last is not None:
        raise invalid("Only one of first and last can be given.")
    for name, rows in (("first", first), ("last", last)):
        if rows is not None and not 1 <= rows <= MOST_ROWS:
            raise invalid(f"{name} must be between 1 and {MOST_ROWS}.")
    low = _place(shown, arguments["after"]) + 1 if arguments.get("after") is not None else 0
    high = _place(shown, arguments["before"]) if arguments.get("before") is not None else len(shown)
    if last is not None:
        return max(low, high - last), high
    return low, min(high, low + (first or DEFAULT_ROWS))


def _place(shown: Sequence[Any], cursor: str) -> int:
    found = next((number for number, row in enumerate(shown) if row.id == cursor), None)
    if found is None:
        raise invalid("The cursor is unknown or has expired.")
    return found


def fits(row: Any, wanted: Mapping[str, Any] | None) -> bool:
    """Return whether the row meets every condition of a filter or comparator."""
    return all(_meets(row, name, value) for name, value in (wanted or {}).items())


def _meets(row: Any, name: str, wanted: Any) -> bool:
    if name in ("and", "or"):
        met = (fits(row, one) for one in wanted)
        return all(met) if name == "and" else any(met)
    if name == "null":
        return bool((row is None) == wanted)
    if name in COMPARISONS:
        return bool(row is not None and COMPARISONS[name](row, wanted))
    return fits(getattr(row, name, None), wanted)


def _time(value: Any) -> datetime:
    """Return a time; one without an offset is in UTC."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise invalid("A time must be in ISO 8601.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "eq": lambda value, wanted: value == wanted,
    "neq": lambda value, wanted: value != wanted,
    "in": lambda value, wanted: value in wanted,
    "nin": lambda value, wanted: value not in wanted,
    "gt": lambda value, wanted: value > _time(wanted),
    "gte": lambda value, wanted: value >= _time(wanted),
    "lt": lambda value, wanted: value < _time(wanted),
    "lte": lambda value, wanted: value <= _time(wanted),
}
