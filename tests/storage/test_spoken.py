"""Who said what of which ticket is stored as the pieces, pairs and people have it, in any order of acts."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import delete, select, text

from bot.domain.feedback import Exclusion, ReceivedCompany, ReceivedPerson
from bot.domain.match import AUTOMATIC, MatchState
from bot.repositories import Attributes, UnitOfWork
from bot.storage import tables
from bot.storage.database import Database
from bot.storage.migrations.spoken_at_0014 import FILL
from tests.storage.rows import HOUR, NOON, conversation, decide, draft, piece, ticket, turn

WHO, HERE, WHICH, ABOUT = st.integers(0, 2), st.integers(0, 1), st.integers(0, 1), st.integers(0, 2)
STATES = st.sampled_from(MatchState)


class Store(RuleBasedStateMachine):
    """Any order of what may happen to a few conversations, people and pairs."""

    def __init__(self, database: Database) -> None:
        super().__init__()
        self.database = database

    @initialize()
    def begin(self) -> None:
        with self.database.engine.begin() as connection:
            for table in reversed(tables.metadata.sorted_tables):
                connection.execute(delete(table))
        with self.database.work() as unit:
            self.tickets = [ticket(unit, str(n)).id for n in range(3)]
            unit.commit()
        self.pieces: dict[int, list[int]] = {}
        for where in (0, 1):
            self.hear(who=where, where=where, asks=2, hours=0)

    @rule(who=WHO, where=HERE, asks=st.integers(0, 2), hours=WHICH)
    def hear(self, who: int, where: int, asks: int, hours: int) -> None:
        with self.database.work() as unit:
            about = conversation(person(unit, who), turn(), external_id=f"c{where}")
            stored, _ = unit.conversations.save(about, NOON)
            drafts = [draft(n + 1, said_at=NOON + hours * HOUR) for n in range(asks)]
            self.pieces[where] = [one.id for one in unit.pieces.put(stored.id, drafts, NOON)]
            unit.commit()

    @rule(who=WHO, where=HERE, asks=st.integers(1, 2), why=st.sampled_from(Exclusion))
    def hear_what_is_set_aside(self, who: int, where: int, asks: int, why: Exclusion) -> None:
        with self.database.work() as unit:
            stored, _ = unit.conversations.save(
                conversation(person(unit, who), external_id=f"c{where}"), NOON
            )
            drafts = [draft(n + 1, excluded=why) for n in range(asks)]
            self.pieces[where] = [one.id for one in unit.pieces.put(stored.id, drafts, NOON)]
            unit.commit()

    @rule(where=HERE, which=WHICH, about=ABOUT, state=STATES, is_automatic=st.booleans())
    def pair(self, where: int, which: int, about: int, state: MatchState, is_automatic: bool) -> None:
        with self.database.work() as unit:
            for one in self.pieces.get(where, [])[which : which + 1]:
                decide(unit, one, self.tickets[about], state, AUTOMATIC if is_automatic else "U1")
            unit.commit()

    @rule(where=HERE, which=WHICH, kept=st.none() | ABOUT)
    def withdraw(self, where: int, which: int, kept: int | None) -> None:
        keep = None if kept is None else self.tickets[kept]
        with self.database.work() as unit:
            for one in self.pieces.get(where, [])[which : which + 1]:
                unit.matches.withdraw_automatic(one, keep=keep, now=NOON)
            unit.commit()

    @rule(where=HERE, which=WHICH, why=st.sampled_from([None, *Exclusion]))
    def set_aside(self, where: int, which: int, why: Exclusion | None) -> None:
        with self.database.work() as unit:
            for one in self.pieces.get(where, [])[which : which + 1]:
                unit.pieces.exclude(one, why)
            unit.commit()

    @rule(who=WHO, employer=WHICH)
    def employ(self, who: int, employer: int) -> None:
        with self.database.work() as unit:
            received = ReceivedCompany(external_id=f"k{employer}", name="")
            company = unit.people.company("zendesk", received, Attributes(), NOON)
            person(unit, who, company_id=company.id)
            unit.commit()

    @rule(one=WHO, other=WHO)
    def merge(self, one: int, other: int) -> None:
        """Two who turn out to have one address are one person."""
        with self.database.work() as unit:
            for who in (one, other):
                person(unit, who, email=f"{one}{other}@acme.example")
            received = ReceivedPerson(external_id=f"p{one}", email=f"{one}{other}@acme.example")
            unit.people.person("zendesk", received, None, Attributes(), NOON)
            unit.commit()

    @invariant()
    def the_database_keeps_what_it_would_make_anew(self) -> None:
        rows = select(tables.spoken).order_by(tables.spoken.c.feedback_id)
        with self.database.engine.begin() as connection:
            kept = connection.execute(rows).all()
            connection.execute(delete(tables.spoken))
            connection.execute(text(FILL))
            made = connection.execute(rows).all()

        assert kept == made


def person(unit: UnitOfWork, who: int, *, company_id: int | None = None, email: str = "") -> int:
    received = ReceivedPerson(external_id=f"p{who}", email=email)
    return unit.people.person("zendesk", received, company_id, Attributes(), NOON).id


def test_what_is_counted_follows_every_change_in_any_order(database: Database) -> None:
    run_state_machine_as_test(
        lambda: Store(database),  # type: ignore[arg-type] # a factory will do
        settings=settings(max_examples=25, stateful_step_count=20, deadline=None),
    )


def test_a_piece_that_is_erased_is_counted_no_more(database: Database) -> None:
    with database.work() as unit:
        erased, left = piece(unit, "c1").id, piece(unit, "c2", said_at=NOON - timedelta(days=1)).id
        unit.commit()

    with database.engine.begin() as connection:
        connection.execute(delete(tables.feedback).where(tables.feedback.c.id == erased))
        kept = list(connection.scalars(select(tables.spoken.c.feedback_id)))

    assert kept == [left]


def test_a_proposal_that_is_withdrawn_waits_no_more(database: Database) -> None:
    with database.work() as unit:
        one, about = piece(unit).id, ticket(unit).id
        decide(unit, one, about, MatchState.SUGGESTED, AUTOMATIC)
        before = unit.insights.proposed(limit=9)

        unit.matches.withdraw_automatic(one, keep=None, now=NOON)

        assert (before, unit.insights.proposed(limit=9)) == ([one], [])
