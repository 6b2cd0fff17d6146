"""A folder of feedback and tickets to measure or to demonstrate with: CSV files, read strictly.

feedback.csv: id, created_at, channel, text. tickets.csv: key, title, description, status, created_at, labels.
Where the right answers are known: truth.csv: feedback_id, ticket_key, fits, how; history.csv: feedback.csv's
columns and ticket_key. Rows equal in every column count once; the same key with other content is an error.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from bot.domain.ticket import Ticket, TicketRef, TicketStage
from bot.errors import RequestError

_MOST_CHARACTERS = 16_000_000  # of one field; the csv module's own limit is 131,072
_DONE = frozenset({"closed", "done", "resolved"})
_UNDATED = datetime(1970, 1, 1, tzinfo=UTC)
_Parsed = TypeVar("_Parsed")
_KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*-[0-9]+")


@dataclass(frozen=True, slots=True)
class FeedbackRow:
    """One piece. created_at: None where the file doesn't say."""

    id: str
    created_at: datetime | None
    channel: str
    text: str


@dataclass(frozen=True, slots=True)
class TicketRow:
    """One ticket. status: as written, e.g. "open" or "closed"."""

    key: str
    title: str
    description: str
    status: str
    created_at: datetime | None
    labels: tuple[str, ...]

    @property
    def project(self) -> str:
        """The key's part before the hyphen."""
        return self.key.rpartition("-")[0]


@dataclass(frozen=True, slots=True)
class TruthRow:
    """Whether the ticket fits the piece. ticket_key: "" with fits False says that no ticket fits."""

    feedback_id: str
    ticket_key: str
    fits: bool


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A piece that is attached already."""

    piece: FeedbackRow
    ticket_key: str


@dataclass(frozen=True, slots=True)
class Dataset:
    """A whole folder; truth and history are empty where their files are missing."""

    feedback: list[FeedbackRow]
    tickets: list[TicketRow]
    truth: list[TruthRow]
    history: list[HistoryRow]


class _Row:
    """One record with its place, so that an error can name it."""

    def __init__(self, path: Path, line: int, values: dict[str, str]) -> None:
        self.path, self.line, self.values = path, line, values

    def fail(self, column: str, problem: str, remedy: str) -> RequestError:
        return RequestError(f"{self.path.name}, line {self.line}, column {column}: {problem}. {remedy}")

    def text(self, column: str) -> str:
        return self.values[column].strip()

    def filled(self, column: str) -> str:
        if value := self.text(column):
            return value
        raise self.fail(column, "it is empty", "Fill it in, or remove the row")

    def key(self, column: str) -> str:
        value = self.filled(column)
        if _KEY.fullmatch(value):
            return value
        raise self.fail(column, f"{value!r} is no ticket key", "Write a project and a number, e.g. APP-12")

    def moment(self, column: str) -> datetime | None:
        value = self.text(column)
        if not value:
            return None
        try:
            moment = datetime.fromisoformat(value)
        except ValueError:
            remedy = "Write it as 2026-05-01T09:00:00Z, or leave it empty"
            raise self.fail(column, f"{value!r} is no time", remedy) from None
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)

    def yes_or_no(self, column: str) -> bool:
        value = self.text(column)
        if value in {"0", "1"}:
            return value == "1"
        raise self.fail(column, f"{value!r} is neither 1 nor 0", "Write 1 where the ticket fits, else 0")


def read_feedback(path: Path) -> list[FeedbackRow]:
    """Return the pieces in file order. Raises RequestError that names file, line, column and what to do."""
    return _read(path, ("id", "created_at", "channel", "text"), _piece, lambda row: row.id)


def read_tickets(path: Path) -> list[TicketRow]:
    """Return the tickets in file order. Raises RequestError as read_feedback does."""
    columns = ("key", "title", "description", "status", "created_at", "labels")
    return _read(path, columns, _ticket, lambda row: row.key)


def read_dataset(directory: Path) -> Dataset:
    """Return the folder's data, its references checked. Raises RequestError as read_feedback does."""
    feedback, tickets = read_feedback(directory / "feedback.csv"), read_tickets(directory / "tickets.csv")
    ids, keys = {row.id for row in feedback}, {row.key for row in tickets}

    def truth(row: _Row) -> TruthRow:
        return _truth(row, ids, keys)

    judged, attached = directory / "truth.csv", directory / "history.csv"
    columns = ("feedback_id", "ticket_key", "fits", "how")
    pairs = (
        _read(judged, columns, truth, lambda row: (row.feedback_id, row.ticket_key))
        if judged.exists()
        else []
    )
    return Dataset(feedback, tickets, pairs, read_history(attached, tickets) if attached.exists() else [])


