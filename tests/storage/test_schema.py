"""Migrations: up from empty and down again, equal to the tables, and required before anything else."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect, text

from bot.errors import RequestError
from bot.storage import tables
from bot.storage.backup import backup
from bot.storage.database import Database
from bot.storage.engine import open_database
from bot.storage.schema import (
    MIGRATIONS,
    SchemaError,
    current_revision,
    downgrade,
    expected_revision,
    migrate,
    require_current,
    revisions,
)
from tests.databases import postgres_programs
from tests.storage.rows import somebody, ticket


def is_search(name: str) -> bool:
    """Return whether it is of the full-text index, which each database has in its own way."""
    return name.startswith("piece_words")


def test_migrations_go_up_from_empty_and_down_again(empty_url: str) -> None:
    engine = open_database(empty_url)

    migrate(engine)
    up = current_revision(engine), set(inspect(engine).get_table_names())
    migrate(engine)
    downgrade(engine)
    down = current_revision(engine), set(inspect(engine).get_table_names())
    migrate(engine)
    require_current(engine)
    engine.dispose()

    assert (up[0], {name for name in up[1] if not is_search(name)}) == (
        expected_revision(),
        {*tables.metadata.tables, "alembic_version"},
    )
    assert any(map(is_search, up[1]))
    assert down == (None, {"alembic_version"})


def test_revisions_are_those_that_alembic_knows() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = ScriptDirectory.from_config(config)

    known = {script.revision: script.down_revision or "" for script in scripts.walk_revisions()}

    assert revisions() == known
    assert expected_revision() == scripts.get_current_head()


def test_each_step_down_can_be_taken_alone(empty_url: str) -> None:
    engine = open_database(empty_url)
    migrate(engine)

    steps = []
    while (revision := current_revision(engine)) is not None:
        steps.append(revision)
        downgrade(engine, "-1")
    engine.dispose()

    assert steps == sorted(steps, reverse=True)
    assert len(steps) == len(revisions())


def test_the_migrations_make_exactly_the_tables(database: Database) -> None:
    with database.engine.connect() as connection:
        own = {"compare_type": True, "include_name": lambda name, kind, _: not is_search(name or "")}
        context = MigrationContext.configure(connection, opts=own)

        differences = compare_metadata(context, tables.metadata)

    assert differences == []


def test_an_empty_database_is_refused_with_the_command_to_run(empty_url: str) -> None:
    engine = open_database(empty_url)

    with pytest.raises(SchemaError, match="python -m bot migrate"):
        require_current(engine)
    engine.dispose()


def test_an_older_schema_is_refused_with_the_command_to_run(database: Database) -> None:
    downgrade(database.engine, "-1")

    with pytest.raises(SchemaError, match="python -m bot migrate"):
        require_current(database.engine)


def test_a_schema_of_a_newer_version_is_refused(database: Database) -> None:
    with database.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))

    with pytest.raises(SchemaError, match="newer version"):
        require_current(database.engine)


def test_processes_that_migrate_at_once_migrate_once(empty_url: str) -> None:
    engine = open_database(empty_url)

    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda _: migrate(engine), range(3)))

    require_current(engine)
    engine.dispose()


def test_a_backup_is_a_whole_copy_readable_by_its_owner_alone(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(postgres_programs()), prepend=os.pathsep)
    with database.work() as unit:
        somebody(unit)
        ticket(unit)
        unit.commit()
    file = tmp_path / "copy of it"

    backup(database.engine, file)

    assert file.stat().st_mode & 0o777 == 0o600
    if database.engine.dialect.name == "sqlite":
        copy = Database(open_database(f"sqlite:///{file}"))
        with copy.work() as unit:
            assert unit.tickets.count() == 1
        copy.close()
    else:
        assert file.read_bytes().startswith(b"PGDMP")


def test_a_backup_that_fails_leaves_no_file_and_says_why(
    database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if database.engine.dialect.name == "sqlite":
        pytest.skip("SQLite needs no program")
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(RequestError, match="pg_dump"):
        backup(database.engine, tmp_path / "backup")

    assert list(tmp_path.iterdir()) == []


def test_a_backup_overwrites_nothing(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "backup"
    file.write_text("older")

    with pytest.raises(RequestError, match="exists already"):
        backup(database.engine, file)

    assert file.read_text() == "older"


def test_looking_for_due_work_reads_indexes_and_not_whole_tables(database: Database) -> None:
    if database.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL's planner rightly reads small tables whole")
    queries = [
        "SELECT * FROM feedback WHERE due = 1 AND id > 5 ORDER BY id LIMIT 200",
        "SELECT * FROM turn WHERE conversation_id = 1 AND newest = 1",
        "SELECT * FROM effect WHERE state = 'pending' AND next_at <= 'x'",
        "SELECT * FROM effect WHERE kind = 'a' AND target = 'b'",
        "SELECT * FROM feedback WHERE said_at >= 'a' AND said_at < 'b'",
        "SELECT * FROM match WHERE ticket_id = 1 AND state = 'attached'",
        "SELECT * FROM ticket WHERE folded_key = 'a-1'",
        "SELECT * FROM person_identity WHERE kind = 'a' AND value = 'b'",
        "SELECT * FROM person WHERE folded_name = 'a'",
        "SELECT * FROM company WHERE folded_name = 'a'",
        "SELECT * FROM conversation WHERE url = 'a'",
    ]

    with database.engine.connect() as connection:
        plans = {q: connection.execute(text(f"EXPLAIN QUERY PLAN {q}")).all()[0].detail for q in queries}

    assert [q for q, plan in plans.items() if "USING" not in plan or "INDEX" not in plan] == []
