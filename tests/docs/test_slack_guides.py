"""The guide to the first ten minutes runs as it stands, and the one to Slack lists the manifest's scopes."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.scopes import SCOPES
from tests.docs.outside import operators_environment
from tests.docs.pages import ROOT, blocks, bot_arguments
from tests.docs.test_readme import KEEP_RUNNING, run, run_until_told

GUIDES = ROOT / "docs" / "how-to"

pytestmark = pytest.mark.xdist_group("readme")


@pytest.mark.slow
def test_each_command_of_the_first_ten_minutes_runs_in_turn(tmp_path: Path) -> None:
    commands = [c for block in blocks(GUIDES / "first-ten-minutes.md") for c in block]
    told = {}

    with operators_environment(tmp_path) as environment:
        environment["VOC_WEB__PUBLIC_URL"] = "https://voc.acme.example"
        for command in commands:
            arguments = bot_arguments(command) or []
            if (ready := KEEP_RUNNING.get(arguments[0])) is not None:
                run_until_told(arguments, ready, tmp_path, environment)
            else:
                told[arguments[0]] = run(arguments, tmp_path, environment)

    assert "What Voc did" in told["demo"]
    assert "MISSING" not in told["check"]
    assert '"slash_commands"' in told["manifest"]


def test_the_scopes_shown_are_those_of_the_manifest_with_what_needs_each() -> None:
    shown = (GUIDES / "connect-slack.md").read_text(encoding="utf-8").partition("## Scopes, and why")[2]

    rows = [line for line in shown.partition("\n## ")[0].splitlines() if line.startswith("| `")]
    assert rows == [f"| `{scope}` | {why} |" for scope, why in SCOPES.items()]
