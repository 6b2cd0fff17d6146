"""Digests in full: a subscription's scope, rhythm, language and length; periods, and lists behind numbers."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

LISTS = ("areas", "labels", "segments", "sources")
TEXTS = {"rhythm": "weekly", "language": "", "length": "normal", "person": ""}
OLD_KEY = ["subscription_id", "period_start", "revision"]
NEW_KEY = ["subscription_id", "period_start", "period_end", "revision"]
DIGEST = sa.table(
    "digest",
    sa.column("id", sa.Integer),
    sa.column("snapshot", sa.Text),
    sa.column("period_end", sa.DateTime(timezone=True)),
)


def upgrade() -> None:
    for name in LISTS:
        op.add_column("subscription", sa.Column(name, sa.JSON(), nullable=False, server_default="[]"))
    for name, usual in TEXTS.items():
        op.add_column("subscription", sa.Column(name, sa.Text(), nullable=False, server_default=usual))
    op.add_column("subscription", sa.Column("first_period", sa.Date(), nullable=True))
    op.add_column(
        "subscription", sa.Column("alerts", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("digest", sa.Column("period_end", sa.DateTime(timezone=True), nullable=True))
    _rewrite(_with_period)
    with op.batch_alter_table("digest") as batch:
        batch.alter_column("period_end", existing_type=sa.DateTime(timezone=True), nullable=False)
        batch.drop_constraint(f"uq_digest_{'_'.join(OLD_KEY)}", type_="unique")
        batch.create_unique_constraint(f"uq_digest_{'_'.join(NEW_KEY)}", NEW_KEY)
    op.create_table(
        "digest_list",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["digest.id"], name="fk_digest_list_digest_id"),
        sa.PrimaryKeyConstraint("id", name="pk_digest_list"),
        sa.UniqueConstraint("digest_id", "name", name="uq_digest_list_digest_id_name"),
    )


def downgrade() -> None:
    """Take it back; digests of other periods than a week are dropped, which nothing earlier could read."""
    op.drop_table("digest_list")
    _rewrite(_with_week)
    with op.batch_alter_table("digest") as batch:
        batch.drop_constraint(f"uq_digest_{'_'.join(NEW_KEY)}", type_="unique")
        batch.create_unique_constraint(f"uq_digest_{'_'.join(OLD_KEY)}", OLD_KEY)
        batch.drop_column("period_end")
    for name in ("alerts", "first_period", *TEXTS, *LISTS):
        op.drop_column("subscription", name)


def _rewrite(change: Callable[[dict[str, Any]], dict[str, Any] | None]) -> None:
    """Change each stored snapshot; one that becomes None is dropped."""
    connection = op.get_bind()
    for row in connection.execute(sa.select(DIGEST.c.id, DIGEST.c.snapshot)).all():
        its = DIGEST.c.id == row.id
        changed = change(json.loads(row.snapshot))
        if changed is None:
            connection.execute(sa.delete(DIGEST).where(its))
            continue
        values = {"snapshot": json.dumps(changed)}
        if "period" in changed:
            values["period_end"] = _end_of(changed["period"])
        connection.execute(sa.update(DIGEST).where(its).values(**values))


def _end_of(period: dict[str, str]) -> Any:
    last = date.fromisoformat(period["last"]) + timedelta(days=1)
    end = datetime.combine(last, time(), ZoneInfo(period["zone"])).astimezone(UTC)
    return end.replace(tzinfo=None) if op.get_bind().dialect.name == "sqlite" else end


def _with_period(snapshot: dict[str, Any]) -> dict[str, Any]:
    week = snapshot.pop("week")
    last = date.fromisoformat(week["monday"]) + timedelta(days=6)
    snapshot["period"] = {"first": week["monday"], "last": last.isoformat(), "zone": week["zone"]}
    snapshot["scope"] = {"projects": snapshot.pop("projects", [])}
    for top in snapshot["top"]:
        top["carried_by"] = top["carried_by"].split(" and ") if top.get("carried_by") else []
    for group in snapshot["unticketed"]:
        group.pop("feedback_ids")
    return snapshot


def _with_week(snapshot: dict[str, Any]) -> dict[str, Any] | None:
    period = snapshot.pop("period")
    first, last = date.fromisoformat(period["first"]), date.fromisoformat(period["last"])
    if (last - first).days != 6 or snapshot["revision"] != 1:
        return None
    kept = {name: snapshot[name] for name in WEEKLY_FIELDS}
    kept["week"] = {"monday": period["first"], "zone": period["zone"]}
    kept["projects"] = snapshot["scope"]["projects"]
    for top in kept["top"]:
        top["carried_by"] = " and ".join(top["carried_by"])
        top.pop("pieces")
    for group in kept["unticketed"]:
        group["feedback_ids"] = [group["quote"]["feedback_id"]] if group["quote"] else []
    kept["unticketed"] = [group for group in kept["unticketed"] if group["quote"]]
    return kept


WEEKLY_FIELDS = (
    "built_at",
    "counts",
    "before",
    "usual",
    "voice",
    "top",
    "unticketed",
    "failed_sources",
    "arrived_late",
    "set_aside",
    "links_undone",
    "quotes_verified",
    "attach_is_measured",
    "links_checked",
)
