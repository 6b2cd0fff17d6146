"""`themes`: listed, joined, parted, set aside, made tickets of, from the shell."""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.domain.feedback import AuthorRole, ReceivedConversation, ReceivedPerson, ReceivedTurn
from bot.domain.route import Rules
from bot.engine.clock import SystemClock
from bot.services.ingest import ingest
from bot.storage.database import Database
from bot.storage.engine import open_database
from integrations.sandbox.client import SandboxClient
from tests.commands.operator import Operator
from tests.forking import Ran
from tests.services.themes import DARK, PRINTER


def fill(operator: Operator, texts: Sequence[str]) -> None:
    """Store the texts, each said now by a person of its own."""
    database, now = Database(open_database(operator.settings["DATABASE_URL"])), SystemClock().now()
    with database.work() as unit:
        for number, text in enumerate(texts, 1):
            turn = ReceivedTurn(external_id="1", role=AuthorRole.CUSTOMER, said_at=now, original=text)
            received = ReceivedConversation(
                external_id=str(number),
                created_at=now,
                updated_at=now,
                customer=ReceivedPerson(external_id=str(number)),
                turns=(turn,),
            )
            ingest(unit, Rules(), "zendesk", received, now)
        unit.commit()
    database.close()


def listed(operator: Operator, *words: str) -> list[dict[str, Any]]:
    return list(json.loads(themes(operator, "list", "--json", *words).out))


def themes(operator: Operator, *words: str) -> Ran:
    return operator.run("themes", *words)


@pytest.fixture(scope="module")
def filled_template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Return a database that has two themes, 1 and 2."""
    folder = tmp_path_factory.mktemp("filled")
    file = folder / "voc.db"
    shutil.copy(sqlite_template, file)
    shell = Operator(folder, {"DATABASE_URL": f"sqlite:///{file}"})
    fill(shell, [*DARK, *PRINTER])
    assert themes(shell, "update").code == 0
    return file


@pytest.fixture
def filled(shell: Operator, filled_template: Path) -> Operator:
    """Return a shell with a database like that."""
    shutil.copy(filled_template, shell.folder.parent / "voc.db")
    return shell


def test_an_empty_list_says_so(shell: Operator) -> None:
    ran = themes(shell, "list")

    assert ran.out == "No theme yet: nothing without a ticket was said alike by at least three people.\n"
    assert listed(shell) == []


def test_themes_are_listed_and_shown_with_their_pieces(filled: Operator) -> None:
    first, second = listed(filled)
    ran, one = themes(filled, "list"), themes(filled, "show", str(first["id"]))

    assert [(len(t["pieces"]), t["people"], t["state"]) for t in (first, second)] == [
        (6, 6, "living"),
        (4, 4, "living"),
    ]
    assert first["name"] in ran.out
    assert all(f"“{text}”" in one.out for text in DARK)


@pytest.mark.slow
def test_merging_parting_and_setting_aside(filled: Operator) -> None:
    one, other = (t["id"] for t in listed(filled))

    merged = themes(filled, "merge", str(one), str(other))
    [both] = listed(filled)
    parted = themes(filled, "split", str(one), *map(str, both["pieces"][:3]))
    pieces = sorted(len(t["pieces"]) for t in listed(filled))
    themes(filled, "dismiss", str(one))
    left, aside = listed(filled), listed(filled, "--dismissed")
    themes(filled, "restore", str(one))

    assert (merged.code, parted.code, len(both["pieces"]), pieces) == (0, 0, 10, [3, 7])
    assert [t["id"] for t in aside] == [one]
    assert one not in [t["id"] for t in left]
    assert len(listed(filled)) == 2


def test_what_cannot_be_done_is_told_in_one_line(filled: Operator) -> None:
    ran = themes(filled, "dismiss", "99")

    assert (ran.code, ran.out, ran.err) == (1, "", "voc: This theme is no longer known to Voc.\n")


def test_a_ticket_is_made_of_a_theme(operator: Operator, sandbox: SandboxClient) -> None:
    fill(operator, DARK)
    themes(operator, "update")

    ran = themes(operator, "ticket", "1", "app", "--title", "Night colours")

    made = [i for i in sandbox.state("jira")["issues"] if i["summary"] == "Night colours"]
    assert ran.out.startswith(f"{made[0]['key']} is created with 6 pieces attached.")
    assert len(made) == 1


def test_a_piece_becomes_a_ticket_and_what_is_not_there_is_refused(
    operator: Operator, sandbox: SandboxClient
) -> None:
    fill(operator, DARK)

    made = operator.run("ticket", "2", "app", "--title", "Dark pages")
    again = operator.run("ticket", "2", "app")
    unknown = operator.run("ticket", "999", "app")

    [issue] = [i for i in sandbox.state("jira")["issues"] if i["summary"] == "Dark pages"]
    assert made.out.startswith(f"{issue['key']} is created with the piece attached.")
    assert (again.code, again.err) == (1, "voc: Piece 2 has a ticket of its own already.\n")
    assert (unknown.code, unknown.err) == (1, "voc: There is no piece 999.\n")
