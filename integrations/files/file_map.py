"""Which column of a file means what: the operator's map (TOML), else the usual names; nothing is guessed."""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError

from bot.domain.feedback import Markup
from bot.errors import RequestError

# Meaning to the names that are taken for it without a map. Revenue and score say too little without one.
USUAL: Mapping[str, tuple[str, ...]] = {
    "id": ("id",),
    "said_at": ("said_at", "created_at", "date"),
    "text": ("text", "review", "comment", "message", "body"),
    "subject": ("subject", "title"),
    "channel": ("channel",),
    "author_id": ("author_id", "customer_id", "user_id"),
    "author_name": ("author_name", "author", "name"),
    "author_email": ("author_email", "email", "e-mail"),
    "author_role": ("job_title",),
    "company": ("company",),
    "company_domain": ("company_domain",),
    "plan": ("plan",),
    "segment": ("segment",),
    "revenue": (),
    "score": (),
    "language": ("language", "lang", "locale"),
    "url": ("url",),
    "tags": ("tags",),
    "device": ("device",),
    "os": ("os",),
    "app_version": ("app_version",),
    "browser": ("browser",),
}
UNIX = {"unix": 1, "unix_ms": 1000}


def _known_encoding(name: str) -> str:
    try:
        codecs.lookup(name)
        "".encode(name)
    except LookupError:
        raise ValueError("is no text encoding that Python knows, e.g. cp1252") from None
    return name


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        raise ValueError("is no time zone, e.g. Europe/Berlin") from None
    return name


def _same_day(moment: datetime, form: str) -> bool:
    return datetime.strptime(moment.strftime(form), form).date() == moment.date()  # noqa: DTZ007 - a day has no zone


def _whole_format(text: str) -> str:
    day = datetime(2026, 11, 23, tzinfo=UTC)
    try:
        is_whole = text in UNIX or _same_day(day, text)
    except ValueError:
        is_whole = False
    if not is_whole:
        raise ValueError('must hold day, month and year, e.g. "%d/%m/%Y %H:%M", or be unix or unix_ms')
    return text


class FileMap(BaseModel):
    """How to read a file; docs/how-to/import-a-file.md tells all. columns: meaning to column, "" for none."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True, strict=True)

    columns: dict[str, str] = Field(default_factory=dict)
    encoding: Annotated[str, AfterValidator(_known_encoding)] | None = None
    delimiter: str = Field(",", pattern=r'^[^\n\r"]$')
    zone: Annotated[str, AfterValidator(_known_zone)] | None = None
    time_format: Annotated[str, AfterValidator(_whole_format)] | None = None
    markup: Literal["plain", "html"] = "plain"
    channel: str = ""
    scale: int | None = Field(None, ge=2, le=1000)
    tag_separator: str = Field(";", min_length=1)
    currency: str | None = Field(None, pattern=r"^[A-Z]{3}$")
    period: Literal["month", "year"] | None = None

    @property
    def words_are(self) -> Markup:
        """Return how the texts are written."""
        return Markup(self.markup)


def read_map(path: Path | None) -> FileMap:
    """Return the map, an empty one for None. Raises RequestError with the key and the nearest known one."""
    if path is None:
        return FileMap()
    try:
        chosen = FileMap.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except OSError as exc:
        raise RequestError(f"{path} can't be read: {exc.strerror}.") from exc
    except ValidationError as exc:
        raise RequestError("\n".join(f"{path.name}: {fault}" for fault in _faults(exc))) from exc
    except ValueError as exc:
        raise RequestError(f"{path.name} is no TOML in UTF-8: {exc}.") from exc
    if faults := list(_gaps(chosen)):
        raise RequestError("\n".join(f"{path.name}: {fault}" for fault in faults))
    return chosen


def columns_of(chosen: FileMap, columns: Sequence[str], where: str) -> dict[str, str]:
    """Return the file's column for each meaning that has one. where: the file's name, for errors.

    Raises RequestError for a column that is not there, for two that could be meant, and without time or text.
    """
    found = {}
    for meaning, column in chosen.columns.items():
        if column and column not in columns:
            problem = f"{where} has no column {column!r} ({meaning} in the map)"
            raise RequestError(f"{problem}. {_nearest(column, columns)}")
        if column:
            found[meaning] = column
    free = [column for column in columns if column not in found.values()]
    for meaning, usual in USUAL.items():
        could_be = [column for column in free if _simple(column) in usual]
        if meaning in chosen.columns or not could_be:
            continue
        if len(could_be) > 1:
            either = " or ".join(could_be)
            raise RequestError(f"{where}: {meaning} could be {either}. Say which under [columns] in a map.")
        found[meaning] = could_be[0]
    if "revenue" in found and "company" not in found:
        raise RequestError(f"{where}: revenue is a company's, so the map needs columns.company too.")
    for meaning in ("said_at", "text"):
        if meaning not in found:
            remedy = f"Name it under [columns] in a map; there are: {', '.join(columns[:20])}."
            raise RequestError(f"{where}: no column is known as {meaning}. {remedy}")
    return found


def _gaps(chosen: FileMap) -> Iterator[str]:
    """Yield what the map leaves open that would have to be guessed."""
    named = {meaning for meaning, column in chosen.columns.items() if column}
    for meaning in chosen.columns:
        if meaning not in USUAL:
            yield f"columns.{meaning} is unknown. {_nearest(meaning, USUAL)}"
    if "score" in named and chosen.scale is None:
        yield "columns.score needs the highest score, e.g. scale = 5"
    if "revenue" in named and (chosen.currency is None or chosen.period is None):
        yield 'columns.revenue needs e.g. currency = "EUR" and period = "month"'
    form = chosen.time_format
    if form and form not in UNIX and "%z" not in form and chosen.zone is None:
        yield 'time_format has no offset (%z), so it needs e.g. zone = "Europe/Berlin"'


def _faults(error: ValidationError) -> Iterator[str]:
    for detail in error.errors(include_input=False, include_url=False):
        key = ".".join(map(str, detail["loc"]))
        if detail["type"] == "extra_forbidden":
            yield f"{key} is unknown. {_nearest(key, FileMap.model_fields)}"
        else:
            yield f"{key}: {detail['msg'].removeprefix('Value error, ')}"


def _nearest(wrong: str, known: Iterable[str]) -> str:
    names = list(known)
    near = get_close_matches(wrong, names, n=1)
    return f"Did you mean {near[0]!r}?" if near else f"Known: {', '.join(names[:30])}."


def _simple(column: str) -> str:
    return "_".join(column.casefold().split())
