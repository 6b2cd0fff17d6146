"""How people and companies are joined, on both databases."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.domain.customer import Company, Person, Revenue
from bot.domain.feedback import ReceivedCompany, ReceivedPerson
from bot.repositories import Attributes, UnitOfWork
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, conversation

REVENUE = Revenue(Decimal("1200.10"), "EUR")


def company(unit: UnitOfWork, external_id: str, *domains: str, source: str = "zendesk") -> Company:
    received = ReceivedCompany(external_id=external_id, name=external_id.title(), domains=domains)
    return unit.people.company(source, received, Attributes(), NOON)


def person(
    unit: UnitOfWork,
    external_id: str,
    email: str = "",
    source: str = "zendesk",
    company_id: int | None = None,
) -> Person:
    received = ReceivedPerson(external_id=external_id, email=email)
    return unit.people.person(source, received, company_id, Attributes(), NOON)


def test_a_company_is_known_by_its_id_then_by_its_domain(database: Database) -> None:
    with database.work() as unit:
        first = company(unit, "acme", "acme.test")
        unit.commit()
    with database.work() as unit:
        by_id = company(unit, "acme")
        by_domain = company(unit, "77", "ACME.test", source="intercom")
        other = company(unit, "globex", "globex.test")

    assert by_id.id == by_domain.id == first.id
    assert other.id != first.id
    assert by_domain.domains == ("acme.test",)


def test_a_public_mail_domain_makes_no_company(database: Database) -> None:
    with database.work() as unit:
        one = company(unit, "one", "gmail.com")
        two = company(unit, "two", "gmail.com")
        somebody = person(unit, "p", "ann@gmail.com")

    assert one.id != two.id
    assert one.domains == ()
    assert somebody.company is None


def test_what_a_source_says_later_is_brought_up_to_date_and_what_it_omits_stays(database: Database) -> None:
    acme = ReceivedCompany(external_id="acme", name="Acme")
    with database.work() as unit:
        told = Attributes(plan="Team", segment="SMB", revenue=REVENUE, origin="zendesk plan")
        unit.people.company("zendesk", acme, told, NOON)
        unit.commit()
    with database.work() as unit:
        silent = unit.people.company("zendesk", acme, Attributes(), NOON + HOUR)
        later = unit.people.company("zendesk", acme, Attributes(plan="Pro", origin="crm"), NOON + HOUR)

    assert (silent.plan, silent.segment, silent.revenue, silent.as_of) == ("Team", "SMB", REVENUE, NOON)
    assert (later.plan, later.revenue, later.origin, later.as_of) == ("Pro", REVENUE, "crm", NOON + HOUR)


def test_a_person_is_known_by_their_id_then_by_their_address(database: Database) -> None:
    with database.work() as unit:
        first = person(unit, "p1", "Ann@Acme.test")
        by_id = person(unit, "p1")
        by_address = person(unit, "x9", "ann@acme.test", source="intercom")
        other = person(unit, "p2")

    assert first.id == by_id.id == by_address.id != other.id


def test_a_person_without_a_company_works_where_their_address_says(database: Database) -> None:
    with database.work() as unit:
        early = person(unit, "p1", "ann@acme.test")
        acme = company(unit, "acme", "acme.test")
        late = person(unit, "p2", "bob@acme.test")
        named = person(unit, "p3", "eve@acme.test", company_id=company(unit, "globex").id)

        assert early.company is None
        assert late.company == acme
        assert named.company is not None
        assert named.company.name == "Globex"
        assert unit.people.get(late.id) == late


def test_two_who_turn_out_to_be_one_are_the_older_with_the_conversations_of_both(database: Database) -> None:
    with database.work() as unit:
        older = person(unit, "p1", "ann@acme.test")
        younger = person(unit, "x9", source="intercom")
        stored, _ = unit.conversations.save(conversation(younger.id), NOON)
        unit.commit()
    with database.work() as unit:
        one = person(unit, "x9", "ann@acme.test", source="intercom")

        assert one.id == older.id
        assert unit.conversations.get(stored.id).person_id == older.id
        assert person(unit, "x9", source="intercom").id == older.id
        with pytest.raises(KeyError):
            unit.people.get(younger.id)


def test_the_earliest_date_that_any_source_knows_is_kept(database: Database) -> None:
    with database.work() as unit:
        for source, since in (("zendesk", NOON), ("intercom", NOON - HOUR), ("zendesk", NOON + HOUR)):
            received = ReceivedPerson(external_id="p", email="a@b.test", since=since, role="Admin")
            known = unit.people.person(source, received, None, Attributes(plan="Free"), NOON)

    assert (known.since, known.role, known.plan) == (NOON - HOUR, "Admin", "Free")
