"""Numbers that the database adds up are those that the voices themselves give."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.domain.customer import Revenue
from bot.domain.feedback import Exclusion, ReceivedCompany, ReceivedPerson
from bot.domain.match import AUTOMATIC, MatchState
from bot.domain.search import Named
from bot.domain.standing import Ranking
from bot.domain.ticket import TicketStage
from bot.domain.voice import Voice
from bot.repositories import Attributes, UnitOfWork
from bot.services.annotation import annotation_of, reach_of
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, conversation, decide, draft, ticket, turn

DAY = timedelta(days=1)
EVER = (NOON - 900 * DAY, NOON + DAY)


def speaker(unit: UnitOfWork, number: int) -> int:
    """Store a person; some have no employer, one employer no revenue, one pays in dollars."""
    if number % 4 == 0:
        company_id = None
    else:
        name = f"C{number % 5}"
        currency = "USD" if number % 5 == 1 else "EUR"
        revenue = None if number % 5 == 2 else Revenue(Decimal(f"{number % 5}00.25"), currency)
        received = ReceivedCompany(external_id=name, name=name)
        company_id = unit.people.company("zendesk", received, Attributes(revenue=revenue), NOON).id
    return unit.people.person(
        "zendesk", ReceivedPerson(external_id=f"p{number}", name=f"P{number}"), company_id, Attributes(), NOON
    ).id


@pytest.fixture
def filled(database: Database) -> Database:
    """Return a store of forty pieces of three tickets, said over a hundred days, some set aside."""
    draw = random.Random(20261126)
    with database.work() as unit:
        tickets = [
            ticket(unit, str(n), stage=TicketStage.DONE if n == 1 else TicketStage.OPEN) for n in range(3)
        ]
        for number in range(40):
            said_at = NOON - draw.randrange(0, 100 * 24) * HOUR
            stored, _ = unit.conversations.save(
                conversation(
                    speaker(unit, draw.randrange(12)), turn(text="It crashes"), external_id=f"c{number}"
                ),
                NOON,
            )
            [one] = unit.pieces.put(stored.id, [draft(said_at=said_at)], NOON)
            state = draw.choice([MatchState.ATTACHED] * 3 + [MatchState.SUGGESTED, MatchState.REJECTED])
            decide(unit, one.id, draw.choice(tickets).id, state, "U1")
            if number % 9 == 0:
                unit.pieces.exclude(one.id, Exclusion.STAFF)
        unit.commit()
    return database


def within(voices: list[Voice], start: datetime, end: datetime) -> list[Voice]:
    return [voice for voice in voices if start <= voice.said_at < end]


def ranking(loudness: dict[int, tuple[Decimal | int, ...]]) -> list[int]:
    """Return the tickets with any of it: loudest first, then by people and pieces, then by id."""
    any_ = [n for n, (most, *_) in loudness.items() if most]
    return sorted(any_, key=lambda n: (*(-size for size in loudness[n]), n))


@pytest.mark.parametrize("days", [7, 30, 900])
def test_the_loudest_tickets_of_a_period_are_those_whose_voices_are(filled: Database, days: int) -> None:
    period = (NOON - days * DAY, NOON + DAY)
    with filled.reading() as unit:
        voices = {n: within(unit.matches.attached_to(n), *period) for n in (1, 2, 3)}
        reach = {n: reach_of(said) for n, said in voices.items() if said}
        sizes = {n: (one.people, len(voices[n])) for n, one in reach.items()}
        euros = {n: sum(r.amount for r in one.revenue if r.currency == "EUR") for n, one in reach.items()}

        loudest = unit.insights.loudest(period, list(Ranking), 2, "EUR")

        assert loudest.tickets == len(reach)
        assert loudest.places == {
            Ranking.PEOPLE: ranking({n: (one.people, *sizes[n]) for n, one in reach.items()})[:2],
            Ranking.COMPANIES: ranking({n: (one.companies, *sizes[n]) for n, one in reach.items()})[:2],
            Ranking.REVENUE: ranking({n: (euros[n], *sizes[n]) for n in reach})[:2],
        }
        assert dict(unit.insights.reach([1, 2, 3, 99], period)) == reach


@pytest.mark.parametrize("days", [7, 30, 900])
def test_the_two_companies_that_said_most_are_named_and_the_others_counted(
    filled: Database, days: int
) -> None:
    period = (NOON - days * DAY, NOON + DAY)
    with filled.reading() as unit:
        voices = {n: within(unit.matches.attached_to(n), *period) for n in (1, 2, 3)}
        said = {n: Counter(v.person.company.name for v in of if v.person.company) for n, of in voices.items()}
        most = {n: sorted(by.items(), key=lambda c: (-c[1], c[0]))[:2] for n, by in said.items() if by}

        speakers = unit.insights.speakers([1, 2, 3, 99], period)

        others = {n: len(voices[n]) - sum(pieces for _, pieces in two) for n, two in most.items()}
        assert speakers == {n: {"": others[n], **dict(two)} for n, two in most.items()}


def test_a_ticket_s_numbers_are_those_of_its_annotation(filled: Database) -> None:
    with filled.reading() as unit:
        for number in (1, 2, 3):
            about, voices = unit.tickets.get(number), unit.matches.attached_to(number)
            said = annotation_of(about, voices, NOON)
            weeks = [(NOON - n * 7 * DAY, NOON - (n - 1) * 7 * DAY) for n in range(20)]

            assert unit.insights.reach([number])[number] == said.reach
            assert unit.insights.newcomers(number, NOON - 30 * DAY) == said.new_this_month
            assert unit.insights.told(number) == (len(voices), said.first_heard, said.last_heard)
            assert unit.insights.weekly(number, weeks) == [len(within(voices, *week)) for week in weeks]
            newest_first = [voice.feedback_id for voice in voices]
            assert unit.insights.of_ticket(number, limit=5, offset=2) == newest_first[2:7]


def test_a_customer_s_record_counts_all_that_was_said_and_what_became_of_it(filled: Database) -> None:
    with filled.reading() as unit:
        everything = [
            v for v in unit.pieces.heard(*EVER) if v.person.company and v.person.company.name == "C1"
        ]
        everything.sort(key=lambda v: (v.said_at, v.feedback_id), reverse=True)
        tickets = unit.matches.tickets_of([v.feedback_id for v in everything])
        customer = unit.names.called("c1", ["company"])[0]
        person = Named("person", everything[0].person.id, "")

        record = unit.insights.record(customer)

        assert (record.pieces, record.conversations) == (len(everything), len(everything))
        assert record.people == len({v.person.id for v in everything})
        assert record.attached == len(tickets)
        assert record.done == sum(unit.tickets.get(t).stage is TicketStage.DONE for t in tickets.values())
        assert (record.last, record.first) == (everything[0].said_at, everything[-1].said_at)
        found = unit.insights.of_customer(customer, limit=99)
        assert found == [v.feedback_id for v in everything]
        assert unit.insights.of_customer(person, limit=99) == [
            v.feedback_id for v in everything if v.person.id == person.id
        ]
        assert unit.insights.record(Named("person", 999, "")).pieces == 0


def test_what_waits_for_an_answer_is_counted_and_paged_newest_words_first(filled: Database) -> None:
    with filled.reading() as unit:
        standing = unit.insights.standing([v.feedback_id for v in unit.pieces.heard(*EVER)])
        waiting = [piece for piece, pair in standing.items() if pair.state is MatchState.SUGGESTED]
        voices = sorted(unit.pieces.voices(waiting), key=lambda v: (v.said_at, v.feedback_id), reverse=True)
        expected = [voice.feedback_id for voice in voices]

        assert expected
        assert unit.insights.count_proposed() == len(expected)
        assert unit.insights.proposed(limit=99) == expected
        assert unit.insights.proposed(limit=2, offset=1) == expected[1:3]
        assert {pair.state for pair in standing.values()} == {MatchState.ATTACHED, MatchState.SUGGESTED}


def test_an_attached_pair_stands_before_a_proposed_one(database: Database) -> None:
    with database.work() as unit:
        first, second = ticket(unit, "1"), ticket(unit, "2")
        stored, _ = unit.conversations.save(conversation(speaker(unit, 1)), NOON)
        [one] = unit.pieces.put(stored.id, [draft()], NOON)
        decide(unit, one.id, first.id, MatchState.ATTACHED, AUTOMATIC)
        decide(unit, one.id, second.id, MatchState.SUGGESTED, AUTOMATIC)

        assert unit.insights.standing([one.id])[one.id].ticket_id == first.id


def test_the_main_currency_is_that_of_most_companies(filled: Database) -> None:
    with filled.reading() as unit:
        assert unit.insights.main_currency() == "EUR"


def test_an_empty_store_has_no_numbers(database: Database) -> None:
    with database.reading() as unit:
        assert unit.insights.main_currency() == ""
        assert unit.insights.loudest(EVER, list(Ranking), 5, "EUR") == (0, {one: [] for one in Ranking})
        assert unit.insights.speakers([1], EVER) == {}
        assert unit.insights.told(1) is None
        assert unit.insights.reach([1]) == {}
        assert unit.insights.weekly(1, [EVER]) == [0]
        assert (unit.insights.count_proposed(), unit.insights.proposed(limit=3)) == (0, [])
