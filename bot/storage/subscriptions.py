"""Which channel hears what, when; and the digests that were built for it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, insert, or_, select, update

from bot.domain.digest import DigestSnapshot, Length, Subscription
from bot.domain.period import Period, Rhythm
from bot.domain.scope import EVERYTHING, Scope
from bot.errors import AlreadyExists
from bot.repositories.hearing import Said
from bot.repositories.subscriptions import StoredDigest
from bot.storage.snapshots import from_json, to_json
from bot.storage.sql import chunks, insert_into, insert_new, put_row
from bot.storage.tables import digest, digest_list, digest_quote, feedback, subscription

_UNSAID = {  # of a new subscription
    "rhythm": Rhythm.WEEKLY.value,
    "language": "",
    "length": Length.NORMAL.value,
    "person": "",
    "alerts": False,
}
_SCOPE = tuple(field.name for field in fields(Scope))
_COUNTING = (
    select(digest.c.id)
    .join(
        feedback, (digest.c.period_start <= feedback.c.said_at) & (digest.c.period_end > feedback.c.said_at)
    )
    .where(feedback.c.id == bindparam("id"), digest.c.built_at >= feedback.c.arrived_at)
    .where(digest.c.revision == 1)
    .order_by(digest.c.id)
)
_STORED = select(digest.c.id, digest.c.snapshot)


class SqlSubscriptions:
    """Subscriptions and digests on SQL."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self,
        channel: str,
        name: str,
        *,
        cron: str,
        zone: str,
        next_at: datetime | None,
        scope: Scope = EVERYTHING,
    ) -> Subscription:
        """Insert or replace by (channel, name); see the port."""
        key = {"channel": channel, "name": name}
        values = {"cron": cron, "zone": zone, "next_at": next_at, **_lists(scope)}
        insert_new(self._connection, subscription, {**key, **_UNSAID, **values})
        return _subscription(put_row(self._connection, subscription, key, values))

    def change(self, subscription_id: int, **facts: Any) -> Subscription:
        """Store new facts; return it as it is then."""
        values = {name: _plain(value) for name, value in facts.items() if name != "scope"}
        values |= _lists(facts["scope"]) if "scope" in facts else {}
        its = subscription.c.id == subscription_id
        statement = update(subscription).where(its).values(**values).returning(subscription)
        return _subscription(self._connection.execute(statement).one())

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

    def save_snapshot(self, snapshot: DigestSnapshot, lists: Mapping[str, str]) -> int:
        """Store a built digest with its lists; see the port."""
        row = {
            "subscription_id": snapshot.subscription_id,
            "period_start": snapshot.period.start,
            "period_end": snapshot.period.end,
            "revision": snapshot.revision,
            "snapshot": to_json(snapshot),
            "built_at": snapshot.built_at,
        }
        statement = insert_into(self._connection, digest).on_conflict_do_nothing().returning(digest.c.id)
        digest_id = self._connection.execute(statement, row).scalar_one_or_none()
        if digest_id is None:
            raise AlreadyExists(
                f"subscription {snapshot.subscription_id} has revision {snapshot.revision} of that period"
            )
        rows = [{"digest_id": digest_id, "name": name, "rows": packed} for name, packed in lists.items()]
        if rows:
            self._connection.execute(insert(digest_list), rows)
        return int(digest_id)

    def snapshot(
        self, subscription_id: int, period: Period, revision: int | None = None
    ) -> DigestSnapshot | None:
        """Return the newest (or that) revision for the period, equal to what was stored, or None."""
        known = [
            one.snapshot
            for one in self.revisions(subscription_id, period)
            if revision in (None, one.snapshot.revision)
        ]
        return known[-1] if known else None

    def revisions(self, subscription_id: int, period: Period) -> list[StoredDigest]:
        """Return every revision for the period, the first one first."""
        its = (
            digest.c.subscription_id == subscription_id,
            digest.c.period_start == period.start,
            digest.c.period_end == period.end,
        )
        return self._stored(_STORED.where(*its).order_by(digest.c.revision))

    def stored(self, digest_id: int) -> StoredDigest | None:
        """Return a revision by its id."""
        found = self._stored(_STORED.where(digest.c.id == digest_id))
        return found[0] if found else None

    def rewrite(self, digest_id: int, snapshot: DigestSnapshot) -> None:
        """Overwrite what is stored."""
        its = digest.c.id == digest_id
        self._connection.execute(update(digest).where(its).values(snapshot=to_json(snapshot)))

    def listed(self, digest_id: int, name: str) -> list[Said]:
        """Return what is behind a number of the digest; nothing where there is no such list."""
        its = (digest_list.c.digest_id == digest_id, digest_list.c.name == name)
        return unpacked(self._connection.execute(select(digest_list.c.rows).where(*its)).scalar_one_or_none())

    def newest(self, subscription_id: int, limit: int) -> list[StoredDigest]:
        """Return the newest revision of the newest periods, latest first."""
        newest = (
            select(digest.c.period_start, digest.c.period_end, func.max(digest.c.revision).label("revision"))
            .where(digest.c.subscription_id == subscription_id)
            .group_by(digest.c.period_start, digest.c.period_end)
            .order_by(digest.c.period_start.desc(), digest.c.period_end.desc())
            .limit(limit)
            .subquery()
        )
        its = (
            (digest.c.period_start == newest.c.period_start)
            & (digest.c.period_end == newest.c.period_end)
            & (digest.c.revision == newest.c.revision)
        )
        query = _STORED.join(newest, its).where(digest.c.subscription_id == subscription_id)
        return self._stored(query.order_by(digest.c.period_start.desc(), digest.c.period_end.desc()))

    def counting(self, feedback_id: int) -> list[int]:
        """Return the ids of the first revisions of the digests that may have counted the piece."""
        return list(self._connection.scalars(_COUNTING, {"id": feedback_id}))

    def quoted(self, channel: str, since: datetime, until: datetime) -> frozenset[int]:
        """Return ids of pieces that the channel's digests quoted; see the port."""
        query = select(digest_quote.c.feedback_id).join(
            subscription, subscription.c.id == digest_quote.c.subscription_id
        )
        asked = (digest_quote.c.period_start >= since, digest_quote.c.period_start < until)
        return frozenset(self._connection.scalars(query.where(subscription.c.channel == channel, *asked)))

    def remember_quotes(
        self, subscription_id: int, period_start: datetime, feedback_ids: Sequence[int]
    ) -> None:
        """Note which pieces a digest quoted."""
        key = {"subscription_id": subscription_id, "period_start": period_start}
        rows = [{**key, "feedback_id": feedback_id} for feedback_id in feedback_ids]
        for some in chunks(rows):
            statement = insert_into(self._connection, digest_quote).on_conflict_do_nothing()
            self._connection.execute(statement, some)

    def _stored(self, query: Any) -> list[StoredDigest]:
        return [
            StoredDigest(row.id, from_json(DigestSnapshot, row.snapshot))
            for row in self._connection.execute(query)
        ]


def unpacked(rows: str | None) -> list[Said]:
    """Return the pieces of a stored list; None is one of none."""
    return [Said(*row) for row in json.loads(rows or "[]")]


def _lists(scope: Scope) -> dict[str, list[str]]:
    return {name: list(values) for name, values in scope.given}


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Rhythm | Length) else value


def _subscription(row: Row[Any]) -> Subscription:
    return Subscription(
        id=row.id,
        channel=row.channel,
        name=row.name,
        cron=row.cron,
        zone=row.zone,
        scope=Scope(**{name: tuple(getattr(row, name)) for name in _SCOPE}),
        rhythm=Rhythm(row.rhythm),
        first_period=row.first_period,
        language=row.language,
        length=Length(row.length),
        person=row.person,
        alerts=row.alerts,
        next_at=row.next_at,
        paused_until=row.paused_until,
    )
