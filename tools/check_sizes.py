"""Fails when source files or functions outgrow the limits that keep them readable.

A file counts every line; empty files do not enter the median. A function counts from its `def` to its last
line, docstring and nested functions included, decorators not; a nested function also counts by itself. Tests
keep only the limit on files: a test's length is its story's.
"""

from __future__ import annotations

import ast
import statistics
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCES = ("bot", "handlers", "integrations", "config", "benchmarks", "tools")
MAX_FILE, MEDIAN_FILE = 300, 100
MAX_FUNCTION, MEDIAN_FUNCTION = 40, 12


@dataclass(frozen=True, slots=True)
class Size:
    """How long something is. lines: 1 or more."""

    where: str
    lines: int


def file_sizes(root: Path, folders: Iterable[str]) -> Iterator[tuple[Path, Size]]:
    """Yield each Python file below the folders that is not empty, in order of path."""
    for folder in folders:
        for path in sorted((root / folder).rglob("*.py")):
            lines = len(path.read_text(encoding="utf-8").splitlines())
            if lines:
                yield path, Size(str(path.relative_to(root)), lines)


def function_sizes(path: Path, where: str) -> Iterator[Size]:
    """Yield each function of the file, nested ones too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            end = node.end_lineno or node.lineno
            yield Size(f"{where}:{node.lineno} {node.name}", end - node.lineno + 1)


def faults(sizes: list[Size], what: str, most: int, median: int | None) -> list[str]:
    """Return one line for each size over `most`, and one when the middle size is over `median`."""
    found = [f"{size.where}: {size.lines} lines, at most {most}" for size in sizes if size.lines > most]
    middle = statistics.median(size.lines for size in sizes) if sizes else 0
    if median is not None and middle > median:
        found.append(f"the median {what} has {middle:g} lines, at most {median}")
    return found


def check(root: Path) -> list[str]:
    """Return every fault below the root, and print the medians."""
    sources = list(file_sizes(root, SOURCES))
    files = [size for _, size in sources]
    functions = [size for path, file in sources for size in function_sizes(path, file.where)]
    for what, sizes in (("files", files), ("functions", functions)):
        if sizes:
            print(f"sizes: {len(sizes)} {what}, median {statistics.median(s.lines for s in sizes):g} lines")
    tests = [size for _, size in file_sizes(root, ["tests"])]
    return [
        *faults(files, "file", MAX_FILE, MEDIAN_FILE),
        *faults(functions, "function", MAX_FUNCTION, MEDIAN_FUNCTION),
        *faults(tests, "test file", MAX_FILE, None),
    ]


if __name__ == "__main__":
    found = check(Path(__file__).parents[1])
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
