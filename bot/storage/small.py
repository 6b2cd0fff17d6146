"""The repositories of one small table each: switches, credentials, deliveries, vectors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.repositories import KeptEvent, Switches
from bot.storage.sql import chunks, insert_into, insert_new, put_row
from bot.storage.tables import credential, event_kept, event_seen, project_switch, vector

SLACK = "slack"  # whose events are kept


class SqlProjects:
    """Switches on SQL. One unit of work asks once for each project."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._known: dict[str, Switches] = {}

    def switches(self, project: str) -> Switches:
        """Return them; both off for a project that was never set."""
        if project not in self._known:
            query = select(project_switch).where(project_switch.c.project == project)
            row = self._connection.execute(query).one_or_none()
            self._known[project] = (
                Switches(project=project, attach=row.attach, write=row.write, by=row.by)
                if row
                else Switches(project=project)
            )
        return self._known[project]

    def set(self, project: str, *, attach: bool, write: bool, by: str, now: datetime) -> None:
        """Set both."""
        values = {"attach": attach, "write": write, "by": by, "set_at": now}
        put_row(self._connection, project_switch, {"project": project}, values)
        self._known.pop(project, None)

    def all(self) -> list[Switches]:
        """Return all that were ever set, by project."""
        names = self._connection.scalars(select(project_switch.c.project).order_by(project_switch.c.project))
        return [self.switches(name) for name in names.all()]


class SqlCredentials:
    """Sealed tokens on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, integration: str, account: str) -> bytes | None:
        """Return the sealed value."""
        its = (credential.c.integration == integration, credential.c.account == account)
        return self._connection.execute(select(credential.c.sealed).where(*its)).scalar_one_or_none()

    def put(self, integration: str, account: str, sealed: bytes, now: datetime) -> None:
        """Replace the sealed value."""
        key = {"integration": integration, "account": account}
        put_row(self._connection, credential, key, {"sealed": sealed, "stored_at": now})


class SqlDeliveries:
    """Deliveries on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_new(self, source: str, delivery_id: str, now: datetime) -> bool:
        """Remember the delivery and return True, or return False if it was seen before."""
        row = {"source": source, "delivery_id": delivery_id, "seen_at": now}
        return insert_new(self._connection, event_seen, row)

    def keep(self, kept: KeptEvent) -> bool:
        """Keep the event until it is handled; return False for one that is kept, or handled, already."""
        if self._is_seen(kept.id):
            return False
        row = {"delivery_id": kept.id, "body": dict(kept.body), "kept_at": kept.at}
        return insert_new(self._connection, event_kept, row)

    def finish(self, delivery_id: str, now: datetime, *, was_handled: bool) -> None:
        """Keep the event no longer. was_handled: so that it is not to be handled again."""
        self._connection.execute(delete(event_kept).where(event_kept.c.delivery_id == delivery_id))
        if was_handled:
            self.is_new(SLACK, delivery_id, now)

    def is_open(self, delivery_id: str) -> bool:
        """Return whether the event was not handled yet."""
        return not self._is_seen(delivery_id)

    def unfinished(self, before: datetime, *, limit: int) -> list[KeptEvent]:
        """Return events that were kept before then, the oldest first."""
        query = select(event_kept).where(event_kept.c.kept_at < before).order_by(event_kept.c.kept_at)
        rows = self._connection.execute(query.limit(limit))
        return [KeptEvent(row.delivery_id, row.body, row.kept_at) for row in rows]

    def _is_seen(self, delivery_id: str) -> bool:
        its = (event_seen.c.source == SLACK, event_seen.c.delivery_id == delivery_id)
        return self._connection.execute(select(event_seen.c.id).where(*its)).first() is not None

    def forget_before(self, moment: datetime) -> None:
        """Drop old rows."""
        self._connection.execute(delete(event_seen).where(event_seen.c.seen_at < moment))


class SqlVectors:
    """Embeddings on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return the vectors that are stored (float32 rows as bytes)."""
        found: dict[str, bytes] = {}
        for some in chunks(keys):
            rows = self._connection.execute(select(vector).where(vector.c.key.in_(some))).all()
            found |= {row.key: row.row for row in rows}
        return found

    def put_many(self, rows: Mapping[str, bytes]) -> None:
        """Store vectors; known keys stay as they are."""
        if rows:
            statement = insert_into(self._connection, vector).on_conflict_do_nothing()
            # In one order for all, so that two processes never wait for one another in a circle.
            self._connection.execute(statement, [{"key": key, "row": rows[key]} for key in sorted(rows)])

    def which(self, keys: Sequence[str]) -> frozenset[str]:
        """Return those of the keys whose vectors are stored."""
        query = select(vector.c.key)
        found = (self._connection.scalars(query.where(vector.c.key.in_(some))) for some in chunks(keys))
        return frozenset(key for some in found for key in some)

    def drop_others(self, embedder: str, *, limit: int) -> int:
        """Drop up to that many vectors of other embedders; return how many."""
        is_another_s = ~vector.c.key.startswith(f"{embedder}:", autoescape=True)
        some = select(vector.c.key).where(is_another_s).limit(limit)
        return self._connection.execute(delete(vector).where(vector.c.key.in_(some))).rowcount
