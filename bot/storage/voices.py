"""The voice: a piece with its conversation, turn, person and company, read by joins and never row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from bot.domain.customer import Company, Person, Revenue
from bot.domain.feedback import Exclusion
from bot.domain.voice import Voice
from bot.storage.ids import any_of
from bot.storage.mapping import context_of, quote_of, redactions_of
from bot.storage.tables import company, company_domain, conversation, feedback, person, turn

JOINED = (
    feedback.join(conversation, feedback.c.conversation_id == conversation.c.id)
    .join(turn, feedback.c.turn_id == turn.c.id)
    .join(person, conversation.c.person_id == person.c.id)
    .outerjoin(company, person.c.company_id == company.c.id)
)
_DOMAINS = (
    select(func.aggregate_strings(company_domain.c.domain, " "))
    .where(company_domain.c.company_id == company.c.id)
    .scalar_subquery()
)
_COLUMNS = (
    feedback,
    conversation.c.source,
    conversation.c.external_id,
    conversation.c.subject,
    conversation.c.url,
    conversation.c.channel,
    conversation.c.inbox,
    conversation.c.tags,
    conversation.c.language,
    conversation.c.context,
    turn.c.external_id.label("turn_external_id"),
    turn.c.text,
    turn.c.redactions,
    person.c.id.label("person_id"),
    person.c.name.label("person_name"),
    person.c.role,
    person.c.language.label("person_language"),
    person.c.since,
    person.c.plan.label("person_plan"),
    person.c.segment.label("person_segment"),
    company.c.id.label("company_id"),
    company.c.name.label("company_name"),
    company.c.plan,
    company.c.segment,
    company.c.revenue_amount,
    company.c.revenue_currency,
    company.c.origin,
    company.c.as_of,
    _DOMAINS.label("domains"),
)
VOICES: Select[Any] = select(*_COLUMNS).select_from(JOINED)


def voices_of(connection: Connection, feedback_ids: Sequence[int]) -> list[Voice]:
    """Return the pieces' voices in the order of the ids; unknown ids are left out."""
    if not feedback_ids:
        return []
    query = VOICES.where(any_of(feedback.c.id, feedback_ids))
    found = {voice.feedback_id: voice for voice in read_voices(connection, query)}
    return [found[i] for i in feedback_ids if i in found]


def read_voices(connection: Connection, query: Select[Any]) -> list[Voice]:
    """Return what the query finds, in its order. query: VOICES with conditions."""
    companies, people = dict[int, Company](), dict[int, Person]()
    voices = []
    for row in connection.execute(query):
        if row.company_id is not None and row.company_id not in companies:
            companies[row.company_id] = _company(row)
        if row.person_id not in people:
            people[row.person_id] = _person(row, companies.get(row.company_id))
        voices.append(_voice(row, people[row.person_id]))
    return voices


def _company(row: Row[Any]) -> Company:
    revenue = None if row.revenue_amount is None else Revenue(row.revenue_amount, row.revenue_currency)
    return Company(
        id=row.company_id,
        name=row.company_name,
        domains=tuple(sorted((row.domains or "").split())),
        plan=row.plan,
        segment=row.segment,
        revenue=revenue,
        origin=row.origin,
        as_of=row.as_of,
    )


def _person(row: Row[Any], employer: Company | None) -> Person:
    return Person(
        id=row.person_id,
        name=row.person_name,
        role=row.role,
        language=row.person_language,
        since=row.since,
        plan=row.person_plan,
        segment=row.person_segment,
        company=employer,
    )


def _voice(row: Row[Any], who: Person) -> Voice:
    return Voice(
        feedback_id=row.id,
        conversation_id=row.conversation_id,
        source=row.source,
        external_id=row.external_id,
        ordinal=row.ordinal,
        quote=quote_of(row.turn_external_id, row.spans),
        text=row.text,
        redactions=redactions_of(row.redactions),
        said_at=row.said_at,
        arrived_at=row.arrived_at,
        person=who,
        subject=row.subject,
        url=row.url,
        channel=row.channel,
        inbox=row.inbox,
        tags=tuple(row.tags),
        language=row.language,
        context=context_of(row.context),
        excluded=Exclusion(row.excluded) if row.excluded else None,
        words_hash=row.words_hash,
    )
