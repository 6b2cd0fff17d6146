"""The documents as the tests read them: their commands, and the parts of the README that are made."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
SHELL = re.compile(r"^( *)```sh\n(.*?)^\1```", re.MULTILINE | re.DOTALL)
COMMENT = re.compile(r"(?:^|\s)#\s.*$", re.MULTILINE)
SETTING = re.compile(r"\w+=\S*")


def pages() -> list[Path]:
    """Return every document that shows commands."""
    top = (ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"))
    return [*top, *sorted((ROOT / "docs").rglob("*.md"))]


def blocks(page: Path) -> list[list[str]]:
    """Return the commands of each shell block: comments off, continued lines joined."""
    found = SHELL.findall(page.read_text(encoding="utf-8"))
    plain = (COMMENT.sub("", text).replace("\\\n", " ") for _, text in found)
    return [[line.strip() for line in text.splitlines() if line.strip()] for text in plain]


def bot_arguments(command: str) -> list[str] | None:
    """Return what follows `python -m bot` in a command, None where it runs no part of Voc."""
    words = [word for word in shlex.split(command) if not SETTING.fullmatch(word)]
    at = next((n for n in range(len(words)) if words[n : n + 2] == ["-m", "bot"]), None)
    return None if at is None else words[at + 2 :]


def part(name: str) -> str:
    """Return what stands between the README's marks of that name."""
    begin, end = marks(name)
    return README.read_text(encoding="utf-8").partition(begin)[2].partition(end)[0].strip("\n")


def marks(name: str) -> tuple[str, str]:
    """Return the marks around a part that is made."""
    return f"<!-- {name}: made by python -m tests.docs.parts -->\n", f"\n<!-- end of {name} -->"