def read_history(path: Path, tickets: Sequence[TicketRow]) -> list[HistoryRow]:
    """Return the pieces that are attached already. Raises RequestError as read_feedback does."""
    keys = {row.key for row in tickets}

    def history(row: _Row) -> HistoryRow:
        return HistoryRow(_piece(row), _known(row, "ticket_key", row.key("ticket_key"), keys, "tickets.csv"))

    return _read(
        path, ("id", "created_at", "channel", "text", "ticket_key"), history, lambda row: row.piece.id
    )


def read_duplicates(path: Path, tickets: Sequence[TicketRow]) -> list[tuple[str, str]]:
    """Return (ticket key, key that it duplicates) pairs. Raises RequestError as read_feedback does."""
    keys = {row.key for row in tickets}

    def pair(row: _Row) -> tuple[str, str]:
        one, other = (
            _known(row, name, row.key(name), keys, "tickets.csv") for name in ("ticket_key", "duplicate_of")
        )
        return one, other

    return _read(path, ("ticket_key", "duplicate_of"), pair, lambda pair: pair)


def as_tickets(rows: Sequence[TicketRow]) -> list[Ticket]:
    """Return the rows as stored tickets would be, ids from 1 in file order."""
    return [
        Ticket(
            id=number,
            ref=TicketRef("file", row.key),
            key=row.key,
            project=row.project,
            title=row.title,
            body=row.description,
            stage=TicketStage.DONE if row.status.casefold() in _DONE else TicketStage.OPEN,
            status=row.status,
            created_at=row.created_at or _UNDATED,
            updated_at=row.created_at or _UNDATED,
            labels=row.labels,
        )
        for number, row in enumerate(rows, start=1)
    ]


def _piece(row: _Row) -> FeedbackRow:
    return FeedbackRow(row.filled("id"), row.moment("created_at"), row.text("channel"), row.filled("text"))


def _ticket(row: _Row) -> TicketRow:
    labels = tuple(filter(None, (label.strip() for label in row.text("labels").split(";"))))
    moment = row.moment("created_at")
    return TicketRow(
        row.key("key"), row.filled("title"), row.text("description"), row.text("status"), moment, labels
    )


def _truth(row: _Row, ids: set[str], keys: set[str]) -> TruthRow:
    feedback_id = _known(row, "feedback_id", row.filled("feedback_id"), ids, "feedback.csv")
    fits = row.yes_or_no("fits")
    if not fits and not row.text("ticket_key"):
        return TruthRow(feedback_id, "", fits=False)
    return TruthRow(feedback_id, _known(row, "ticket_key", row.key("ticket_key"), keys, "tickets.csv"), fits)


def _known(row: _Row, column: str, value: str, known: set[str], where: str) -> str:
    if value in known:
        return value
    raise row.fail(column, f"{value!r} is not in {where}", "Add it there, or remove the row")


def _read(
    path: Path,
    columns: Sequence[str],
    parse: Callable[[_Row], _Parsed],
    key_of: Callable[[_Parsed], Hashable],
) -> list[_Parsed]:
    found: dict[Hashable, tuple[_Row, _Parsed]] = {}
    for row in _rows(path, columns):
        parsed = parse(row)
        key = key_of(parsed)
        first = found.setdefault(key, (row, parsed))[0]
        if first.values != row.values:
            places = f"lines {first.line} and {row.line}"
            raise RequestError(
                f"{path.name}, {places}: {key} stands there twice with other content. Keep one of them"
            )
    return [parsed for _, parsed in found.values()]


def _rows(path: Path, columns: Sequence[str]) -> Iterator[_Row]:
    csv.field_size_limit(_MOST_CHARACTERS)
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            header = next(reader, [])
            if missing := [column for column in columns if column not in header]:
                raise RequestError(
                    f"{path.name}, line 1: column {', '.join(missing)} is missing. Add it to the header"
                )
            line = reader.line_num + 1
            for values in reader:
                if values:
                    yield _Row(path, line, _matched(path, line, header, values))
                line = reader.line_num + 1
    except FileNotFoundError:
        raise RequestError(f"{path} does not exist. Give a folder that holds {path.name}") from None
    except UnicodeDecodeError as exc:
        raise RequestError(f"{path.name}: byte {exc.start} is no UTF-8. Save the file as UTF-8") from exc
    except csv.Error as exc:
        raise RequestError(
            f"{path.name}, line {reader.line_num}: {exc}. Check the quotation marks there"
        ) from exc


def _matched(path: Path, line: int, header: list[str], values: list[str]) -> dict[str, str]:
    if len(values) == len(header):
        return dict(zip(header, values, strict=True))
    problem = f"{len(values)} fields where the header has {len(header)}"
    raise RequestError(f"{path.name}, line {line}: {problem}. Check the commas and quotation marks there")
