"""Folders of data are read strictly, and an error says where and what to do."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.errors import RequestError
from bot.matching.dataset import read_dataset, read_feedback, read_tickets

FEEDBACK = "id,created_at,channel,text\n"
TICKETS = "key,title,description,status,created_at,labels\n"
TRUTH = "feedback_id,ticket_key,fits,how\n"


def file_of(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_reads_pieces_with_line_breaks_byte_order_mark_and_times(tmp_path: Path) -> None:
    text = "\ufeff" + FEEDBACK + 'a,2026-05-01T09:00:00+02:00,chat,"two\nlines"\n\nb,2026-05-01,,x\nc,,,y\n'

    rows = read_feedback(file_of(tmp_path, "feedback.csv", text))

    assert [row.text for row in rows] == ["two\nlines", "x", "y"]
    assert [row.created_at for row in rows] == [
        datetime(2026, 5, 1, 7, tzinfo=UTC),
        datetime(2026, 5, 1, tzinfo=UTC),
        None,
    ]


def test_equal_rows_count_once(tmp_path: Path) -> None:
    rows = read_tickets(file_of(tmp_path, "tickets.csv", TICKETS + "AB-1,T,,open,,x;y\n" * 3))

    assert [(row.key, row.project, row.labels) for row in rows] == [("AB-1", "AB", ("x", "y"))]


def test_the_same_key_with_other_content_names_key_and_lines(tmp_path: Path) -> None:
    path = file_of(
        tmp_path, "tickets.csv", TICKETS + 'AB-1,"T\nT",,open,,\nAB-2,T,,open,,\nAB-1,T,,closed,,\n'
    )

    with pytest.raises(RequestError, match=r"tickets\.csv, lines 2 and 5: AB-1 stands there twice"):
        read_tickets(path)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (FEEDBACK + "a,,chat,\n", "line 2, column text: it is empty"),
        (FEEDBACK + ",,chat,x\n", "line 2, column id: it is empty"),
        (
            FEEDBACK + 'a,,chat,"x\ny"\nb,yesterday,chat,z\n',
            "line 4, column created_at: 'yesterday'",
        ),
        (FEEDBACK + "a,,chat\n", "line 2: 3 fields where the header has 4"),
        (FEEDBACK + 'a,,chat,"x" y\n', "line 2: .*quotation marks"),
        ("id,created_at,text\n", "line 1: column channel is missing"),
        ("", "line 1: column id, created_at, channel, text is missing"),
    ],
)
def test_a_bad_row_is_named_with_its_place(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(RequestError, match=r"feedback\.csv, " + message):
        read_feedback(file_of(tmp_path, "feedback.csv", text))


def test_a_file_that_is_missing_or_no_utf8_is_told(tmp_path: Path) -> None:
    (tmp_path / "feedback.csv").write_bytes(FEEDBACK.encode() + b"a,,,\xff\n")

    with pytest.raises(RequestError, match="does not exist"):
        read_tickets(tmp_path / "tickets.csv")
    with pytest.raises(RequestError, match="no UTF-8"):
        read_feedback(tmp_path / "feedback.csv")


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("a,AB-1,2,x\n", "column fits: '2' is neither 1 nor 0"),
        ("z,AB-1,1,x\n", "column feedback_id: 'z' is not in feedback.csv"),
        ("a,AB-9,1,x\n", "column ticket_key: 'AB-9' is not in tickets.csv"),
        ("a,,1,x\n", "column ticket_key: it is empty"),
    ],
)
def test_answers_must_refer_to_what_is_there(tmp_path: Path, row: str, message: str) -> None:
    file_of(tmp_path, "feedback.csv", FEEDBACK + "a,,chat,hello\n")
    file_of(tmp_path, "tickets.csv", TICKETS + "AB-1,T,,open,,\n")
    file_of(tmp_path, "truth.csv", TRUTH + row)

    with pytest.raises(RequestError, match=message):
        read_dataset(tmp_path)


@pytest.mark.parametrize("name", ["nextcloud", "banking77"])
def test_the_real_folders_are_read_whole(data_dir: Path, name: str) -> None:
    data = read_dataset(data_dir / name)

    counts = (len(data.feedback), len(data.tickets), len(data.truth), len(data.history))
    assert counts == {"nextcloud": (50, 2362, 163, 0), "banking77": (3080, 77, 3080, 10003)}[name]
