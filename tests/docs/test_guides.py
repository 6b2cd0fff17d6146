"""The guides name commands, settings and files that are there; what can't be run here is parsed."""

from __future__ import annotations

import re
import shlex
import tomllib
from configparser import ConfigParser
from pathlib import Path

import pytest
from typer.main import get_command

from bot.__main__ import app
from config.names import FILE, PLACES, variables_of
from config.settings import Settings
from tests.docs.pages import ROOT, blocks, bot_arguments, pages

GUIDES = ROOT / "docs" / "how-to"
COMMANDS = getattr(get_command(app), "commands", {})
BLOCK = r"^( *)```{}\n(.*?)^\1```"


def is_understood(arguments: list[str]) -> bool:
    """Return whether Voc has such a command with such options; it is not run."""
    name, *rest = arguments
    return COMMANDS[name].make_context(name, rest) is not None


def code(page: Path, language: str) -> list[str]:
    """Return the page's blocks of a language, not indented."""
    found = re.findall(BLOCK.format(language), page.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    return [re.sub(f"^{indent}", "", text, flags=re.MULTILINE) for indent, text in found]


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_each_command_of_a_page_is_understood(page: Path) -> None:
    for command in (command for block in blocks(page) for command in block):
        arguments = bot_arguments(command)

        assert arguments is None or is_understood(arguments), command


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_each_setting_that_a_page_names_is_there(page: Path) -> None:
    known = variables_of(Settings)
    known_names = {*known, *(f"{name}{FILE}" for name in known), *PLACES}

    named = set(re.findall(r"\bVOC_[A-Z_]*[A-Z]\b", page.read_text(encoding="utf-8")))

    assert named - known_names == set()


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.name)
def test_each_piece_of_toml_on_a_page_is_toml(page: Path) -> None:
    for text in code(page, "toml"):
        assert tomllib.loads(text)


def test_every_guide_can_be_reached_by_links() -> None:
    reached, ways = set[Path](), [ROOT / "README.md"]
    while ways:
        page = ways.pop()
        reached.add(page)
        links = re.findall(r"\]\(([^)#:]+\.md)", page.read_text(encoding="utf-8"))
        ways += [to for link in links if (to := (page.parent / link).resolve()) not in reached]

    assert [page for page in pages() if page not in reached] == []


def test_the_systemd_unit_runs_voc_where_its_settings_lie() -> None:
    unit = ConfigParser(interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign] # names keep their capitals

    unit.read_string(code(GUIDES / "install-systemd.md", "ini")[0])

    service = unit["Service"]
    assert bot_arguments(service["ExecStart"]) == ["up"]
    assert service["ExecStart"].startswith(service["WorkingDirectory"])
    assert service["ReadWritePaths"] == service["WorkingDirectory"]


def test_the_dockerfile_takes_what_is_there_and_runs_voc() -> None:
    lines = [line.split(maxsplit=1) for line in (ROOT / "Dockerfile").read_text().splitlines() if line]
    taken = [shlex.split(rest)[0] for word, rest in lines if word == "COPY"]

    assert [name for name in taken if not (ROOT / name).exists()] == []
    assert {f"!{name}" for name in taken} <= set((ROOT / ".dockerignore").read_text().split())
    assert lines[-1] == ["CMD", '["python", "-m", "bot", "up"]']


def test_the_procfile_runs_voc() -> None:
    lines = [line.partition(": ") for line in (ROOT / "Procfile").read_text().splitlines()]

    ran = {name: bot_arguments(command) for name, _, command in lines}

    assert ran == {"release": ["migrate"], "web": ["serve"], "worker": ["work"]}
