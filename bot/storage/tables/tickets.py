"""Tickets, the pairs of piece and ticket, how each pair came about, and what admins set."""

from __future__ import annotations

from sqlalchemy import Column, Float, ForeignKey, Index, Table, Text, UniqueConstraint

from bot.storage.tables.columns import flag, json, metadata, moment, reference, row_id, text

ticket = Table(
    "ticket",
    metadata,
    row_id(),
    text("tracker"),
    text("external_id"),
    text("key"),
    text("folded_key", index=True),  # for look-ups in any letter case, on both databases alike
    text("folded_title"),
    text("project"),
    text("title"),
    text("body"),
    text("stage"),
    text("status"),
    moment("created_at"),
    moment("updated_at"),
    text("url"),
    json("labels"),
    json("components"),
    moment("resolved_at", nullable=True),
    flag("gone"),
    moment("changed_at"),  # when matching or people last had something new to see
    text("duplicate_of", server_default=""),  # the survivor's external id
    # A hash of the address; "" where the tracker hides it; null for nobody, or not read yet.
    Column("assignee", Text, nullable=True, index=True),
    UniqueConstraint("tracker", "external_id"),
    Index(None, "changed_at"),
)

ticket_links = Table(
    "ticket_links",
    metadata,
    Column("ticket_id", ForeignKey("ticket.id"), primary_key=True),
    moment(
        "read_of", nullable=True
    ),  # the ticket's updated_at when its links were read; null: read them again
    json("elsewhere"),  # where the links of others lead
)

match = Table(
    "match",
    metadata,
    row_id(),
    reference("feedback_id", "feedback"),
    reference("ticket_id", "ticket"),
    text("state"),
    Column("score", Float, nullable=False),
    json("reasons"),
    text("decided_by"),
    moment("decided_at"),
    UniqueConstraint("feedback_id", "ticket_id"),
    Index(None, "ticket_id", "state"),
    Index(None, "state", "decided_at"),
    sqlite_autoincrement=True,  # the id of a dropped suggestion is never given again
)
Index(
    "uq_match_attached",
    match.c.feedback_id,
    unique=True,
    sqlite_where=match.c.state == "attached",
    postgresql_where=match.c.state == "attached",
)

match_trace = Table(
    "match_trace",
    metadata,
    row_id(),
    reference("feedback_id", "feedback", index=True),
    reference("ticket_id", "ticket", index=True),
    moment("at"),
    text("by"),
    text("before"),  # "" where there was no pair
    text("before_by"),
    text("after"),  # "" where the pair was dropped
    Column("score", Float, nullable=False),
    json("reasons"),
    Index(None, "at"),
)

preference = Table(
    "preference",
    metadata,
    Column("name", Text, primary_key=True),
    text("value"),
    text("by"),
    moment("set_at"),
)

project_switch = Table(
    "project_switch",
    metadata,
    Column("project", Text, primary_key=True),
    flag("attach"),
    flag("write"),
    text("by"),
    moment("set_at"),
)
