"""Companies and people, and by what they are known."""

from __future__ import annotations

from sqlalchemy import Column, Table, Text, UniqueConstraint

from bot.storage.tables.columns import metadata, moment, reference, row_id, text
from bot.storage.types import Amount

company = Table(
    "company",
    metadata,
    row_id(),
    text("name"),
    text("folded_name", index=True, server_default=""),  # for look-ups, on both databases alike
    text("plan"),
    text("segment"),
    Column("revenue_amount", Amount),
    Column("revenue_currency", Text),
    text("origin"),
    moment("as_of", nullable=True),
)

company_identity = Table(
    "company_identity",
    metadata,
    row_id(),
    reference("company_id", "company", index=True),
    text("kind"),  # the source's name
    text("value"),
    UniqueConstraint("kind", "value"),
)

company_domain = Table(
    "company_domain",
    metadata,
    row_id(),
    reference("company_id", "company", index=True),
    text("domain", unique=True),
)

person = Table(
    "person",
    metadata,
    row_id(),
    reference("company_id", "company", nullable=True, index=True),
    text("name"),
    text("folded_name", index=True, server_default=""),
    text("role"),
    text("language"),
    text("plan"),
    text("segment"),
    moment("since", nullable=True),
    sqlite_autoincrement=True,  # the id of a person who was merged away is never given again
)

person_identity = Table(
    "person_identity",
    metadata,
    row_id(),
    reference("person_id", "person", index=True),
    text("kind"),  # the source's name, or "e-mail"
    text("value"),
    UniqueConstraint("kind", "value"),
)
