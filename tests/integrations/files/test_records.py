"""Files as they come: encodings, quoting, and rows that are no rows."""

from __future__ import annotations

import csv
import io
import json
import tempfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import ReceivedConversation
from bot.errors import RequestError
from integrations.files.file_map import FileMap
from integrations.files.records import Record, open_table
from integrations.files.refusal import RowRefused
from integrations.files.source import FeedbackFile
from tests.integrations.files.conftest import NOW, ReadRows

HEADER = "id,created_at,channel,text\n"
ROW = "{},2026-10-01T10:00:00Z,app_review,{}\n"
UMLAUT = HEADER + ROW.format(1, "Größe fehlt")


def texts(rows: list[ReceivedConversation | RowRefused]) -> list[str]:
    assert all(isinstance(row, ReceivedConversation) for row in rows), rows
    return [row.turns[0].original for row in rows if isinstance(row, ReceivedConversation)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be"])
def test_reads_unicode_by_its_mark_or_as_utf_8(read: ReadRows, encoding: str) -> None:
    mark = b"\xfe\xff" if encoding == "utf-16-be" else b""

    rows = read(mark + UMLAUT.encode(encoding))

    assert texts(rows) == ["Größe fehlt"]


def test_reads_the_code_page_that_the_map_names(read: ReadRows) -> None:
    rows = read(UMLAUT.encode("cp1252"), 'encoding = "cp1252"')

    assert texts(rows) == ["Größe fehlt"]


def test_reads_utf_8_as_such_whatever_code_page_is_named(read: ReadRows) -> None:
    rows = read(UMLAUT.encode(), 'encoding = "cp1252"')

    assert texts(rows) == ["Größe fehlt"]


def test_never_guesses_a_code_page(read: ReadRows) -> None:
    at = UMLAUT.index("ö")

    with pytest.raises(RequestError, match=f"byte {at} is no UTF-8.*name its code page in the map"):
        read(UMLAUT.encode("cp1252"))


def test_a_fault_far_into_the_file_is_told_by_its_place(read: ReadRows) -> None:
    good = (HEADER + ROW.format(1, "ä" * (1 << 20))).encode()

    with pytest.raises(RequestError, match=f"byte {len(good)} is no UTF-8"):
        read(good + b"\xff")


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")).filter(str.strip),
        min_size=1,
    )
)
def test_every_text_comes_out_of_a_csv_file_as_it_went_in(written: list[str]) -> None:
    out = io.StringIO()
    csv.writer(out).writerows([["text"], *([text] for text in written)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reviews.csv"
        path.write_bytes(out.getvalue().encode())

        rows = list(open_table(path).rows())

    assert [row.values["text"] for row in rows if isinstance(row, Record)] == written


def test_a_row_with_a_line_end_within_is_one_row_and_lines_are_counted_on(read: ReadRows) -> None:
    rows = read(HEADER + ROW.format(1, '"first\nsecond"') + "2,nonsense,,x\n")

    assert texts(rows[:1]) == ["first\nsecond"]
    assert isinstance(rows[1], RowRefused)
    assert rows[1].line == 4


def test_a_row_of_another_length_is_refused_and_the_rest_goes_on(read: ReadRows) -> None:
    rows = read(HEADER + "1,2026-10-01\n" + ROW.format(2, "fine"))

    assert str(rows[0]).startswith("line 2: it has 2 fields, the header 4.")
    assert texts(rows[1:]) == ["fine"]


def test_a_badly_quoted_row_is_refused_and_the_rest_goes_on(read: ReadRows) -> None:
    rows = read(HEADER + ROW.format(1, '"a"b') + ROW.format(2, "fine"))

    assert str(rows[0]).startswith("line 2: up to line 2 it is no CSV")
    assert texts(rows[1:]) == ["fine"]


def test_an_unclosed_quotation_mark_names_the_lines_that_it_swallows(read: ReadRows) -> None:
    rows = read(HEADER + ROW.format(1, '"open') + ROW.format(2, "swallowed"))

    assert [str(row).partition(" (")[0] for row in rows] == ["line 2: up to line 3 it is no CSV"]


def test_blank_rows_are_passed_over(read: ReadRows) -> None:
    rows = read(HEADER + "\n,,,\n" + ROW.format(1, "fine"))

    assert texts(rows) == ["fine"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("", "there is no header"),
        ("text,text\n", "two columns are named 'text'"),
        ("id;created_at;text\n", 'delimiter = ";"'),
        ("id\tcreated_at\ttext\n", r'delimiter = "\\t"'),
    ],
)
def test_a_header_that_is_none_stops_with_a_remedy(read: ReadRows, content: str, told: str) -> None:
    with pytest.raises(RequestError, match=told):
        read(content)


def test_a_file_of_another_kind_or_none_at_all_is_told(read: ReadRows, tmp_path: Path) -> None:
    with pytest.raises(RequestError, match=r"neither \.csv nor \.jsonl"):
        read("", name="reviews.xlsx")
    with pytest.raises(RequestError, match="can't be read: No such file"):
        FeedbackFile(tmp_path / "missing.csv", FileMap(), now=NOW)


def test_json_lines_are_read_objects_within_them_by_path(read: ReadRows) -> None:
    said = {"created_at": "2026-10-01T10:00:00Z", "text": "slow"}
    line = json.dumps({"id": 7, **said, "tags": ["a;b", "c"], "by": {"name": "Ann"}})

    rows = read(line + "\r\n\n", '[columns]\nauthor_name = "by.name"', name="reviews.jsonl")

    assert isinstance(rows[0], ReceivedConversation)
    assert (rows[0].external_id, rows[0].tags, rows[0].customer.name) == ("7", ("a;b", "c"), "Ann")


@pytest.mark.parametrize("line", ["[1]", '{"a": ', '{"a": 1, "a": 2}', '{"a": NaN}', "[" * 100_000, "secret"])
def test_a_line_that_is_no_object_is_refused_without_its_words(read: ReadRows, line: str) -> None:
    good = '{"created_at": "2026-10-01T10:00:00Z", "text": "fine"}\n'

    rows = read(good + line + "\n" + good.replace("fine", "too"), name="reviews.jsonl")

    assert str(rows[1]).startswith("line 2: it is no JSON object")
    assert "secret" not in str(rows[1])
    assert texts([rows[0], rows[2]]) == ["fine", "too"]


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_memory_does_not_grow_with_the_file(tmp_path: Path, kind: str) -> None:
    line = ROW if kind == "csv" else '{{"id": {}, "created_at": "2026-10-01T10:00:00Z", "text": "{}"}}\n'
    peaks = []

    for count in (2_000, 20_000):
        path = tmp_path / f"{count}.{kind}"
        body = "".join(line.format(n, f"The export of page {n} fails") for n in range(count))
        path.write_text((HEADER if kind == "csv" else "") + body, encoding="utf-8")
        tracemalloc.start()
        read = sum(1 for _ in FeedbackFile(path, FileMap(), now=NOW).conversations())
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
        assert read == count

    assert peaks[1] < 1.2 * peaks[0]
