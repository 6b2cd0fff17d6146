"""Slack's published rules: the shape of blocks and views by its schemas, and each length and count."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import ValidationError, best_match

SCHEMAS = {"message": "MessageBlocks", "modal": "Modal", "home": "Home"}


@dataclass(slots=True, weakref_slot=True)
class Shapes:
    """One of Slack's schemas. They fix shapes alone, so one answer serves all that differ in words."""

    schema: dict[str, Any]
    _known: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    _fixed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self._fixed = set(_fixed_words(self.schema))

    def faults(self, value: Any, definition: str) -> list[tuple[str, str]]:
        """Return (pointer, what is wrong) of a value that must fit the definition."""
        bare = _without_words(value, self._fixed)
        key = f"{definition} {json.dumps(bare, sort_keys=True)}"
        if key not in self._known:
            self._known[key] = list(self._judged(bare, definition))
        return self._known[key]

    def _judged(self, value: Any, definition: str) -> Iterator[tuple[str, str]]:
        # Of a union only the member that the value says it is, so that the fault is told where it lies.
        name = self._member(value, definition) or definition
        schema = {"$ref": f"#/definitions/{name}", "definitions": self.schema["definitions"]}
        fault = best_match(Draft7Validator(schema).iter_errors(value))
        if fault is not None:
            fault = _innermost(fault)
            yield "".join(f"/{step}" for step in fault.absolute_path), fault.message[:200]

    def _member(self, value: Any, definition: str) -> str:
        kind = value.get("type") if isinstance(value, dict) else None
        members = self.schema["definitions"][definition].get("anyOf", [])
        names = [str(m.get("$ref", "")).rpartition("/")[2] for m in members]
        alike = [n for n in names if n and kind in _kinds_of(self.schema["definitions"][n])]
        return alike[0] if len(alike) == 1 else ""


class Published:
    """What lies in the folder of specifications."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "slack"

    @cached_property
    def limits(self) -> dict[str, Any]:
        """Every limit by its name, e.g. "section.text_max"."""
        kinds = json.loads((self._folder / "block-kit-limits.json").read_text(encoding="utf-8"))
        return {
            f"{kind}.{name}": limit["v"]
            for kind, limits in kinds.items()
            if not kind.startswith("_")
            for name, limit in limits.items()
        }

    @cached_property
    def shapes(self) -> dict[str, Shapes]:
        """The schemas: of a message's blocks, of a modal and of an App Home tab."""
        folder = self._folder / "block-kit-schema"
        return {
            surface: Shapes(json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8")))
            for surface, name in SCHEMAS.items()
        }


def _innermost(fault: ValidationError) -> ValidationError:
    """Return what is wrong with the member of a union that the value says it is."""
    while fault.context:
        others = {
            f.schema_path[0] for f in fault.context if f.validator == "const" and list(f.path) == ["type"]
        }
        alike = [inner for inner in fault.context if inner.schema_path[0] not in others]
        if not alike:
            break
        fault = alike[0]
    return fault


def _kinds_of(definition: dict[str, Any]) -> set[str]:
    shapes: Iterable[dict[str, Any]] = definition.get("anyOf", [definition])
    return {str(s["properties"]["type"].get("const")) for s in shapes if "type" in s.get("properties", {})}


def _fixed_words(schema: Any) -> Iterator[str]:
    if isinstance(schema, list):
        for item in schema:
            yield from _fixed_words(item)
    elif isinstance(schema, dict):
        fixed = [schema.get("const"), *(schema["enum"] if isinstance(schema.get("enum"), list) else [])]
        yield from (word for word in fixed if isinstance(word, str))
        for value in schema.values():
            yield from _fixed_words(value)


def _without_words(value: Any, fixed: set[str]) -> Any:
    """Return the value with every word that no schema knows made the same."""
    if isinstance(value, dict):
        return {name: _without_words(inner, fixed) for name, inner in value.items()}
    if isinstance(value, list):
        return [_without_words(item, fixed) for item in value]
    if isinstance(value, str):
        return value if value in fixed else "…"
    return type(value)(1) if isinstance(value, int | float) and not isinstance(value, bool) else value
