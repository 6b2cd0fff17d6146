"""annotate, its dry run, writes and unlink, against the stand-ins."""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
import requests

from integrations.sandbox.client import SandboxClient
from tests.commands.operator import Operator, settings_for

CREDENTIALS = ("voc@acme.example", "jira-api-token")
READS = {"GET"}
SEARCH = "/search/jql"


@pytest.fixture(scope="module")
def attached_template(
    world: SandboxClient, tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path
) -> Path:
    """Return a database in which customers' words are attached, and nothing is written yet."""
    folder = tmp_path_factory.mktemp("attached")
    file = folder / "voc.db"
    shutil.copy(sqlite_template, file)
    operator = Operator(folder, {**settings_for(world), "DATABASE_URL": f"sqlite:///{file}"})
    operator.run("switch", "APP", "--attach")
    operator.run("switch", "WEB", "--attach")
    assert operator.run("sync").code == 0
    return file


@pytest.fixture
def attached(operator: Operator, attached_template: Path) -> Operator:
    """Return an operator with a database like that."""
    shutil.copy(attached_template, operator.folder.parent / "voc.db")
    return operator


def written(sandbox: SandboxClient, since: int) -> list[dict[str, Any]]:
    """Return the requests by which something at Jira was changed, from the since-th of all on."""
    rows = sandbox.requests("jira")[since:]
    return [row for row in rows if row["method"] not in READS and not row["path"].endswith(SEARCH)]


def dump(operator: Operator) -> list[str]:
    with closing(sqlite3.connect(operator.settings["DATABASE_URL"].removeprefix("sqlite:///"))) as database:
        return list(database.iterdump())


def links(operator: Operator, key: str) -> list[dict[str, Any]]:
    url = f"{operator.settings['VOC_JIRA__URL']}/rest/api/3/issue/{key}/remotelink"
    return list(requests.get(url, auth=CREDENTIALS, timeout=10).json())


def test_a_dry_run_says_what_would_be_written_and_changes_nothing(
    attached: Operator, sandbox: SandboxClient
) -> None:
    before, sent = dump(attached), len(sandbox.requests("jira"))

    ran = attached.run("annotate", "--dry-run")

    assert ran.code == 0
    assert written(sandbox, sent) == []
    assert dump(attached) == before
    assert "APP-1 Export stops after a thousand rows\n" in ran.out
    assert "  NOT WRITTEN: APP is off. To turn it on: python -m bot switch APP --write\n" in ran.out
    assert re.search(
        r"^  add link “APP-1: our export still stops .*” → http://\S+/agent/tickets/1$", ran.out, re.M
    )
    assert re.search(r"^    \| \d people · \d companies \| new in the last 30 days: ", ran.out, re.M)
    assert ran.out.endswith(" tickets looked at, 2 lack something. Nothing was written.\n")


@pytest.mark.slow
def test_what_a_dry_run_says_is_then_written_and_after_that_nothing_is_left(
    attached: Operator, sandbox: SandboxClient
) -> None:
    attached.run("switch", "APP", "--write")
    said = attached.run("annotate", "--dry-run", "app-1").out
    sent = len(sandbox.requests("jira"))

    ran = attached.run("annotate", "APP-1")
    again = attached.run("annotate", "--dry-run", "APP-1")
    once_more = attached.run("annotate")

    promised = re.findall(r"add link (“.*”) → (\S+)", said)
    there = [(one["object"]["title"], one["object"]["url"]) for one in links(attached, "APP-1")]
    assert sorted(there) == sorted(promised)
    assert "NOT WRITTEN" not in said
    assert ran.out == (
        f"1 tickets looked at: {len(promised)} links written, 0 removed, 1 comments and 0 sets of figures "
        "brought up to date.\n"
    )
    assert len(written(sandbox, sent)) == len(promised) + 1
    assert again.out == "1 tickets looked at, 0 lack something. Nothing was written.\n"
    assert once_more.code == 0


