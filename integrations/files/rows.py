"""A file's row as a conversation of one turn."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NoReturn

from bot.domain.feedback import (
    AuthorRole,
    ContextFact,
    Rating,
    ReceivedCompany,
    ReceivedConversation,
    ReceivedPerson,
    ReceivedTurn,
)
from integrations.files.file_map import FileMap
from integrations.files.moments import NoMoment, moment_reader
from integrations.files.records import Record
from integrations.files.refusal import RowRefused, form_of

# What a spreadsheet makes of a long number: the last digits are lost, several ids become one.
MANGLED = re.compile(r"[+-]?\d+([.,]\d+)?[eE]\+?\d+")
E_MAIL = re.compile(r"[^@\s]+@[^@\s]+")
AMOUNT = re.compile(r"\d+(\.\d+)?")
CONTEXT = {
    "language": "locale",
    "device": "device",
    "os": "os",
    "app_version": "app_version",
    "browser": "browser",
}
CUSTOM = ("plan", "segment", "revenue")
EMPTY = "Correct it, or leave it empty"
AHEAD = timedelta(days=1)  # a clock that is off, not a day taken for a month


class Reader:
    """Reads rows. columns: meaning to column; now: what is said later than this is refused."""

    def __init__(self, columns: Mapping[str, str], chosen: FileMap, now: datetime) -> None:
        self.columns, self.chosen, self.now = columns, chosen, now
        self.moment: Callable[[str], datetime] = moment_reader(chosen)

    def conversation(self, record: Record) -> ReceivedConversation:
        """Return the row as a conversation. Raises RowRefused."""
        row = _Row(self, record)
        said_at, text, rating = row.said_at(), row.value("text"), row.rating()
        has_words = bool(text.strip())
        if not has_words and rating is None:
            row.refuse("text", "is empty", "Fill it in, or remove the row")
        row_id = row.id("id") or _id_of(row.author(), said_at, text)
        turn = ReceivedTurn(
            external_id=row_id,
            role=AuthorRole.CUSTOMER,
            said_at=said_at,
            original=text,
            markup=self.chosen.words_are,
        )
        return ReceivedConversation(
            external_id=row_id,
            created_at=said_at,
            updated_at=said_at,
            customer=row.person(row_id),
            turns=(turn,) if has_words else (),
            subject=row.text("subject"),
            url=row.url(),
            channel=row.text("channel") or self.chosen.channel,
            tags=row.tags(),
            rating=rating,
            context=row.context(),
        )


class _Row:
    """One row, its values by meaning."""

    def __init__(self, reader: Reader, record: Record) -> None:
        self._columns, self._chosen, self._reader = reader.columns, reader.chosen, reader
        self._record = record

    def refuse(self, meaning: str, problem: str, remedy: str) -> NoReturn:
        raise RowRefused(self._record.line, self._columns.get(meaning, meaning), problem, remedy)

    def value(self, meaning: str) -> str:
        """Return what stands there, as it is; "" for a meaning without a column."""
        value = self._record.values.get(self._columns.get(meaning, ""), "")
        if isinstance(value, tuple):
            self.refuse(meaning, f"is a list of {len(value)}", "Write one text there")
        return value

    def text(self, meaning: str) -> str:
        return self.value(meaning).strip()

    def id(self, meaning: str) -> str:
        value = self.text(meaning)
        if MANGLED.fullmatch(value):
            remedy = "Set the column to text in the spreadsheet, enter the ids again and save"
            self.refuse(meaning, f"{form_of(value)} is a number that a spreadsheet has rounded", remedy)
        return value

    def said_at(self) -> datetime:
        value = self.text("said_at")
        if not value:
            self.refuse("said_at", "is empty", "Write when it was said, or remove the row")
        try:
            moment = self._reader.moment(value)
        except NoMoment as exc:
            self.refuse("said_at", f"{form_of(value)} {exc}", exc.remedy)
        if moment > self._reader.now + AHEAD:
            self.refuse(
                "said_at", f"{moment:%Y-%m-%d} lies ahead", "Correct it, or the order of day and month"
            )
        return moment

    def rating(self) -> Rating | None:
        value, scale = self.text("score"), self._chosen.scale
        if not value or scale is None:
            return None
        if not re.fullmatch(r"\d{1,4}(\.0+)?", value) or int(value.partition(".")[0]) > scale:
            problem = f"{form_of(value)} is no whole number from 0 to {scale}"
            self.refuse("score", problem, "Correct it, or scale in the map")
        return Rating(int(value.partition(".")[0]), scale)

    def author(self) -> str:
        """Return what tells authors apart, for the id of a row without one."""
        return self.id("author_id") or self.text("author_email") or self.text("author_name")

    def person(self, row_id: str) -> ReceivedPerson:
        """Return who said it. One without id and e-mail is a person of this row only: names are shared."""
        email, company = self.text("author_email"), self.company()
        if email and not E_MAIL.fullmatch(email):
            self.refuse("author_email", f"{form_of(email)} is no e-mail address", EMPTY)
        return ReceivedPerson(
            external_id=self.id("author_id") or email.lower() or f"row {row_id}",
            name=self.text("author_name"),
            email=email,
            role=self.text("author_role"),
            language=self.text("language"),
            company=company,
            fields={} if company else self.custom(),
        )

    def company(self) -> ReceivedCompany | None:
        name, domain = self.text("company"), self.text("company_domain").lower()
        if not name:
            return None
        domains = (domain,) if domain else ()
        return ReceivedCompany(external_id=_plain(name), name=name, domains=domains, fields=self.custom())

    def custom(self) -> dict[str, str]:
        revenue = self.text("revenue")
        if revenue and not AMOUNT.fullmatch(revenue):
            self.refuse("revenue", f"{form_of(revenue)} is no plain number", "Write it as 1234.56")
        return {self._columns[m]: value for m in CUSTOM if (value := self.text(m))}

    def url(self) -> str:
        value = self.text("url")
        if value and not value.startswith(("https://", "http://")):
            self.refuse("url", f"{form_of(value)} is no web address (https://…)", EMPTY)
        return value

    def tags(self) -> tuple[str, ...]:
        value = self._record.values.get(self._columns.get("tags", ""), "")
        parts = value.split(self._chosen.tag_separator) if isinstance(value, str) else value
        return tuple(dict.fromkeys(filter(None, map(str.strip, parts))))

    def context(self) -> tuple[ContextFact, ...]:
        return tuple(
            ContextFact(kind, value, f"file {self._columns[meaning]}")
            for meaning, kind in CONTEXT.items()
            if (value := self.text(meaning))
        )


def _id_of(author: str, said_at: datetime, text: str) -> str:
    """Return an id that stays the same while author, time and words do."""
    parts = (_plain(author), said_at.isoformat(), _plain(text))
    return hashlib.sha256("\x1f".join(parts).encode("utf-8", "replace")).hexdigest()


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())
