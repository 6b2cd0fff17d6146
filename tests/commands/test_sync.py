"""sync and status: what is coming, what came, and what happens when it is cut short."""

from __future__ import annotations

import shutil
import signal
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands.console import BETWEEN_LINES_S, lines
from integrations.sandbox.client import SandboxClient
from tests.commands.operator import Operator, asked, settings_for, status, until
from tests.forking import Ran
from tests.journeys.company import FEW

EXPORT = "/api/v2/incremental/tickets/cursor"
SINCE = f"{datetime.now(UTC) - timedelta(days=8):%Y-%m-%d}"


@dataclass(frozen=True)
class Synced:
    """An operator who has read everything once, and what the command showed."""

    operator: Operator
    ran: Ran


@pytest.fixture(scope="module")
def synced(world: SandboxClient, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Synced:
    """Return an operator whose first sync, at its most talkative, has gone through."""
    folder = tmp_path_factory.mktemp("synced")
    shutil.copy(sqlite_template, folder / "voc.db")
    operator = Operator(folder, {**settings_for(world), "VOC_LOG__LEVEL": "DEBUG"})
    return Synced(operator, operator.run("sync", "--since", SINCE))


def test_a_first_sync_shows_count_estimate_and_what_came(synced: Synced) -> None:
    assert synced.ran.code == 0
    assert synced.ran.out.splitlines() == [
        "jira: tickets: 4 read, 4 new",
        f"zendesk: about 3 conversations since {SINCE}, about 1 minute",
        "zendesk: conversations: 3 read, 3 new",
        f"intercom: about 1 conversation since {SINCE}, about 1 minute",
        "intercom: conversations: 1 read, 1 new",
        "4 pieces matched. See: python -m bot status",
    ]


def test_status_tells_people_and_programs_the_same(synced: Synced) -> None:
    told, now = synced.operator.run("status").out.splitlines(), status(synced.operator)

    assert told[:2] == ["4 conversations, 4 tickets", "4 pieces: 4 proposed"]
    assert "zendesk: last read 0 min ago" in told
    assert (now["conversations"], now["tickets"], now["unreadable"]) == (4, 4, 0)
    assert (now["pieces"]["pieces"], now["pieces"]["suggested"]) == (4, 4)
    assert {source["name"]: source["failures"] for source in now["sources"]} == {
        "intercom": 0,
        "jira": 0,
        "zendesk": 0,
    }


def test_nobodys_words_name_or_address_is_printed(synced: Synced) -> None:
    printed = synced.ran.out + synced.ran.err + synced.operator.run("status").out

    words = [word for said in FEW for word in said.words.split() if len(word) > 6]
    assert not [word for word in [*words, "company1", "Person", "@", "stand-in-zendesk"] if word in printed]


def test_a_later_sync_goes_on_where_the_first_stopped(synced: Synced, sandbox: SandboxClient) -> None:
    seen = len(sandbox.requests("zendesk"))

    ran = synced.operator.run("sync", "--source", "zendesk", "--since", SINCE)

    assert "zendesk: going on where it stopped; --since counts for a first import alone\n" in ran.out
    assert all("cursor=" in row["query"] for row in asked(sandbox, "zendesk", EXPORT, seen))


def test_a_source_that_fails_is_told_and_the_others_are_read(
    operator: Operator, sandbox: SandboxClient
) -> None:
    sandbox.fault("status", vendor="zendesk", status=401, times=None)

    ran = operator.run("sync")

    assert ran.code == 1
    assert "voc: zendesk: " in ran.err
    assert "python -m bot connect zendesk" in ran.err
    assert "Traceback" not in ran.err
    assert "intercom: conversations: 2 read, 2 new\n" in ran.out
    assert "FAILING, 1 in a row: zendesk: " in operator.run("status").out


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["--source", "zendisk"], "voc: There is no source 'zendisk'. Configured: zendesk, intercom.\n"),
        (["--since", "yesterday"], "%Y-%m-%d"),
    ],
)
def test_a_wrong_argument_is_answered_with_the_right_ones(
    operator: Operator, given: list[str], said: str
) -> None:
    ran = operator.run("sync", *given)

    assert ran.code in (1, 2)
    assert said in ran.err
    assert "Traceback" not in ran.err


def test_without_a_source_sync_names_the_variable_and_the_way_out(shell: Operator) -> None:
    ran = shell.run("sync")

    assert ran.code == 2
    assert ran.err.startswith("VOC_ZENDESK__URL (needed for sync): is not set")
    assert "python -m bot init" in ran.err


def test_ctrl_c_ends_with_130_and_says_that_nothing_is_lost(
    operator: Operator, sandbox: SandboxClient
) -> None:
    sandbox.fault("slow", vendor="zendesk", path=EXPORT, delay_s=20)
    seen = len(sandbox.requests("jira"))

    with operator.running("sync") as process:
        until(lambda: len(sandbox.requests("jira")) > seen + 1)
        time.sleep(1)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=10)

    assert process.returncode == 130
    assert err.endswith("Stopped. The next sync goes on where this one stopped.\n")
    assert "Traceback" not in err


def test_progress_where_nobody_watches_is_a_line_now_and_then() -> None:
    put: list[str] = []
    seconds = 0.0
    step = lines(put.append, lambda: seconds)

    short, note = step("jira: tickets"), step("zendesk: conversations")
    short("4 read")
    for read in range(1, 31):
        seconds = read * BETWEEN_LINES_S / 10
        note(f"{read} read")

    assert put == [f"zendesk: conversations: {n} read" for n in (10, 20, 30)]
