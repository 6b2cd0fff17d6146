"""A file of feedback: conversations out, one a row, and the rows that are refused."""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from bot.domain.feedback import ReceivedConversation
from bot.domain.route import FieldMap
from integrations.files.file_map import FileMap, columns_of
from integrations.files.records import open_table
from integrations.files.refusal import RowRefused
from integrations.files.rows import Reader

SAME_ID = "Keep one of the two, or give each an id of its own"


class FeedbackFile:
    """One file, its columns understood. unused: columns without a meaning; repeated: rows that came before.

    Raises RequestError when the file or the map doesn't fit.
    """

    def __init__(self, path: Path, chosen: FileMap, *, now: datetime) -> None:
        self.name = path.name
        self._table = open_table(path, encoding=chosen.encoding or "", delimiter=chosen.delimiter)
        self._chosen = chosen
        self._columns = columns_of(chosen, self._table.columns, path.name)
        self._reader = Reader(self._columns, chosen, now)
        used = set(self._columns.values())
        self.unused = [column for column in self._table.columns if column not in used]
        self.repeated = 0

    @property
    def fields(self) -> FieldMap:
        """Return which columns hold plan, segment and revenue."""
        plan, segment, revenue = (self._columns.get(m, "") for m in ("plan", "segment", "revenue"))
        if not revenue:
            return FieldMap(plan=plan, segment=segment)
        currency, period = self._chosen.currency or "", self._chosen.period or ""
        return FieldMap(plan=plan, segment=segment, revenue=revenue, currency=currency, period=period)

    def conversations(self) -> Iterator[ReceivedConversation | RowRefused]:
        """Yield each row as a conversation, or why it is refused; one that came before is only counted."""
        with closing(_Seen()) as seen:
            for row in self._table.rows():
                if isinstance(row, RowRefused):
                    yield row
                    continue
                try:
                    received = self._reader.conversation(row)
                except RowRefused as refused:
                    yield refused
                    continue
                first, is_same = seen.note(received, row.line)
                if first == row.line:
                    yield received
                elif is_same:
                    self.repeated += 1
                else:
                    problem = f"has the id of line {first} and other content"
                    yield RowRefused(row.line, self._columns.get("id", "id"), problem, SAME_ID)


class _Seen:
    """What was read before, in a temporary database of hashes, so that memory does not grow with the file."""

    def __init__(self) -> None:
        self._rows = sqlite3.connect("", isolation_level=None)
        self._rows.execute("CREATE TABLE seen (id BLOB PRIMARY KEY, content BLOB, line INT) WITHOUT ROWID")
        self._rows.execute("BEGIN")

    def note(self, received: ReceivedConversation, line: int) -> tuple[int, bool]:
        """Return in which line the id stood first (this one if new), and whether with the same content."""
        key, content = _hash(received.external_id), _hash(repr(received))
        added = self._rows.execute("INSERT OR IGNORE INTO seen VALUES (?, ?, ?)", (key, content, line))
        if added.rowcount:
            return line, True
        known, first = self._rows.execute("SELECT content, line FROM seen WHERE id = ?", (key,)).fetchone()
        return int(first), known == content

    def close(self) -> None:
        self._rows.close()


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[:16]
