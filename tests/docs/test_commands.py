"""The page on `/voc` has every verb and filter, and what it shows is read as it says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from handlers.commands.parser import parse
from handlers.commands.search import KEYS
from handlers.commands.verbs import VERBS, handler_of
from integrations.slack.blocks.help import EXAMPLES
from integrations.slack.blocks.help import VERBS as HELP

ROW = re.compile(r"^\| `(?P<verb>\w+)` \| .+ \| `/voc (?P<example>[^`]+)` \|$", re.MULTILINE)
FILTERS = re.compile(r"^\| (?P<filters>(?:`\w+:` ?)+)\|", re.MULTILINE)


@pytest.fixture
def page(root: Path) -> str:
    return (root / "docs/reference/commands.md").read_text(encoding="utf-8")


def test_the_page_and_the_help_have_every_verb(page: str) -> None:
    assert {row["verb"] for row in ROW.finditer(page)} == VERBS.keys()
    assert {name.split()[0] for name in HELP} == VERBS.keys()


def test_the_page_has_every_filter_of_search(page: str) -> None:
    shown = [key for row in FILTERS.finditer(page) for key in re.findall(r"\w+", row["filters"])]

    assert tuple(shown) == KEYS


def test_every_example_is_read_by_its_verb(page: str) -> None:
    shown = [row["example"] for row in ROW.finditer(page)] + [
        one for some in EXAMPLES.values() for one in some
    ]
    for example in shown:
        verb, _, rest = example.partition(" ")

        assert handler_of(verb) is VERBS[verb]
        assert parse(rest, KEYS if verb == "search" else ()) is not None
