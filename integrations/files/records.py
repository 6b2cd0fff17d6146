"""A file's rows as names and values, streamed. The file or the operator tells its encoding."""

from __future__ import annotations

import codecs
import csv
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TextIO

from bot.errors import RequestError
from integrations.files.refusal import RowRefused

Value = str | tuple[str, ...]
CHUNK = 1 << 16
MOST_CHARACTERS = 1_000_000  # of one field; bounds what an unclosed quotation mark swallows
QUOTES = "Check the quotation marks and delimiters there"


@dataclass(frozen=True, slots=True)
class Record:
    """One row. line: where it begins, from 1. values: a tuple only where JSON has a list."""

    line: int
    values: Mapping[str, Value]


class Table(Protocol):
    """A file of rows that may be read more than once."""

    @property
    def columns(self) -> list[str]:
        """All names, in order of appearance."""
        ...

    def rows(self) -> Iterator[Record | RowRefused]:
        """Yield each row that is not blank."""
        ...


def open_table(path: Path, *, encoding: str = "", delimiter: str = ",") -> Table:
    """Return the file's table. encoding: the code page to use where it is no Unicode.

    Raises RequestError for a file that is missing, of another kind, or not written in any of them.
    """
    kind = path.suffix.lower()
    if kind not in (".csv", ".jsonl"):
        raise RequestError(f"{path.name} is neither .csv nor .jsonl. Save it as one of them.")
    try:
        used = encoding_of(path, encoding)
    except OSError as exc:
        raise RequestError(f"{path} can't be read: {exc.strerror}.") from exc
    return CsvTable(path, used, delimiter) if kind == ".csv" else JsonLines(path, used)


def encoding_of(path: Path, named: str = "") -> str:
    """Return what the whole file is written in: UTF-16 by its mark, UTF-8, else the named code page.

    Raises RequestError when none of them fits.
    """
    with path.open("rb") as file:
        mark = file.read(2)
    if mark in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        tried = ["utf-16"]
    else:
        tried = ["utf-8-sig", named] if named else ["utf-8-sig"]
    for encoding in tried:
        at = _fault_in(path, encoding)
        if at is None:
            return encoding
    remedy = 'Save it as UTF-8, or name its code page in the map, e.g. encoding = "cp1252".'
    raise RequestError(f"{path.name}: byte {at} is no {tried[-1].removesuffix('-sig').upper()}. {remedy}")


def _fault_in(path: Path, encoding: str) -> int | None:
    """Return the place of the first byte that can't be decoded, None when there is none."""
    decoder, done = codecs.getincrementaldecoder(encoding)(), 0
    with path.open("rb") as file:
        while True:
            chunk, pending = file.read(CHUNK), len(decoder.getstate()[0])
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as exc:
                return done - pending + exc.start
            if not chunk:
                return None
            done += len(chunk)


class CsvTable:
    """A CSV file with a header; fields may hold line ends within quotation marks."""

    def __init__(self, path: Path, encoding: str, delimiter: str) -> None:
        self._path, self._encoding, self._delimiter = path, encoding, delimiter
        with self._open() as file:
            self._header = [name.strip() for name in next(self._reader(file), [])]
        self._check_header()

    @property
    def columns(self) -> list[str]:
        """The header's names; a column without one is left out."""
        return [name for name in self._header if name]

    def rows(self) -> Iterator[Record | RowRefused]:
        """Yield each row that is not blank; one badly quoted, or not as long as the header, is refused."""
        with self._open() as file:
            reader = self._reader(file)
            next(reader)
            while True:
                line = reader.line_num + 1
                try:
                    values = next(reader)
                except StopIteration:
                    return
                except csv.Error as exc:
                    yield RowRefused(line, "", f"up to line {reader.line_num} it is no CSV ({exc})", QUOTES)
                    continue
                if any(value.strip() for value in values):
                    yield self._record(line, values)

    def _record(self, line: int, values: list[str]) -> Record | RowRefused:
        if len(values) != len(self._header):
            problem = f"it has {len(values)} fields, the header {len(self._header)}"
            return RowRefused(line, "", problem, QUOTES)
        return Record(line, {name: value for name, value in zip(self._header, values, strict=True) if name})

    def _check_header(self) -> None:
        name = self._path.name
        if not self.columns:
            raise RequestError(f"{name}, line 1: there is no header. Put the columns' names there.")
        if twice := next((c for c in self.columns if self.columns.count(c) > 1), None):
            raise RequestError(f"{name}, line 1: two columns are named {twice!r}. Rename one of them.")
        other = next((d for d in ";\t|," if d != self._delimiter and d in self._header[0]), None)
        if len(self._header) == 1 and other:
            remedy = f"In the map, set: delimiter = {json.dumps(other)}"
            raise RequestError(f"{name}, line 1: one column only. {remedy}")

    def _open(self) -> TextIO:
        return self._path.open(encoding=self._encoding, newline="")

    def _reader(self, file: TextIO) -> Any:
        csv.field_size_limit(MOST_CHARACTERS)
        return csv.reader(file, strict=True, delimiter=self._delimiter)


class JsonLines:
    """A file with one JSON object a line; {"author": {"name": …}} within it is read as author.name."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path, self._encoding = path, encoding
        self.columns = list(
            dict.fromkeys(name for row in self.rows() if isinstance(row, Record) for name in row.values)
        )

    def rows(self) -> Iterator[Record | RowRefused]:
        """Yield each object; a line that is none is refused."""
        with self._path.open(encoding=self._encoding, newline="\n") as file:
            for line, text in enumerate(file, start=1):
                if text.strip():
                    yield _object(line, text)


def _object(line: int, text: str) -> Record | RowRefused:
    remedy = "Write one JSON object a line, each name once"
    try:
        found = json.loads(
            text, parse_int=str, parse_float=str, parse_constant=_no_number, object_pairs_hook=_once
        )
        if not isinstance(found, dict):
            return RowRefused(line, "", "it is no JSON object", remedy)
        return Record(line, dict(_flat(found)))
    except (ValueError, RecursionError) as exc:
        # The decoder's message names the place; our own name a key. Neither shows a value.
        return RowRefused(line, "", f"it is no JSON object ({exc})", remedy)


def _flat(found: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Value]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(value, f"{prefix}{name}.")
        elif isinstance(value, list):
            yield prefix + name, tuple(_text(part) for part in value)
        else:
            yield prefix + name, _text(value)


def _text(value: object) -> str:
    if value is None:
        return ""
    return value if isinstance(value, str) else json.dumps(value)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a name stands there twice")
    return found


def _no_number(_: str) -> Any:
    raise ValueError("NaN and Infinity are no JSON")
