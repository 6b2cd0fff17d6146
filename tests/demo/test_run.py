"""`python -m bot demo` on a folder: the whole job through HTTP, and what its report says."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

NOW = "2026-11-23T12:00:00Z"
FEEDBACK = """id,created_at,channel,text
f1,,chat,Is there any news about APP-1? The export fails again.
f2,2026-11-18T10:00:00Z,email,"The map stays white after every sync, even with a good connection."
f3,,app_review,👍
"""
TICKETS = f"""key,title,description,status,created_at,labels
APP-1,Export fails,It stops half way.,open,2026-09-01T10:00:00Z,export
APP-2,Map stays white after sync,The map stays white after every sync.,closed,,map;sync
APP-2,Map stays white after sync,The map stays white after every sync.,closed,,map;sync
WEB-7,Dark mode,{"A long wish. " * 3000},open,,
"""


def demo(root: Path, *arguments: str, within_s: float = 110) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--once", "--now", NOW, *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=within_s,
        check=False,
    )


@pytest.fixture(scope="module")
def report(root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("data")
    (folder / "feedback.csv").write_text(FEEDBACK)
    (folder / "tickets.csv").write_text(TICKETS)
    done = demo(root, "--data", str(folder), "--report", str(folder / "report.json"))
    assert done.returncode == 0, done.stderr
    return dict(json.loads((folder / "report.json").read_text()))


def test_the_report_has_the_promised_figures(report: dict[str, Any]) -> None:
    integers = ("pulled", "attached", "suggested", "unmatched", "annotations", "truncated")

    assert all(type(report[name]) is int for name in integers)
    assert set(report["digest"]) == {"channel", "messages", "blocks", "characters"}
    assert set(report["seconds"]) == {"load", "pull", "match", "annotate", "digest", "total"}
    assert set(report["requests"]) == {"zendesk", "jira", "slack"}
    assert report["profile"] == "open"


def test_each_piece_has_a_row_with_its_best_ticket_and_what_was_decided(report: dict[str, Any]) -> None:
    rows = {row["feedback_id"]: row for row in report["matches"]}

    assert list(rows["f1"]) == ["feedback_id", "ticket_key", "score", "decision"]
    assert (rows["f1"]["ticket_key"], rows["f1"]["decision"]) == ("APP-1", "attached")
    assert rows["f2"]["ticket_key"] == "APP-2"
    assert rows["f3"] == {"feedback_id": "f3", "ticket_key": None, "score": 0.0, "decision": "unmatched"}
    assert all(0.0 <= row["score"] <= 1.0 for row in rows.values())


def test_the_counts_agree_with_the_rows_and_with_what_was_written(report: dict[str, Any]) -> None:
    decisions = [row["decision"] for row in report["matches"]]

    assert report["pulled"] == len(decisions) == 3
    assert report["attached"] == decisions.count("attached")
    attached = {row["ticket_key"] for row in report["matches"] if row["decision"] == "attached"}
    assert report["annotations"] == len(attached)
    assert report["truncated"] == 1
    assert report["digest"]["messages"] >= 1


def test_a_key_with_two_contents_stops_the_run_in_one_line(root: Path, tmp_path: Path) -> None:
    (tmp_path / "feedback.csv").write_text(FEEDBACK)
    (tmp_path / "tickets.csv").write_text(TICKETS + "APP-1,Another title,,open,,\n")

    done = demo(root, "--data", str(tmp_path))

    assert done.returncode == 1
    assert "APP-1 stands there twice" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_time_without_an_offset_is_refused_with_its_form(root: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "demo", "--once", "--now", "2026-11-23T12:00:00"],
        cwd=root,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.returncode == 1
    assert "Write it as 2026-11-23T09:00:00Z" in done.stderr


@pytest.mark.slow
@pytest.mark.timeout(420)
@pytest.mark.parametrize(("name", "pieces"), [("nextcloud", 50), ("banking77", 3080)])
def test_real_data_runs_whole(root: Path, data_dir: Path, tmp_path: Path, name: str, pieces: int) -> None:
    report_file = tmp_path / "report.json"
    done = demo(root, "--data", str(data_dir / name), "--report", str(report_file), within_s=400)

    assert done.returncode == 0, done.stderr
    report = json.loads(report_file.read_text())
    assert report["pulled"] == len(report["matches"]) == pieces
    assert report["attached"] + report["suggested"] + report["unmatched"] + report["set_aside"] == pieces
    assert report["digest"]["messages"] >= 1
