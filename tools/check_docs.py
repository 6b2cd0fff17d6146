"""Fails when the documents promise what is not there.

Links between documents must resolve, headings included. Each `make x` and `python -m bot x` in a code span or
block must exist. No text file may name a folder of somebody's own machine.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)(?:\s+\"[^\"]*\")?\)")
HEADING = re.compile(r"^#{1,6}\s+(.+?)\s*#*$", re.MULTILINE)
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
SPAN = re.compile(r"`[^`\n]+`")
MAKE = re.compile(r"(?:^|[`$;&|(])\s*(?:\w+=\S+ )*make ([a-z][a-z-]*)", re.MULTILINE)
BOT = re.compile(r"python3? -m bot ([a-z][a-z-]*)")
OWN_FOLDER = re.compile(r"(?<![\w.~*)}\]])/(?:work|root|home|Users)/[\w.]")


def tracked_files(root: Path) -> list[Path]:
    """Return the files that git tracks or would track, in order of path."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],  # noqa: S607
        cwd=root,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return sorted(path for name in listing.split("\0") if name and (path := root / name).is_file())


def anchors(markdown: str) -> set[str]:
    """Return the fragments that a code host makes of the headings: lower case, hyphens, punctuation off."""
    seen: dict[str, int] = {}
    found = set()
    for title in HEADING.findall(FENCE.sub("", markdown)):
        slug = re.sub(r"[^\w\- ]", "", LINK.sub(lambda m: m[0][1 : m[0].index("]")], title).lower())
        slug = slug.replace(" ", "-")
        again = seen.get(slug, 0)
        seen[slug] = again + 1
        found.add(f"{slug}-{again}" if again else slug)
    return found


def broken_links(page: Path) -> Iterator[str]:
    """Yield each relative link of the page whose file or heading is missing. The web is not asked."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for target in LINK.findall(SPAN.sub("", text)):
        if re.match(r"[a-z][a-z+.-]*:", target):
            continue
        name, _, fragment = target.partition("#")
        file = page.parent / name if name else page
        if not file.exists():
            yield f"link to {target}: no such file"
        elif fragment and file.suffix == ".md" and fragment not in anchors(file.read_text(encoding="utf-8")):
            yield f"link to {target}: no such heading"


def code_of(markdown: str) -> str:
    """Return the code spans and blocks of the page, one after the other."""
    blocks = [match[0] for match in FENCE.finditer(markdown)]
    return "\n".join([*blocks, *SPAN.findall(FENCE.sub("", markdown))])


def make_targets(makefile: str) -> set[str]:
    """Return the targets that the Makefile declares phony: those meant for people."""
    return {name for line in re.findall(r"^\.PHONY:(.*)$", makefile, re.MULTILINE) for name in line.split()}


def bot_commands() -> set[str]:
    """Return the names that `python -m bot` understands, as its own help lists them."""
    from typer.main import get_command

    from bot.__main__ import app

    return set(getattr(get_command(app), "commands", {}))


def unknown_commands(page: Path, targets: set[str], commands: Callable[[], set[str]]) -> Iterator[str]:
    """Yield each command of the page that is not there. commands: asked only when the page names one."""
    code = code_of(page.read_text(encoding="utf-8"))
    yield from (f"make {name}: no such target" for name in sorted(set(MAKE.findall(code)) - targets))
    if used := set(BOT.findall(code)):
        yield from (f"python -m bot {name}: no such command" for name in sorted(used - commands()))


def own_folders(path: Path) -> Iterator[str]:
    """Yield each line of a text file that names a folder of somebody's own machine."""
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return
    for number, line in enumerate(text.splitlines(), start=1):
        if OWN_FOLDER.search(line):
            yield f"line {number} names a folder of somebody's own machine"


def check(root: Path, commands: Callable[[], set[str]] = bot_commands) -> list[str]:
    """Return every fault of the files that git knows below the root, each with its file."""
    targets = make_targets((root / "Makefile").read_text(encoding="utf-8"))
    found = []
    for path in tracked_files(root):
        faults = list(own_folders(path))
        if path.suffix == ".md":
            faults += [*broken_links(path), *unknown_commands(path, targets, commands)]
        found += [f"{path.relative_to(root)}: {fault}" for fault in faults]
    return found


if __name__ == "__main__":
    found = check(ROOT)
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
