"""The names of all settings, in the environment and in the file, and the nearest to a wrong one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from pydantic import BaseModel
from pydantic.fields import FieldInfo

PREFIX = "VOC_"
FILE = "_FILE"
# Read by the platforms' names too; what the variable becomes.
PLATFORM = {"PORT": "VOC_WEB__PORT", "DATABASE_URL": "VOC_DATABASE__URL"}
# Variables that say where things lie and are no settings; the last two are the tests'.
PLACES = ("VOC_CONFIG", "VOC_SPECS_DIR", "VOC_DATA_DIR")


@dataclass(frozen=True, slots=True)
class Name:
    """One setting that the environment may give. section: "" for a setting of its own."""

    section: str
    key: str
    field: FieldInfo
    section_type: type[BaseModel] | None = None

    @property
    def variable(self) -> str:
        """Return its name in the environment."""
        return PREFIX + "__".join(part.upper() for part in (self.section, self.key) if part)

    @property
    def path(self) -> str:
        """Return its name in the file, e.g. "jira.url"."""
        return f"{self.section}.{self.key}".lstrip(".")

    @property
    def feature(self) -> str:
        """Return what needs it."""
        return feature_of(self.section_type, self.field)

    @property
    def is_secret(self) -> bool:
        """Return whether the file may not hold it."""
        return bool(_extra(self.field).get("secret"))


def _extra(field: FieldInfo) -> dict[str, Any]:
    return field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}


def feature_of(section: type[BaseModel] | None, field: FieldInfo | None) -> str:
    """Return what needs the field: its own word, else its section's."""
    return str((field and _extra(field)["feature"]) or getattr(section, "feature", ""))


def example_of(field: FieldInfo) -> str:
    """Return a value of the right form, as the environment takes it."""
    value = (field.examples or [""])[0]
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def section_type(field: FieldInfo) -> type[BaseModel] | None:
    """Return the section that the field holds, or None for a plain value, a list or a table of tables."""
    kind = field.annotation
    return kind if isinstance(kind, type) and issubclass(kind, BaseModel) else None


def names_of(settings: type[BaseModel]) -> Iterator[Name]:
    """Yield every setting that the environment may give; tables below a section's are the file's alone."""
    for key, field in settings.model_fields.items():
        if section := section_type(field):
            plain = ((inner, found) for inner, found in section.model_fields.items() if not _is_table(found))
            yield from (Name(key, inner, found, section) for inner, found in plain)
        elif key not in ("routes", "fields", "channels"):
            yield Name("", key, field)


def _is_table(field: FieldInfo) -> bool:
    return section_type(field) is not None or isinstance(field.get_default(call_default_factory=False), dict)


def variables_of(settings: type[BaseModel]) -> dict[str, Name]:
    """Return all settings by the variable that gives them; a secret's _FILE is not among them."""
    return {name.variable: name for name in names_of(settings)}


def nearest(wrong: str, known: Iterable[str]) -> str:
    """Return "Did you mean …?" with the name most like the wrong one, or "" when none is."""
    found = get_close_matches(wrong, list(known), n=1, cutoff=0.6)
    return f"Did you mean {found[0]}?" if found else ""
