"""migrate, backup and switch, and what every command says of a database that it can't work with."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.domain.match import MatchState
from bot.services.marks import ANNOTATION
from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.schema import downgrade, expected_revision, migrate, require_current
from tests.commands.operator import Operator
from tests.databases import postgres_programs, run_sql
from tests.storage import rows


def _store(url: str, *, pieces: int = 0, until: threading.Event | None = None) -> None:
    """Store so many conversations, a commit each, or go on until it is time to stop."""
    database = Database(open_database(url))
    for number in itertools.count(1):
        with database.work() as unit:
            rows.piece(unit, f"c{number}")
            unit.commit()
        if number == pieces or (until and until.is_set()):
            break
    database.close()


@pytest.fixture(scope="module")
def old_template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """Return a database of an older version."""
    file = tmp_path_factory.mktemp("old") / "voc.db"
    shutil.copy(sqlite_template, file)
    engine = open_database(f"sqlite:///{file}")
    downgrade(engine, "0003")
    engine.dispose()
    return file


def test_migrating_from_nothing_and_again_makes_a_database_that_commands_take(
    shell: Operator, empty_url: str
) -> None:
    shell.settings = {"VOC_DATABASE__URL": empty_url}

    runs = [shell.run("migrate"), shell.run("migrate")]

    assert [(ran.code, ran.out) for ran in runs] == [(0, "The database is up to date.\n")] * 2
    engine = open_database(empty_url)
    require_current(engine)
    engine.dispose()


def test_a_command_that_wrote_leaves_the_whole_database_in_its_file(shell: Operator) -> None:
    ran = shell.run("writes", "stop")

    assert ran.code == 0
    assert [file.name for file in shell.folder.parent.glob("voc.db*")] == ["voc.db"]


@pytest.mark.parametrize("command", ["serve", "work", "sync", "status", "connect zendesk"])
def test_an_old_schema_is_refused_with_the_command_to_run(
    shell: Operator, old_template: Path, command: str
) -> None:
    shutil.copy(old_template, shell.folder.parent / "voc.db")

    ran = shell.run(*command.split())

    assert (ran.code, ran.out) == (1, "")
    assert (
        ran.err
        == f"voc: the database is at revision 0003, not {expected_revision()}. Run: python -m bot migrate\n"
    )


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("postgresql://voc:hunter2-secret@127.0.0.1:1/voc", "Connection refused"),
        ("sqlite:////no/such/folder/voc.db", "unable to open database file"),
    ],
)
def test_an_unreachable_database_is_told_in_one_line(shell: Operator, url: str, why: str) -> None:
    ran = shell.run("status", DATABASE_URL=url)

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert ran.err.startswith("voc: the database does not answer (")
    assert why in ran.err
    assert "hunter2" not in ran.err


def test_a_file_that_is_no_database_is_told_in_one_line(shell: Operator) -> None:
    (shell.folder / "notes.txt").write_text("Not a database at all, just some words.\n" * 50)

    ran = shell.run("status", DATABASE_URL="sqlite:///notes.txt")

    assert ran.code == 1
    assert ran.err.startswith("voc: the database does not answer (file is not a database)")


def test_a_backup_taken_while_a_writer_works_is_whole(shell: Operator) -> None:
    file = shell.folder / "copy.db"
    stop = threading.Event()
    url = shell.settings["DATABASE_URL"]
    writer = threading.Thread(target=_store, args=(url,), kwargs={"until": stop})
    writer.start()

    ran = shell.run("backup", str(file))
    stop.set()
    writer.join()

    assert (ran.code, ran.out) == (0, f"The database is copied to {file}.\n")
    assert file.stat().st_mode & 0o777 == 0o600
    with closing(sqlite3.connect(file)) as copy:
        assert copy.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    status = json.loads(shell.run("status", "--json", DATABASE_URL=f"sqlite:///{file}").out)
    assert status["conversations"] > 0
    assert status["conversations"] == status["pieces"]["pieces"]


def test_a_backup_never_replaces_a_file(shell: Operator) -> None:
    file = shell.folder / "dear.txt"
    file.write_text("dear")

    ran = shell.run("backup", str(file))

    assert (ran.code, ran.err) == (1, f"voc: {file} exists already; name a new file.\n")
    assert file.read_text() == "dear"


def test_a_backup_of_postgresql_can_be_restored(shell: Operator, postgres_server: str) -> None:
    programs = postgres_programs()
    for name in ("voc_original", "voc_restored"):
        run_sql(postgres_server, f"CREATE DATABASE {name}")
    original, restored = (
        postgres_server.replace("/postgres?", f"/{n}?") for n in ("voc_original", "voc_restored")
    )
    engine = open_database(original)
    migrate(engine)
    engine.dispose()
    _store(original, pieces=3)
    path = f"{programs}{os.pathsep}{os.environ['PATH']}"

    ran = shell.run("backup", "copy.dump", DATABASE_URL=original, PATH=path)
    command = [str(programs / "pg_restore"), "--dbname", restored, str(shell.folder / "copy.dump")]
    subprocess.run(command, check=True)

    assert (ran.code, ran.err) == (0, "")
    assert json.loads(shell.run("status", "--json", DATABASE_URL=restored).out)["conversations"] == 3
    for name in ("voc_original", "voc_restored"):
        run_sql(postgres_server, f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("projects", ["APP,WEB", ""])
def test_a_project_that_is_not_read_is_named_with_those_that_are(shell: Operator, projects: str) -> None:
    jira = {"URL": "https://acme.atlassian.net", "EMAIL": "voc@acme.example", "API_TOKEN": "jira-token"}
    settings = {f"VOC_JIRA__{key}": value for key, value in jira.items()} if projects else {}

    ran = shell.run("switch", "apq", "--write", VOC_JIRA__PROJECTS=projects, **settings)

    known = "APP, WEB" if projects else "none: see VOC_JIRA__PROJECTS and VOC_LINEAR__TEAMS"
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"voc: APQ is not among the projects that Voc reads ({known})\n"


def test_switches_are_shown_set_and_kept(operator: Operator) -> None:
    commands = ["", "--attach", "--write", "--no-attach", "--earn --no-write"]

    said = [operator.run("switch", "app", *command.split()).out for command in commands]

    override = "on (set by operator: precision not yet measured)"
    assert said == [
        "project APP: attach off (no answers yet), write off\n",
        f"project APP: attach {override}, write off\n",
        f"project APP: attach {override}, write on\n",
        "project APP: attach off (set by operator), write on\n",
        "project APP: attach off (no answers yet), write off\n",
    ]
    assert said[-1] in operator.run("status").out


def test_what_the_answers_decide_is_not_set_by_hand_at_once(operator: Operator) -> None:
    ran = operator.run("switch", "APP", "--earn", "--attach")

    assert (ran.code, ran.out) == (1, "")
    assert "give it without --attach" in ran.err


def test_turning_write_on_marks_the_tickets_that_already_carry_voices(operator: Operator) -> None:
    database = Database(open_database(operator.settings["DATABASE_URL"]))
    with database.work() as unit:
        with_voice, _ = rows.ticket(unit, "1"), rows.ticket(unit, "2")
        rows.decide(unit, rows.piece(unit).id, with_voice.id, MatchState.ATTACHED, "ann")
        unit.commit()

    operator.run("switch", "APP", "--attach")
    before = _marked(database)
    operator.run("switch", "APP", "--write")

    assert (before, _marked(database)) == ([], [str(with_voice.id)])
    database.close()


def _marked(database: Database) -> list[str]:
    with database.reading() as unit:
        return [effect.key for effect in unit.effects.due(datetime.now(UTC), [ANNOTATION], limit=9)]
