"""Runs a parsed JQL query over issues: who matches, in which order, and from where a page goes on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

from integrations.sandbox.jira.jql import Clause, Group, JqlError, Query
from integrations.sandbox.jira.state import CATEGORIES, Issue, Site

PERIOD = re.compile(r"[+-]?(?:\d+[wdhm])(?: \d+[wdhm])*")
UNITS = {"w": timedelta(weeks=1), "d": timedelta(days=1), "h": timedelta(hours=1), "m": timedelta(minutes=1)}
FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
COMPARE: dict[str, Callable[[datetime, datetime], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
}
MOST_ORDERS = 7
Position = list[float | str]


def find(site: Site, query: Query, issues: Iterable[Issue], *, validates: bool = True) -> list[Issue]:
    """Return the issues that match, in the query's order. Raises JqlError for values that Jira refuses.

    validates: unknown projects and issues are refused, not only not found; Cloud refuses unbounded queries.
    """
    if site.is_cloud and len(query.order) > MOST_ORDERS:
        raise JqlError(f"The ORDER BY clause can contain at most {MOST_ORDERS} fields.")
    if query.where is None and not site.is_cloud:
        query = replace(query, where=Group("and", ()))
    if query.where is None:
        raise JqlError(
            "Unbounded JQL queries are not allowed here. Please add a search restriction to your query."
        )
    if not site.knows_us:
        return []
    matches = _matcher(site, query.where, validates)
    found = [issue for issue in issues if matches(issue)]
    for field, descends in reversed([*query.order, ("id", True)]):
        found.sort(key=partial(_sort_value, field), reverse=descends)
    return found


def position(query: Query, issue: Issue) -> Position:
    """Return where the issue stands in the query's order, for `after`."""
    return [_sort_value(field, issue) for field, _ in [*query.order, ("id", True)]]


def after(query: Query, found: Sequence[Issue], last: Position) -> list[Issue]:
    """Return the issues behind that position, whatever has moved since."""
    directions = [descends for _, descends in [*query.order, ("id", True)]]
    return [issue for issue in found if _is_behind(position(query, issue), last, directions)]


def _is_behind(here: Position, last: Position, directions: Sequence[bool]) -> bool:
    for mine, its, descends in zip(here, last, directions, strict=True):
        if mine != its:
            return bool(mine < its if descends else mine > its)  # type: ignore[operator]
    return False


def _sort_value(field: str, issue: Issue) -> Any:
    if field in ("updated", "created"):
        moment: datetime = getattr(issue, field)
        return moment.timestamp()
    if field == "key":
        prefix, _, number = issue.key.rpartition("-")
        return f"{prefix}-{int(number):09d}"
    return issue.project.name if field == "project" else issue.id


def _matcher(site: Site, node: Clause | Group, validates: bool) -> Callable[[Issue], bool]:
    if isinstance(node, Clause):
        return _clause(site, node, validates)
    parts = [_matcher(site, part, validates) for part in node.parts]
    if node.kind == "not":
        return lambda issue: not parts[0](issue)
    over = all if node.kind == "and" else any
    return lambda issue: over(part(issue) for part in parts)


def _clause(site: Site, clause: Clause, validates: bool) -> Callable[[Issue], bool]:
    if clause.field in ("updated", "created"):
        return _dates(site, clause)
    wanted = {value.lower() for value in clause.values}
    if validates:
        _check_values(site, clause)
    if clause.operator in ("=", "in"):
        return lambda issue: bool(wanted & _values(clause.field, issue))
    return lambda issue: not wanted & _values(clause.field, issue)


def _values(field: str, issue: Issue) -> set[str]:
    values: dict[str, Iterable[str]] = {
        "project": (issue.project.key, issue.project.name, str(issue.project.id)),
        "key": (issue.key, str(issue.id)),
        "labels": issue.labels,
        "status": (issue.status,),
        "statuscategory": (issue.category, CATEGORIES[issue.category][1]),
    }
    return {value.lower() for value in values[field]}


def _check_values(site: Site, clause: Clause) -> None:
    """Refuse projects and issues that are not there for us, as Jira does."""
    for value in clause.values:
        if clause.field == "project":
            seen = (p for p in site.projects.values() if site.sees(p))
            known = any(value.lower() in (p.key.lower(), p.name.lower(), str(p.id)) for p in seen)
        elif clause.field == "key":
            known = site.issue(value) is not None
        else:
            continue
        if not known and clause.field == "project":
            raise JqlError(f"The value '{value}' does not exist for the field 'project'.")
        if not known:
            raise JqlError(f"An issue with key '{value}' does not exist for field 'key'.")


def _dates(site: Site, clause: Clause) -> Callable[[Issue], bool]:
    bounds = [_moment(site, clause.field, value) for value in clause.values]
    if clause.operator in COMPARE:
        compare = COMPARE[clause.operator]
        return lambda issue: compare(getattr(issue, clause.field), bounds[0])
    is_in = clause.operator == "in"
    return lambda issue: (getattr(issue, clause.field) in bounds) is is_in


def _moment(site: Site, field: str, value: str) -> datetime:
    if PERIOD.fullmatch(value):
        period = sum((int(n) * UNITS[unit] for n, unit in re.findall(r"(\d+)([wdhm])", value)), timedelta())
        return site.clock.now() + (-period if value.startswith("-") else period)
    for form in FORMATS:
        try:
            local = datetime.strptime(value, form)  # noqa: DTZ007 - read in the account's own zone
        except ValueError:
            continue
        return local.replace(tzinfo=ZoneInfo(site.settings.time_zone)).astimezone(UTC)
    raise JqlError(
        f"Date value '{value}' for field '{field}' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm', "
        "'yyyy-MM-dd HH:mm', 'yyyy/MM/dd', 'yyyy-MM-dd', or a period format e.g. '-5d', '4w 2d'."
    )
