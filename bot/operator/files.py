"""The files that set-up writes: `voc.toml`, `.env` (readable by its owner alone), `.gitignore`."""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

PRIVATE = 0o600
BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
ASSIGNMENT = re.compile(r"\s*(?:export\s+)?([A-Za-z_]\w*)\s*=")


def toml_of(document: Mapping[str, Any]) -> str:
    """Return the document as TOML: texts, numbers, booleans, lists of these, tables and lists of tables."""
    return "\n".join(_lines(document, ())).strip() + "\n"


def _lines(table: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[str]:
    for key, value in table.items():
        if not isinstance(value, Mapping) and not _is_tables(value):
            yield f"{_key(key)} = {_value(value)}"
    for key, value in table.items():
        inner = (*path, key)
        name = ".".join(map(_key, inner))
        if isinstance(value, Mapping):
            if any(not isinstance(below, Mapping) for below in value.values()):
                yield f"\n[{name}]"
            yield from _lines(value, inner)
        elif _is_tables(value):
            for row in value:
                yield f"\n[[{name}]]"
                yield from _lines(row, inner)


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and all(isinstance(row, Mapping) for row in value)


def _key(key: str) -> str:
    return key if BARE_KEY.fullmatch(key) else _value(key)


def _value(value: Any) -> str:
    # JSON's texts, numbers, booleans and lists are TOML's, but for this one character.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def env_with(text: str, values: Mapping[str, str]) -> str:
    """Return the text of an `.env` with these variables set anew ("" takes one out), the rest as it was."""
    left, lines = dict(values), []
    for line in text.splitlines():
        found = ASSIGNMENT.match(line)
        if not found or found[1] not in values:
            lines.append(line)
        elif value := left.pop(found[1], ""):
            lines.append(f"{found[1]}={_quoted(value)}")
    lines += [f"{name}={_quoted(value)}" for name, value in left.items() if value]
    return "\n".join(lines) + "\n" if lines else ""


def _quoted(value: str) -> str:
    if re.fullmatch(r"[\w.:/@%+=,-]+", value, re.ASCII):
        return value
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


def write_whole(path: Path, text: str, mode: int | None = None) -> None:
    """Put the text in the file, all of it or nothing. mode: of the file; None keeps the usual one."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # 0600 from its first byte
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(name).chmod(mode if mode is not None else 0o644)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def keep_from_git(folder: Path, name: str) -> bool:
    """Add the name to the folder's `.gitignore` if it lies in a git tree; return whether it was missing."""
    if not any((above / ".git").exists() for above in (folder, *folder.parents)):
        return False
    ignore = folder / ".gitignore"
    text = ignore.read_text(encoding="utf-8") if ignore.exists() else ""
    if {name, f"/{name}"} & {line.strip() for line in text.splitlines()}:
        return False
    lead = "" if not text or text.endswith("\n") else "\n"
    write_whole(ignore, f"{text}{lead}{name}\n")
    return True
