"""People and companies, joined by what they are known by: a source's id, else e-mail, else domain."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, and_, bindparam, delete, func, insert, or_, select, update

from bot.domain.customer import PUBLIC_MAIL_DOMAINS, Company, Person, mail_domain
from bot.domain.feedback import ReceivedCompany, ReceivedPerson
from bot.matching.words import folded
from bot.repositories import Attributes
from bot.storage.mapping import company_of, person_of
from bot.storage.sql import insert_new
from bot.storage.tables import (
    company,
    company_domain,
    company_identity,
    conversation,
    person,
    person_identity,
)
from bot.storage.types import storable

E_MAIL = "e-mail"

_KNOWN_PEOPLE = (
    select(person_identity.c.kind, person_identity.c.value, person)
    .join(person)
    .where(
        or_(
            and_(
                person_identity.c.kind == bindparam("source"),
                person_identity.c.value == bindparam("external_id"),
            ),
            and_(person_identity.c.kind == E_MAIL, person_identity.c.value == bindparam("email")),
        )
    )
)
_BY_IDENTITY = select(company_identity.c.company_id).where(
    company_identity.c.kind == bindparam("kind"), company_identity.c.value == bindparam("value")
)
_COMPANY = select(company).where(company.c.id == bindparam("id"))
_DOMAINS = select(company_domain.c.domain).where(company_domain.c.company_id == bindparam("id"))
_INSERT_COMPANY = insert(company).returning(company.c.id)
_NO_FACTS = {
    "name": "",
    "plan": "",
    "segment": "",
    "revenue_amount": None,
    "revenue_currency": None,
    "origin": "",
    "as_of": None,
}
_INSERT_PERSON = insert(person).returning(person)
_NOBODY = {
    "name": "",
    "role": "",
    "language": "",
    "plan": "",
    "segment": "",
    "since": None,
    "company_id": None,
}


class SqlPeople:
    """People on SQL. What one unit of work has looked up once, it remembers."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._companies: dict[int, Company] = {}
        self._employers: dict[str, int | None] = {}
        self._saved_companies: dict[tuple[str, str], tuple[object, int]] = {}
        self._saved_people: dict[tuple[str, str], tuple[object, Person]] = {}

    def company(
        self, source: str, received: ReceivedCompany, attributes: Attributes, now: datetime
    ) -> Company:
        """Return the company by (source, external id), else by a domain, else a new one; see the port."""
        key, given = (source, received.external_id), (received, attributes)
        known = self._saved_companies.get(key)
        if known is None or known[0] != given:
            known = self._saved_companies[key] = (
                given,
                self._save_company(source, received, attributes, now),
            )
        return self._company(known[1])

    def person(
        self,
        source: str,
        received: ReceivedPerson,
        company_id: int | None,
        attributes: Attributes,
        now: datetime,
    ) -> Person:
        """Return the person by (source, external id), else by e-mail, else a new one; see the port."""
        key, given = (source, received.external_id), (received, company_id, attributes)
        known = self._saved_people.get(key)
        if known is None or known[0] != given:
            known = self._saved_people[key] = (
                given,
                self._save_person(source, received, company_id, attributes),
            )
        return known[1]

    def know_company(self, source: str, external_id: str, name: str) -> None:
        """Let the source's id stand for the one known company of that name; see the port."""
        query = select(company.c.id).where(func.lower(company.c.name) == name.lower()).limit(2)
        found = self._connection.scalars(query).all()
        if len(found) == 1:
            identity = {"kind": source, "value": storable(external_id), "company_id": found[0]}
            insert_new(self._connection, company_identity, identity)

    def get(self, person_id: int) -> Person:
        """Return the person with their company. Raises KeyError."""
        row = self._connection.execute(select(person).where(person.c.id == person_id)).one_or_none()
        if row is None:
            raise KeyError(person_id)
        return self._person(row)

    def employer(self, company_id: int) -> Company:
        """Return the company. Raises KeyError."""
        if self._connection.execute(_COMPANY, {"id": company_id}).one_or_none() is None:
            raise KeyError(company_id)
        return self._company(company_id)

    def _save_company(
        self, source: str, received: ReceivedCompany, attributes: Attributes, now: datetime
    ) -> int:
        domains = {
            d for domain in received.domains if (d := domain.strip().lower()) not in PUBLIC_MAIL_DOMAINS
        }
        identity = {"kind": source, "value": storable(received.external_id)}
        company_id = self._connection.execute(_BY_IDENTITY, identity).scalar_one_or_none()
        is_named = company_id is not None
        if company_id is None:
            company_id = next((i for d in sorted(domains) if (i := self._employer(d)) is not None), None)
        facts = _company_facts(received, attributes, now)
        if company_id is None:
            company_id = self._connection.execute(_INSERT_COMPANY, {**_NO_FACTS, **facts}).scalar_one()
        elif facts:
            self._connection.execute(update(company).where(company.c.id == company_id).values(**facts))
        if not is_named:
            self._connection.execute(insert(company_identity), {"company_id": company_id, **identity})
        for domain in sorted(domains - set(self._domains(company_id))):
            insert_new(self._connection, company_domain, {"company_id": company_id, "domain": domain})
            self._employers.pop(domain, None)
        self._companies.pop(company_id, None)
        return company_id

    def _save_person(
        self, source: str, received: ReceivedPerson, company_id: int | None, attributes: Attributes
    ) -> Person:
        email = storable(received.email.strip().lower())
        wanted = [(source, storable(received.external_id)), *([(E_MAIL, email)] if email else [])]
        named = {"source": source, "external_id": wanted[0][1], "email": email}
        known = {(row.kind, row.value): row for row in self._connection.execute(_KNOWN_PEOPLE, named)}
        row = self._merged(known.values())
        if company_id is None and (domain := mail_domain(email)):
            company_id = self._employer(domain)
        facts = _person_facts(received, company_id, attributes)
        if row is None:
            row = self._connection.execute(_INSERT_PERSON, {**_NOBODY, **facts}).one()
        else:
            row = self._updated(row, facts)
        missing = [identity for identity in wanted if identity not in known]
        if missing:
            rows = [{"person_id": row.id, "kind": kind, "value": value} for kind, value in missing]
            self._connection.execute(insert(person_identity), rows)
        return self._person(row)

    def _updated(self, row: Row[Any], facts: dict[str, Any]) -> Row[Any]:
        if row.since and "since" in facts:
            facts["since"] = min(row.since, facts["since"])
        if all(getattr(row, name) == value for name, value in facts.items()):
            return row
        statement = update(person).where(person.c.id == row.id).values(**facts).returning(person)
        return self._connection.execute(statement).one()

    def _merged(self, found: Iterable[Row[Any]]) -> Row[Any] | None:
        """Return the one person that the rows are: the oldest, who takes over what the others had."""
        people = sorted({row.id: row for row in found}.values(), key=lambda row: row.id)
        for other in people[1:]:
            for table in (conversation, person_identity):
                self._connection.execute(
                    update(table).where(table.c.person_id == other.id).values(person_id=people[0].id)
                )
            self._connection.execute(delete(person).where(person.c.id == other.id))
            self._saved_people.clear()
        return people[0] if people else None

    def _employer(self, domain: str) -> int | None:
        if domain not in self._employers:
            query = select(company_domain.c.company_id).where(company_domain.c.domain == domain)
            self._employers[domain] = self._connection.execute(query).scalar_one_or_none()
        return self._employers[domain]

    def _person(self, row: Row[Any]) -> Person:
        return person_of(row, None if row.company_id is None else self._company(row.company_id))

    def _company(self, company_id: int) -> Company:
        if company_id not in self._companies:
            row = self._connection.execute(_COMPANY, {"id": company_id}).one()
            self._companies[company_id] = company_of(row, self._domains(company_id))
        return self._companies[company_id]

    def _domains(self, company_id: int) -> list[str]:
        return list(self._connection.scalars(_DOMAINS, {"id": company_id}))


def _company_facts(received: ReceivedCompany, attributes: Attributes, now: datetime) -> dict[str, Any]:
    """Return what was said; a fact that was not said now stays as it was."""
    facts: dict[str, Any] = {
        "name": storable(received.name),
        "folded_name": folded(storable(received.name)),
        "plan": storable(attributes.plan),
        "segment": storable(attributes.segment),
    }
    if attributes.revenue:
        facts |= {
            "revenue_amount": attributes.revenue.amount,
            "revenue_currency": attributes.revenue.currency,
        }
    if attributes.plan or attributes.segment or attributes.revenue:
        facts |= {"origin": attributes.origin, "as_of": now}
    return {name: value for name, value in facts.items() if value != ""}


def _person_facts(received: ReceivedPerson, company_id: int | None, attributes: Attributes) -> dict[str, Any]:
    """Return what was said; a fact that was not said now stays as it was."""
    facts = {
        "name": storable(received.name),
        "folded_name": folded(storable(received.name)),
        "role": storable(received.role),
        "language": storable(received.language),
        "plan": storable(attributes.plan),
        "segment": storable(attributes.segment),
        "since": received.since,
        "company_id": company_id,
    }
    return {name: value for name, value in facts.items() if value not in ("", None)}
