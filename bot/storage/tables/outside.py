"""What ties Voc to the outside: outward acts, sources, subscriptions and digests, deliveries, credentials."""

from __future__ import annotations

from sqlalchemy import Column, Date, Index, LargeBinary, Table, Text, UniqueConstraint

from bot.storage.tables.columns import flag, json, metadata, moment, number, reference, row_id, text

effect = Table(
    "effect",
    metadata,
    row_id(),
    text("kind"),
    text("target"),
    text("key"),
    text("state"),
    text("wanted"),
    text("done"),
    text("result"),
    number("tries"),
    moment("next_at"),
    moment("first_done_at", nullable=True),
    moment("done_at", nullable=True),
    moment("claimed_until", nullable=True),
    text("claimed_from"),  # the state to go back to when a claim is given back
    text("note"),
    UniqueConstraint("kind", "target", "key"),
    Index(None, "state", "next_at"),
)

write_stop = Table(
    "write_stop",
    metadata,
    row_id(),
    text("by"),
    moment("at"),
)

news = Table(
    "news",
    metadata,
    row_id(),
    text("kind"),
    text("tracker"),
    text("project"),
    text("subject"),
    number("number"),
    moment("at"),
    text("batch"),  # the notice that tells of it; "" until one was made up
    moment("told_at", nullable=True),
    Index(None, "told_at"),
)

source = Table(
    "source",
    metadata,
    Column("name", Text, primary_key=True),
    text("cursor"),
    moment("last_success_at", nullable=True),
    moment("last_change_at", nullable=True),
    number("failures"),
    text("error"),
    moment("told_at", nullable=True),
    moment("next_at", nullable=True),
)

unreadable = Table(
    "unreadable",
    metadata,
    row_id(),
    text("source"),
    text("external_id"),
    text("why"),
    moment("seen_at"),
    UniqueConstraint("source", "external_id"),
)

subscription = Table(
    "subscription",
    metadata,
    row_id(),
    text("channel"),
    text("name"),
    text("cron"),
    text("zone"),
    json("projects"),
    json("areas"),
    json("labels"),
    json("segments"),
    json("sources"),
    text("rhythm"),
    Column("first_period", Date),
    text("language"),
    text("length"),
    text("person"),  # whose it is, in a direct message
    flag("alerts"),
    moment("next_at", nullable=True),
    moment("paused_until", nullable=True),
    UniqueConstraint("channel", "name"),
)

digest = Table(
    "digest",
    metadata,
    row_id(),
    reference("subscription_id", "subscription"),
    moment("period_start"),
    moment("period_end"),
    number("revision"),
    text("snapshot"),
    moment("built_at"),
    UniqueConstraint("subscription_id", "period_start", "period_end", "revision"),
)

digest_list = Table(
    "digest_list",
    metadata,
    row_id(),
    reference("digest_id", "digest"),
    text("name"),
    text("rows"),  # JSON: the pieces behind a number, each with its conversation, person and company
    UniqueConstraint("digest_id", "name"),
)

digest_quote = Table(
    "digest_quote",
    metadata,
    row_id(),
    reference("subscription_id", "subscription"),
    moment("period_start"),
    reference("feedback_id", "feedback", index=True),
    UniqueConstraint("subscription_id", "period_start", "feedback_id"),
)

digest_preview = Table(
    "digest_preview",
    metadata,
    row_id(),
    text("snapshot"),  # with nobody's words
    json("lists"),  # what is behind each number, by name, as in digest_list
    moment("built_at"),
    Index(None, "built_at"),
)

credential = Table(
    "credential",
    metadata,
    row_id(),
    text("integration"),
    text("account"),
    Column("sealed", LargeBinary, nullable=False),
    moment("stored_at"),
    UniqueConstraint("integration", "account"),
)

event_kept = Table(
    "event_kept",
    metadata,
    Column("delivery_id", Text, primary_key=True),
    json("body"),
    moment("kept_at"),
    Index(None, "kept_at"),
)

event_seen = Table(
    "event_seen",
    metadata,
    row_id(),
    text("source"),
    text("delivery_id"),
    moment("seen_at"),
    UniqueConstraint("source", "delivery_id"),
    Index(None, "seen_at"),
)
