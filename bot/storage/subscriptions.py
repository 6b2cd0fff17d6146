"""Which channel hears what, when; and the digests that were built for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, or_, select, update

from bot.domain.digest import DigestSnapshot, Subscription
from bot.errors import AlreadyExists
from bot.storage.snapshots import from_json, to_json
from bot.storage.sql import insert_into, insert_new, put_row
from bot.storage.tables import digest, digest_quote, subscription


class SqlSubscriptions:
    """Subscriptions on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self,
        channel: str,
        name: str,
        *,
        cron: str,
        zone: str,
        projects: Sequence[str],
        next_at: datetime | None,
    ) -> Subscription:
        """Insert or replace by (channel, name)."""
        values = {"cron": cron, "zone": zone, "projects": list(projects), "next_at": next_at}
        return _subscription(
            put_row(self._connection, subscription, {"channel": channel, "name": name}, values)
        )

    def find(self, channel: str, name: str) -> Subscription | None:
        """Return the subscription."""
        its = (subscription.c.channel == channel, subscription.c.name == name)
        row = self._connection.execute(select(subscription).where(*its)).one_or_none()
        return _subscription(row) if row else None

    def get(self, subscription_id: int) -> Subscription:
        """Return the subscription. Raises KeyError."""
        query = select(subscription).where(subscription.c.id == subscription_id)
        row = self._connection.execute(query).one_or_none()
        if row is None:
            raise KeyError(subscription_id)
        return _subscription(row)

    def all(self) -> list[Subscription]:
        """Return all, by channel and name."""
        query = select(subscription).order_by(subscription.c.channel, subscription.c.name)
        return [_subscription(row) for row in self._connection.execute(query)]

    def due(self, now: datetime) -> list[Subscription]:
        """Return those whose next_at has come and that are not paused, longest due first."""
        is_running = or_(subscription.c.paused_until.is_(None), subscription.c.paused_until <= now)
        query = select(subscription).where(subscription.c.next_at <= now, is_running)
        ordered = query.order_by(subscription.c.next_at, subscription.c.id)
        return [_subscription(row) for row in self._connection.execute(ordered)]

    def set_next(self, subscription_id: int, next_at: datetime, *, was: datetime) -> None:
        """Set when it is due next, where that still `was` so."""
        its = (subscription.c.id == subscription_id, subscription.c.next_at == was)
        self._connection.execute(update(subscription).where(*its).values(next_at=next_at))

    def save_snapshot(
        self, subscription_id: int, period_start: datetime, revision: int, snapshot: DigestSnapshot
    ) -> None:
        """Store a built digest. Raises AlreadyExists for the same (subscription, period, revision)."""
        row = {
            "subscription_id": subscription_id,
            "period_start": period_start,
            "revision": revision,
            "snapshot": to_json(snapshot),
            "built_at": snapshot.built_at,
        }
        if not insert_new(self._connection, digest, row):
            raise AlreadyExists(f"subscription {subscription_id} has revision {revision} of that period")

    def snapshot(self, subscription_id: int, period_start: datetime) -> DigestSnapshot | None:
        """Return the newest revision for the period, equal to what was stored, or None."""
        its = (digest.c.subscription_id == subscription_id, digest.c.period_start == period_start)
        query = select(digest.c.snapshot).where(*its).order_by(digest.c.revision.desc()).limit(1)
        stored = self._connection.execute(query).scalar_one_or_none()
        return None if stored is None else from_json(DigestSnapshot, stored)

    def quoted_since(self, subscription_id: int, since: datetime) -> frozenset[int]:
        """Return ids of pieces that this subscription's digests quoted, of periods that began since then."""
        its = (digest_quote.c.subscription_id == subscription_id, digest_quote.c.period_start >= since)
        return frozenset(self._connection.scalars(select(digest_quote.c.feedback_id).where(*its)))

    def remember_quotes(
        self, subscription_id: int, period_start: datetime, feedback_ids: Sequence[int]
    ) -> None:
        """Note which pieces a digest quoted."""
        key = {"subscription_id": subscription_id, "period_start": period_start}
        rows = [{**key, "feedback_id": feedback_id} for feedback_id in feedback_ids]
        if rows:
            statement = insert_into(self._connection, digest_quote).on_conflict_do_nothing()
            self._connection.execute(statement, rows)


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        channel=row.channel,
        name=row.name,
        cron=row.cron,
        zone=row.zone,
        projects=tuple(row.projects),
        next_at=row.next_at,
        paused_until=row.paused_until,
    )
