"""Every table. The migrations are what makes them; a test holds the two equal."""

from __future__ import annotations

from bot.storage.tables.channels import channel_trouble
from bot.storage.tables.columns import metadata
from bot.storage.tables.feedback import capture, conversation, feedback, turn, vector, verdict
from bot.storage.tables.installations import installation
from bot.storage.tables.outside import (
    credential,
    digest,
    digest_list,
    digest_preview,
    digest_quote,
    effect,
    event_kept,
    event_seen,
    news,
    source,
    subscription,
    unreadable,
    write_stop,
)
from bot.storage.tables.people import company, company_domain, company_identity, person, person_identity
from bot.storage.tables.spoken import spoken
from bot.storage.tables.themes import theme, theme_member, theme_trace
from bot.storage.tables.tickets import match, match_trace, preference, project_switch, ticket, ticket_links
from bot.storage.tables.trust import answer, audit, model_version, project_trust
from bot.storage.tables.work import task

__all__ = [
    "answer",
    "audit",
    "capture",
    "channel_trouble",
    "company",
    "company_domain",
    "company_identity",
    "conversation",
    "credential",
    "digest",
    "digest_list",
    "digest_preview",
    "digest_quote",
    "effect",
    "event_kept",
    "event_seen",
    "feedback",
    "installation",
    "match",
    "match_trace",
    "metadata",
    "model_version",
    "news",
    "person",
    "person_identity",
    "preference",
    "project_switch",
    "project_trust",
    "source",
    "spoken",
    "subscription",
    "task",
    "theme",
    "theme_member",
    "theme_trace",
    "ticket",
    "ticket_links",
    "turn",
    "unreadable",
    "vector",
    "verdict",
    "write_stop",
]
