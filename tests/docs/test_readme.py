"""The README shows what Voc really posts, and each of its commands runs."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs import parts
from tests.docs.demo import bare_environment, demo_page, posted_digest
from tests.docs.outside import operators_environment
from tests.docs.pages import README, ROOT, blocks, bot_arguments, part

pytestmark = pytest.mark.xdist_group("readme")

MADE_ANEW = "run: python -m tests.docs.parts"
PARSED_ONLY = ("git clone", "cd ", "make setup")
KEEP_RUNNING = {"up": "Listening on", "serve": "Listening on", "work": "work started"}
NO_TO_ALL = "n\n" * 20
FEEDBACK = "id,created_at,channel,text\nf1,,chat,The export of invoices loses the last row\n"
TICKETS = "key,title,description,status,created_at,labels\nAB-1,Invoice export drops a row,It does,open,,\n"
TRUTH = "feedback_id,ticket_key,fits,how\nf1,AB-1,1,read\n"


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Yield the address of the demo's page."""
    with demo_page(tmp_path_factory.mktemp("demo")) as address:
        yield address


def run(arguments: list[str], folder: Path, environment: dict[str, str]) -> str:
    """Return what `python -m bot` with these arguments tells; it must end well."""
    done = subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=folder,
        env=environment,
        input=NO_TO_ALL,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 0, f"{arguments}: {done.stdout}{done.stderr}"
    return done.stdout


def run_until_told(arguments: list[str], told: str, folder: Path, environment: dict[str, str]) -> None:
    """Start a command that keeps running, stop it once it has told so, and see it end well."""
    command = [sys.executable, "-m", "bot", *arguments]
    with subprocess.Popen(
        command, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        assert process.stdout is not None
        seen = [next(line for line in process.stdout if told in line)]
        process.terminate()
        seen += process.stdout
    assert process.returncode == 0, "".join(seen)


def recipe(command: str) -> str:
    """Return what a make command would run."""
    name, _, arguments = command.removeprefix("make ").partition(" ")
    shown = subprocess.run(
        [
            "make",
            "--no-print-directory",
            "-n",
            "-o",
            ".venv/.stamp",
            name,
            *([arguments.replace('"', "")] if arguments else []),
        ],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return shown.stdout.strip().replace(".venv/bin/python", "python")


def test_the_digest_shown_is_the_one_that_the_demo_posts(page: str) -> None:
    assert part("digest") == f"```text\n{posted_digest(page)}\n```", MADE_ANEW


def test_the_settings_shown_are_the_settings() -> None:
    assert part("settings") == parts.settings(), MADE_ANEW


def test_a_newcomers_commands_run(tmp_path: Path) -> None:
    commands = [c for c in blocks(README)[0] if not c.startswith(PARSED_ONLY)]

    serves, ends = (bot_arguments(recipe(command)) or [] for command in commands)

    assert serves == ["demo"]  # as the fixture `page` runs it, at another moment
    assert "What Voc did" in run(ends, tmp_path, bare_environment(tmp_path))


@pytest.mark.slow
def test_measuring_commands_run(tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    for name, text in (("feedback", FEEDBACK), ("tickets", TICKETS), ("truth", TRUTH)):
        (data / f"{name}.csv").write_text(text, encoding="utf-8")

    for command in blocks(README)[1]:
        run(bot_arguments(command) or [], tmp_path, bare_environment(tmp_path))

    assert json.loads((tmp_path / "figures.json").read_text())["retrieval"]["top1"] == 1.0
    assert json.loads((tmp_path / "report.json").read_text())["pulled"] == 1


@pytest.mark.slow
def test_operators_commands_run(tmp_path: Path) -> None:
    commands = [bot_arguments(command) or [] for command in blocks(README)[2]]
    told = {}

    with operators_environment(tmp_path) as environment:
        for command in commands:
            if (ready := KEEP_RUNNING.get(command[0])) is not None:
                run_until_told(command, ready, tmp_path, environment)
            else:
                told[" ".join(command)] = run(command, tmp_path, environment)

    assert "MISSING" not in told["check"]
    assert "attach on" in told["switch FLD --attach"]
    assert (tmp_path / "voc-backup.db").stat().st_size > 100_000


def test_no_command_is_left_out() -> None:
    assert len(blocks(README)) == 3


@pytest.mark.parametrize("name", ["digest", "ticket"])
def test_a_picture_is_small_enough_for_a_page(name: str) -> None:
    picture = (ROOT / "docs" / "images" / f"{name}.png").read_bytes()

    assert picture.startswith(b"\x89PNG")
    assert len(picture) < 200_000
    assert f"docs/images/{name}.png" in README.read_text(encoding="utf-8")
