"""Frozen values of the domain as JSON, and back, equal to the last letter of their repr."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from types import NoneType, UnionType
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

T = TypeVar("T")


def to_json(value: Any) -> str:
    """Return a dataclass, whatever dataclasses it holds, as JSON."""
    return json.dumps(asdict(value), default=_plain)


def from_json(kind: type[T], text: str) -> T:
    """Return the dataclass that to_json made the text of; fields that it lacks take their defaults."""
    value: T = _revived(kind, json.loads(text))
    return value


def _plain(value: object) -> str:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def _revived(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if get_origin(kind) in (Union, UnionType):
        kind = next(option for option in get_args(kind) if option is not NoneType)
    if get_origin(kind) is tuple:
        first, *rest = get_args(kind)
        kinds = [first] * len(value) if rest == [Ellipsis] else [first, *rest]
        return tuple(map(_revived, kinds, value))
    if is_dataclass(kind):
        hints = get_type_hints(kind)
        return kind(**{name: _revived(hints[name], field) for name, field in value.items()})  # type: ignore[operator]
    return kind.fromisoformat(value) if kind in (datetime, date) else kind(value)