def test_a_stop_is_obeyed_shown_loudly_everywhere_and_taken_back(
    attached: Operator, sandbox: SandboxClient
) -> None:
    attached.run("switch", "WEB", "--write")
    sent = len(sandbox.requests("jira"))

    stopped = attached.run("writes", "stop")
    held = attached.run("annotate")
    shown = [attached.run(*words.split()) for words in ("writes", "status", "check", "annotate --dry-run")]
    data = json.loads(attached.run("status", "--json").out)
    during = written(sandbox, sent)
    resumed = attached.run("writes", "resume")
    attached.run("annotate")

    assert "ALL WRITES ARE STOPPED since" in stopped.out
    assert held.out.startswith("0 tickets looked at")
    assert ["ALL WRITES ARE STOPPED" in ran.out for ran in (held, *shown)] == [True] * 5
    assert [ran.code for ran in shown] == [0, 0, 1, 0]
    assert data["stopped"]["by"] == "operator"
    assert during == []
    assert resumed.out == "Writes are on: each project's switch decides about its tickets.\n"
    assert [one["globalId"] for one in links(attached, "WEB-1")] == ["voc:zendesk:5:1"]
    assert json.loads(attached.run("status", "--json").out)["stopped"] is None


@pytest.mark.slow
@pytest.mark.parametrize("item", ["number", "key"])
def test_unlink_does_what_undo_does(attached: Operator, item: str) -> None:
    attached.run("switch", "APP", "--write")
    attached.run("annotate", "APP-1")
    with closing(sqlite3.connect(attached.settings["DATABASE_URL"].removeprefix("sqlite:///"))) as database:
        [(piece,)] = database.execute(
            "SELECT f.id FROM feedback f JOIN conversation c ON c.id = f.conversation_id"
            " WHERE c.source = 'zendesk' AND c.external_id = '2'"
        )
    named = str(piece) if item == "number" else "voc:zendesk:2:1"

    ran, again = attached.run("unlink", named), attached.run("unlink", named)
    attached.run("annotate")

    assert ran.out == (
        f"Piece {named} is unlinked from APP-1, and Voc has learned that it does not belong there.\n"
    )
    assert (again.code, again.err) == (
        1,
        f"voc: Piece {named} is attached to no ticket, so there is nothing to unlink.\n",
    )
    assert "voc:zendesk:2:1" not in [one["globalId"] for one in links(attached, "APP-1")]


@pytest.mark.slow
def test_a_link_removed_in_jira_is_noticed_at_the_next_sync(attached: Operator) -> None:
    attached.run("switch", "APP", "--write")
    attached.run("annotate", "APP-1")
    issue = f"{attached.settings['VOC_JIRA__URL']}/rest/api/3/issue/APP-1"
    key = links(attached, "APP-1")[0]["globalId"]
    gone = {"globalId": key}
    requests.delete(f"{issue}/remotelink", params=gone, auth=CREDENTIALS, timeout=10).raise_for_status()
    body = {"body": {"type": "doc", "version": 1, "content": []}}
    requests.post(f"{issue}/comment", json=body, auth=CREDENTIALS, timeout=10)

    attached.run("sync")
    attached.run("annotate")
    attached.run("annotate", "APP-1")

    assert key not in [one["globalId"] for one in links(attached, "APP-1")]
    ran = attached.run("unlink", key)
    assert "is attached to no ticket" in ran.err


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("annotate NONE-1", "No ticket NONE-1 is known"),
        ("writes halt", "say stop, resume or status"),
        ("unlink 999", "no longer known"),
        ("unlink voc:zendesk:none:1", "No piece voc:zendesk:none:1 is known"),
        ("unlink what", "No piece what is known"),
    ],
)
def test_what_can_not_be_done_is_told_in_one_line(shell: Operator, command: str, said: str) -> None:
    ran = shell.run(*command.split())

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert said in ran.err
