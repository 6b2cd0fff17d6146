"""A folder of CSV files becomes records of the stand-ins."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo.dataset import load_of
from bot.errors import RequestError

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
FEEDBACK = "id,created_at,channel,text\n"
TICKETS = "key,title,description,status,created_at,labels\n"


def folder_of(tmp_path: Path, feedback: str, tickets: str) -> Path:
    (tmp_path / "feedback.csv").write_text(FEEDBACK + feedback)
    (tmp_path / "tickets.csv").write_text(TICKETS + tickets)
    return tmp_path


def test_spreads_feedback_without_a_time_evenly_over_nine_weeks(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "a,,chat,one\nb,,chat,two\nc,,chat,three\n", "AB-1,Title,,open,,\n")

    load = load_of(folder, NOW)

    times = [datetime.fromisoformat(t["created_at"]) for t in load.zendesk["tickets"]]
    assert times == [NOW - timedelta(weeks=9) + timedelta(weeks=3) * (n + 0.5) for n in range(3)]


def test_keeps_a_time_that_is_given_and_never_loads_what_the_export_would_still_hide(tmp_path: Path) -> None:
    rows = "".join(f"f{n},,chat,text\n" for n in range(100_000))
    folder = folder_of(tmp_path, "a,2026-11-01T08:00:00Z,chat,one\n" + rows, "AB-1,Title,,open,,\n")

    times = [t["created_at"] for t in load_of(folder, NOW).zendesk["tickets"]]

    assert times[0] == "2026-11-01T08:00:00Z"
    assert max(times) <= "2026-11-23T08:58:00Z"


def test_cuts_what_jira_would_refuse_at_a_words_end_and_counts_it(tmp_path: Path) -> None:
    body = "word " * 8000
    folder = folder_of(
        tmp_path, "a,,chat,one\n", f"AB-1,{'long title ' * 30},{body},open,,\nAB-2,Short,x,closed,,a b;c\n"
    )

    load = load_of(folder, NOW)

    first, second = load.jira["issues"]
    assert load.truncated == 2
    assert len(first["summary"]) <= 255
    assert first["summary"].endswith("title…")
    assert len(first["description"]) <= 32_767
    assert first["description"].endswith("word…")
    assert second["statusCategory"] == "done"
    assert second["labels"] == ["a_b", "c"]


def test_takes_equal_rows_once_and_refuses_a_key_with_two_contents(tmp_path: Path) -> None:
    same = folder_of(tmp_path, "a,,chat,one\n", "AB-1,Title,,open,,\nAB-1,Title,,open,,\n")

    assert [i["key"] for i in load_of(same, NOW).jira["issues"]] == ["AB-1"]

    other = folder_of(tmp_path, "a,,chat,one\n", "AB-1,Title,,open,,\nAB-1,Other,,open,,\n")
    with pytest.raises(RequestError, match=r"AB-1.*twice"):
        load_of(other, NOW)


def test_takes_the_project_from_the_key(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, "a,,chat,one\n", "AB-1,T,,open,,\nMY2-9,T,,open,,\n")

    assert [p["key"] for p in load_of(folder, NOW).jira["projects"]] == ["AB", "MY2"]


def test_an_empty_folder_says_which_file_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"feedback\.csv has no rows"):
        load_of(folder_of(tmp_path, "", "AB-1,T,,open,,\n"), NOW)
