"""Opening a database, and what it refuses."""

from __future__ import annotations

import traceback

import pytest
from sqlalchemy import text

from bot.errors import AlreadyExists, SettingError
from bot.storage.database import Database
from bot.storage.engine import open_database


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://host/voc", "sqlite://", "sqlite:///:memory:"])
def test_a_url_that_names_no_database_we_work_with_names_the_setting(url: str) -> None:
    with pytest.raises(SettingError, match="DATABASE_URL"):
        open_database(url)


def test_a_short_postgres_url_is_understood() -> None:
    engine = open_database("postgres://voc:secret@db.example/voc")

    assert engine.url.drivername == "postgresql+psycopg"


COMPANY = "INSERT INTO company (id, name, plan, segment, origin) VALUES (1, '', '', '', '')"


def test_a_broken_unique_key_is_told_as_already_exists(database: Database) -> None:
    row = text("INSERT INTO company_domain (company_id, domain) VALUES (1, 'acme.test')")

    with database.engine.begin() as connection:
        connection.execute(text(COMPANY))
        connection.execute(row)

    with pytest.raises(AlreadyExists, match="domain") as caught, database.engine.begin() as connection:
        connection.execute(row)

    told = "".join(traceback.format_exception(caught.value))
    assert "acme.test" not in told.replace(str(row), "")


def test_postgres_answers_with_one_process(database: Database) -> None:
    if database.engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no other processes")

    with database.engine.connect() as connection:
        shown = [
            connection.scalar(text(f"SHOW {name}")) for name in ("max_parallel_workers_per_gather", "jit")
        ]

    assert shown == ["0", "off"]
