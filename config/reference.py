"""Prints docs/reference/settings.md: every setting with its default and an example."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from pydantic import BaseModel, SecretStr

from config.names import Name, example_of, names_of
from config.sections import ChannelSettings, Fields, RouteSettings
from config.settings import Settings
from config.trackers import FigureFields

HEAD = """# Settings

Made by `python -m config.reference` from the settings' own definitions; a test compares.

A value comes from the environment, else from `.env` in the working folder, else from `voc.toml` there
(`VOC_CONFIG` names another file). `VOC_JIRA__URL` is `url` under `[jira]` in the file. A blank variable
counts as not set. Lists are TOML arrays, or text with commas between in the environment.

**Secrets** (marked 🔑) come from the environment alone: the variable itself, or the same name with `_FILE`
and the path of a file that holds the value. In `voc.toml` they stop the start.

An unknown name, a value of the wrong form, or a missing one stops the start with exit code 2, and all of
them are told at once. An `http://` address is accepted only for this machine itself.

The [example file](../../config/voc.example.toml) shows `voc.toml` as a whole.
"""
ROUTES = "## `[[routes]]`\n\nIn `voc.toml` only, as often as needed; the order counts.\n"
CHANNELS = "## `[[channels]]`\n\nIn `voc.toml` only, one a channel.\n"
FIELDS = "## `[fields.<source>]`\n\nIn `voc.toml` only, one table a source: `[fields.zendesk]`.\n"
FIGURES = "## `[jira.figures]`\n\nIn `voc.toml` only.\n"
CREATE_FIELDS = """## `[jira.create_fields]`

In `voc.toml` only. Fields that a project requires of each new ticket, as Jira's API takes them:

```toml
[jira.create_fields]
priority = { name = "Medium" }
components = [{ name = "Export" }]
customfield_10042 = "Voc"
```
"""


def reference() -> str:
    """Return the page."""
    parts = [HEAD]
    for section, names in groupby(names_of(Settings), key=lambda name: name.section):
        parts.append(_section(section, list(names)))
    parts.append(CREATE_FIELDS)
    for head, model in (
        (FIGURES, FigureFields),
        (ROUTES, RouteSettings),
        (CHANNELS, ChannelSettings),
        (FIELDS, Fields),
    ):
        parts.append("\n".join([f"{head}\n{_sentence(model)}", "", *_table("key", _keys(model))]) + "\n")
    return "\n".join(parts)


def _section(section: str, names: Sequence[Name]) -> str:
    model = names[0].section_type
    head = f"## `[{section}]`\n\n{_sentence(model)}" if model else "## For all\n\nAt the top of the file."
    rows = ((f"`{name.variable}`{' 🔑' if name.is_secret else ''}", *_cells(name.field)) for name in names)
    return "\n".join([head, "", *_table("variable", rows)]) + "\n"


def _sentence(model: type[BaseModel]) -> str:
    return " ".join((model.__doc__ or "").split())


def _keys(model: type[BaseModel]) -> Iterator[Sequence[str]]:
    for key, field in model.model_fields.items():
        yield f"`{key}`", *_cells(field)


def _cells(field: Any) -> tuple[str, str, str]:
    return field.description, _code(_shown(field.default)), _code(example_of(field))


def _shown(value: Any) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return ", ".join(value) if isinstance(value, tuple) else str("" if value is None else value)


def _code(text: str) -> str:
    return f"`{text}`" if text else ""


def _table(first: str, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    yield f"| {first} | what it is | default | example |"
    yield "|---|---|---|---|"
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"


if __name__ == "__main__":
    sys.stdout.write(reference())
