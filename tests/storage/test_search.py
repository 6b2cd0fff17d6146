"""Full text on both databases: in step with the pieces, in any language, whatever is typed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from bot.domain.feedback import Exclusion, ReceivedCompany, ReceivedPerson
from bot.domain.match import MatchState
from bot.domain.search import Among
from bot.repositories import Attributes, UnitOfWork
from bot.storage.database import Database
from bot.storage.schema import downgrade, migrate
from bot.storage.words import index_terms
from tests.storage.rows import HOUR, NOON, conversation, decide, draft, piece, somebody, ticket, turn

ANYTHING = Among()


def found(unit: UnitOfWork, typed: str, among: Among = ANYTHING, *, is_any: bool = False) -> list[int]:
    """Return the pieces that hold the words that are typed."""
    return unit.search.holding(typed.split(), among, limit=10, is_any=is_any)


def said(unit: UnitOfWork, words: str, name: str = "", **more: object) -> int:
    return piece(unit, name or words, words, **more).id


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        ("The export drops rows", "exports"),
        ("Der Ärger mit dem Zurücksetzen", "arger zurucksetzen"),
        ("Der Aerger", "AERGER"),
        ("導出データが消える", "データ"),
        ("It can't find 5.5mm screws", "cant screws"),
        ("L’année dernière", "annee"),
    ],
)
def test_words_are_found_in_any_form_case_and_accent(database: Database, words: str, typed: str) -> None:
    with database.work() as unit:
        wanted, _ = said(unit, words), said(unit, "Please add a dark mode")

        assert found(unit, typed) == [wanted]


def test_all_words_count_a_phrase_in_its_order_and_any_only_when_asked(database: Database) -> None:
    with database.work() as unit:
        both = said(unit, "dark mode in the app")
        turned = said(unit, "mode that is dark")
        one = said(unit, "dark colours")

        assert set(found(unit, "dark mode")) == {both, turned}
        assert unit.search.holding(["dark mode"], ANYTHING, limit=9) == [both]
        assert set(found(unit, "dark mode", is_any=True)) == {both, turned, one}
        assert unit.search.holding([], ANYTHING, limit=9) == []


def test_the_piece_that_says_it_most_comes_first_and_the_newest_of_equals(database: Database) -> None:
    with database.work() as unit:
        long = said(
            unit, "the export is one of many things that I would like to talk about with you some day"
        )
        first, second = said(unit, "export", "c1"), said(unit, "export", "c2")

        assert found(unit, "export") == [second, first, long]


def test_the_index_follows_every_change_of_a_piece(database: Database) -> None:
    with database.work() as unit:
        one = said(unit, "It crashes", "c1")
        unit.pieces.exclude(one, Exclusion.NOT_FEEDBACK)
        aside = found(unit, "crashes")
        unit.pieces.exclude(one, None)
        back = found(unit, "crashes")
        stored = unit.conversations.find("zendesk", "c1")
        assert stored is not None
        new = turn(text="It freezes", original="It freezes")
        unit.conversations.save(conversation(stored.person_id, new), NOON)
        unit.pieces.put(stored.id, [draft(text="It freezes")], NOON)
        edited = found(unit, "crashes"), found(unit, "freezes")
        unit.pieces.put(stored.id, [], NOON)

        assert (aside, back, edited) == ([], [one], ([], [one]))
        assert found(unit, "freezes") == []
        assert indexed(unit) == 0


def indexed(unit: UnitOfWork) -> int:
    """Return how many pieces the index holds anything of."""
    connection = unit.search._connection  # type: ignore[attr-defined]
    return int(connection.execute(text("SELECT count(*) FROM piece_words")).scalar_one())


def test_filters_leave_out_what_does_not_count(database: Database) -> None:
    with database.work() as unit:
        company = unit.people.company(
            "zendesk", ReceivedCompany(external_id="a", name="Acme"), Attributes(segment="Mid Market"), NOON
        )
        ann = unit.people.person(
            "zendesk", ReceivedPerson(external_id="ann"), company.id, Attributes(), NOON
        ).id
        stored, _ = unit.conversations.save(conversation(ann, turn(text="export")), NOON)
        acme = unit.pieces.put(stored.id, [draft(text="export")], NOON)[0].id
        other = said(unit, "export", "c2", said_at=NOON + HOUR)
        decide(unit, other, ticket(unit).id, MatchState.ATTACHED, "U1")
        expected = {
            Among(): [other, acme],
            Among(since=NOON + HOUR): [other],
            Among(until=NOON + HOUR): [acme],
            Among(source="Zendesk"): [other, acme],
            Among(source="intercom"): [],
            Among(segment="mid market"): [acme],
            Among(project="app"): [other],
            Among(companies=(company.id,)): [acme],
            Among(companies=()): [],
            Among(source="zendesk", segment="Mid Market", project="APP"): [],
        }

        for among, pieces in expected.items():
            assert sorted(found(unit, "export", among)) == sorted(pieces), among
            assert unit.search.within([other, acme], among) == pieces, among
            assert sorted(unit.search.few(among, 2) or []) == sorted(pieces), among
        assert unit.search.few(Among(), 1) is None
        assert [unit.search.known(what) for what in ("source", "segment", "project")] == [
            ["zendesk"],
            ["Mid Market"],
            ["APP"],
        ]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(min_size=1, max_size=30), min_size=1, max_size=4), st.booleans())
@example(['" OR NEAR(* -^:{}'], False)
@example(["a'b\\ & | ! <-> :* ()"], True)
@example(["\x00\ud800½ﬁ𝓐ʼ"], False)
def test_no_words_break_either_database_and_what_is_stored_is_found(
    database: Database, typed: Sequence[str], is_any: bool
) -> None:
    with database.work() as unit:
        wanted = said(unit, " ".join(typed), "c1")

        holding = unit.search.holding(typed, ANYTHING, limit=9, is_any=is_any)

    assert holding == ([wanted] if any(map(index_terms, typed)) else [])


def test_pieces_are_paged_by_id_with_their_words_hashes(database: Database) -> None:
    with database.work() as unit:
        one, two, three = (said(unit, words) for words in ("a b", "c d", "e f"))
        unit.pieces.exclude(two, Exclusion.STAFF)

        assert unit.search.page(0, 1) == [(one, "a b")]
        assert unit.search.page(one, 9) == [(three, "e f")]
        assert unit.search.words([three, one, 99]) == {one: "a b", three: "e f"}


def test_what_was_stored_before_is_found_after_the_migration(database: Database) -> None:
    downgrade(database.engine, "0009")
    with database.engine.begin() as connection:
        for statement in OLDER:
            connection.execute(text(statement))

    migrate(database.engine)

    with database.reading() as unit:
        assert found(unit, "crashes") == [1]
        assert unit.search.page(0, 9) == [(1, "h")]
        assert [n.name for n in unit.names.called("ZOE")] == ["Zoë"]


_CONVERSATION = (
    "INSERT INTO conversation (id, source, external_id, person_id, created_at, updated_at, subject, url, "
    "channel, inbox, tags, language, context, gone, arrived_at) VALUES (1, 's', 'c', 1, '{at}', '{at}', '', "
    "'', '', '', '[]', 'en', '[]', false, '{at}')"
)
_TURN = (
    "INSERT INTO turn (id, conversation_id, external_id, revision, position, role, said_at, original, text, "
    "redactions, public, newest, dropped) VALUES "
    "(1, 1, 't', 1, 0, 'customer', '{at}', '', 'Hi. It crashes.', '[]', true, true, false)"
)
_PIECE = (
    "INSERT INTO feedback (id, conversation_id, ordinal, turn_id, spans, said_at, words_hash, excluded, due, "
    "arrived_at) VALUES ({n}, 1, {n}, 1, '[[4, 15]]', '{at}', 'h', {excluded}, false, '{at}')"
)
AT = (NOON - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S.000000")
OLDER = [
    "INSERT INTO person (id, name, role, language, plan, segment) VALUES (1, 'Zoë', '', '', '', '')",
    _CONVERSATION.format(at=AT),
    _TURN.format(at=AT),
    _PIECE.format(at=AT, n=1, excluded="NULL"),
    _PIECE.format(at=AT, n=2, excluded="'own staff'"),
]


def test_customers_are_found_by_name_address_parts_and_likeness(database: Database) -> None:
    with database.work() as unit:
        acme = unit.people.company(
            "zendesk", ReceivedCompany(external_id="a", name="Acmé Industries"), Attributes(), NOON
        ).id
        ann = somebody(unit, "p1", "ann@acme.example")
        unit.people.person(
            "zendesk", ReceivedPerson(external_id="z", name="Zoë Acker"), None, Attributes(), NOON
        )

        def called(name: str) -> list[str]:
            return [one.name for one in unit.names.called(name)]

        assert called("acme INDUSTRIES") == called("industries acm") == ["Acmé Industries"]
        assert [(n.kind, n.id) for n in unit.names.called("Ann@Acme.example")] == [("person", ann)]
        assert called("zoe acker") == ["Zoë Acker"]
        assert called("100%_") == called("") == called("  ") == []
        assert [n.name for n in unit.names.nearest("acme industires")] == ["Acmé Industries"]
        assert [n.name for n in unit.names.nearest("acme industires", ["person"])] == []
        assert unit.names.nearest("") == []
        assert unit.names.names("company", [acme, 99]) == {acme: "Acmé Industries"}


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(max_size=40))
def test_no_name_breaks_either_database(database: Database, name: str) -> None:
    with database.work() as unit:
        somebody(unit)

        for one in [*unit.names.called(name), *unit.names.nearest(name)]:
            assert one.name == "Ann"
