"""The project's own checks find what they are for."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tools import check_docs, check_sizes

MAKEFILE = ".PHONY: setup demo\n"


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Return an empty repository with a Makefile and a guide to link to."""
    subprocess.run(["git", "init", "--quiet", str(tmp_path)], check=True)
    (tmp_path / "Makefile").write_text(MAKEFILE)
    (tmp_path / "guide.md").write_text("# Guide\n\n## Run `voc`, daily\n\n## Twice\n\n## Twice\n")
    return tmp_path


def faults_of(clone: Path, page: str) -> list[str]:
    """Return the faults that the docs check finds with this README."""
    (clone / "README.md").write_text(page)
    return check_docs.check(clone, commands=lambda: {"sync"})


@pytest.mark.parametrize(
    "page",
    [
        "[guide](guide.md), [part](guide.md#run-voc-daily), [again](guide.md#twice-1), [web](https://example.com/x)",
        "[here](#here)\n\n# Here\n",
        "```sh\nmake demo ARGS=--once\npython -m bot sync\n```\n",
        "Run `make setup && make demo`. People make mistakes; `make` alone lists targets.",
        "`[not](a-link.md)`",
        "See https://example.com/home/page and `/healthz`.",
    ],
)
def test_docs_that_keep_their_promises_pass(clone: Path, page: str) -> None:
    assert faults_of(clone, page) == []


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("[guide](gone.md)", "link to gone.md: no such file"),
        ("[part](guide.md#gone)", "link to guide.md#gone: no such heading"),
        ("[here](#gone)", "link to #gone: no such heading"),
        ("```sh\nmake setup\nmake gone\n```", "make gone: no such target"),
        ("Run `make setup && make gone`.", "make gone: no such target"),
        ("Run `ARGS=--once make gone`.", "make gone: no such target"),
        ("Run `python -m bot gone --now`.", "python -m bot gone: no such command"),
        ("It lies in /" + "root/x.", "line 1 names a folder of somebody's own machine"),
    ],
)
def test_docs_that_promise_what_is_not_there_fail(clone: Path, page: str, fault: str) -> None:
    assert faults_of(clone, page) == [f"README.md: {fault}"]


def test_files_that_git_ignores_are_not_checked(clone: Path) -> None:
    (clone / ".gitignore").write_text("notes.md\n")
    (clone / "notes.md").write_text("[gone](gone.md)")

    assert faults_of(clone, "# Voc\n") == []


def function_of(lines: int, name: str = "f") -> str:
    """Return the source of a function of that many lines."""
    return f"def {name}():\n" + "    pass\n" * (lines - 1)


@pytest.mark.parametrize(
    ("sources", "faults"),
    [
        ({"bot/a.py": function_of(12)}, []),
        ({"bot/a.py": "x = 1\n" * 300, "bot/b.py": "x = 1\n", "bot/c.py": "x = 1\n"}, []),
        (
            {"bot/a.py": "x = 1\n" * 301, "bot/b.py": "x = 1\n", "bot/c.py": "x = 1\n"},
            ["bot/a.py: 301 lines, at most 300"],
        ),
        ({"bot/a.py": "x = 1\n" * 101}, ["the median file has 101 lines, at most 100"]),
        ({"bot/a.py": function_of(13)}, ["the median function has 13 lines, at most 12"]),
        (
            {"bot/a.py": function_of(41) + function_of(2, "g") + function_of(2, "h")},
            ["bot/a.py:1 f: 41 lines, at most 40"],
        ),
        ({"tests/test_a.py": function_of(60)}, []),
        ({"tests/test_a.py": "x = 1\n" * 301}, ["tests/test_a.py: 301 lines, at most 300"]),
    ],
)
def test_sizes_over_the_limit_are_named(tmp_path: Path, sources: dict[str, str], faults: list[str]) -> None:
    for name, text in sources.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)

    assert check_sizes.check(tmp_path) == faults
