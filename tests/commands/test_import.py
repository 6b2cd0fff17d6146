"""`python -m bot import`: rows in, counts out, nothing doubled."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.app import Bot, build
from bot.commands.importing import Imported, check_name, load
from bot.errors import RequestError
from config.settings import settings_of
from integrations.files.file_map import FileMap
from integrations.files.source import FeedbackFile
from tests.fakes.clock import StillClock

HEADER = "id,created_at,text,author_email,company,plan\n"
ROW = "{},2026-10-01T10:00:00Z,{},{}@acme.example,Acme,Team\n"
START, END = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


@pytest.fixture
def bot(sqlite_template: Path, tmp_path: Path) -> Iterator[Bot]:
    shutil.copy(sqlite_template, tmp_path / "voc.db")
    settings = settings_of(
        {
            "database": {"url": f"sqlite:///{tmp_path / 'voc.db'}"},
            "exclude": {"test_accounts": ["qa@acme.example"]},
        }
    )
    made = build(settings, clock=StillClock())
    yield made
    made.close()


def imported(bot: Bot, file: Path, content: str, *, dry_run: bool = False) -> Imported:
    file.write_text(content, encoding="utf-8")
    feedback = FeedbackFile(file, FileMap(), now=bot.clock.now())
    return load(bot, "reviews", feedback, dry_run=dry_run, progress=lambda _: None)


def words(bot: Bot) -> list[str]:
    with bot.reading() as unit:
        return [voice.words for voice in unit.pieces.heard(START, END)]


def test_reading_a_file_again_changes_nothing(bot: Bot, tmp_path: Path) -> None:
    content = HEADER + "".join(ROW.format(n, f"Page {n} is slow", "ann") for n in range(450))

    first = imported(bot, tmp_path / "a.csv", content)
    again = imported(bot, tmp_path / "a.csv", content)

    assert first == Imported(read=450, new=450)
    assert again == Imported(read=450, unchanged=450)
    assert len(words(bot)) == 450


def test_counts_say_what_became_of_each_row(
    bot: Bot, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(bot, tmp_path / "a.csv", HEADER + ROW.format(1, "slow", "ann") + ROW.format(2, "broken", "bob"))

    done = imported(
        bot,
        tmp_path / "a.csv",
        HEADER
        + ROW.format(1, "very slow", "ann")
        + ROW.format(2, "broken", "bob") * 2
        + ROW.format(3, "test", "qa")
        + ROW.format("1E+09", "secret", "eve"),
    )

    assert done == Imported(read=5, new=1, changed=1, unchanged=2, refused=1, set_aside=1)
    assert words(bot) == ["very slow", "broken"]
    told = capsys.readouterr().err
    assert told.startswith("a.csv, line 6, column id: “9a+99” is a number")
    assert "secret" not in told


def test_a_dry_run_counts_and_stores_nothing(bot: Bot, tmp_path: Path) -> None:
    content = (
        HEADER + ROW.format(1, "slow", "ann") + ROW.format("", "broken", "bob") + ROW.format(1, "x", "ann")
    )

    done = imported(bot, tmp_path / "a.csv", content, dry_run=True)

    assert done == Imported(read=3, new=2, refused=1)
    assert words(bot) == []


def test_a_customer_is_shown_with_company_and_plan_and_where_they_were_read(bot: Bot, tmp_path: Path) -> None:
    imported(bot, tmp_path / "a.csv", HEADER + ROW.format(1, "slow", "ann"))

    with bot.reading() as unit:
        found = unit.conversations.find("reviews", "1")
        assert found is not None
        company = unit.people.get(found.person_id).company

    assert company is not None
    assert (company.name, company.plan, company.origin) == ("Acme", "Team", "reviews plan")


@pytest.mark.parametrize("name", ["zendesk", "intercom", "e-mail", "Reviews", "", "a b", "-x"])
def test_a_name_that_is_taken_or_none_is_refused(name: str) -> None:
    with pytest.raises(RequestError, match="--source"):
        check_name(name)


def test_the_command_matches_what_it_read_and_fails_when_rows_were_refused(
    sqlite_template: Path, tmp_path: Path, root: Path
) -> None:
    shutil.copy(sqlite_template, tmp_path / "voc.db")
    (tmp_path / "a.csv").write_text(HEADER + ROW.format(1, "slow", "ann") + "2,,x,,,\n", encoding="utf-8")
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(root), "VOC_LOG__LEVEL": "WARNING"}
    command = [sys.executable, "-m", "bot", "import", "a.csv", "--source", "reviews"]

    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    assert ran.returncode == 1
    assert ran.stdout.splitlines() == [
        "2 read: 1 new, 0 changed, 0 unchanged, 1 refused; 0 of the new and changed set aside",
        "1 pieces matched. See: python -m bot status",
    ]
    assert ran.stderr == (
        "a.csv, line 3, column created_at: is empty. Write when it was said, or remove the row\n"
    )
