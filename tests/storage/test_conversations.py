"""What the repository of conversations promises, on both databases."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.feedback import AuthorRole, ContextFact, Rating
from bot.domain.quote import Redaction
from bot.storage import tables
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, conversation, somebody, turn


def revisions(database: Database) -> list[tuple[str, int, str]]:
    query = select(tables.turn.c.external_id, tables.turn.c.revision, tables.turn.c.original)
    with database.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(query.order_by(tables.turn.c.id))]


def test_a_stored_conversation_reads_back_as_it_was_given(database: Database) -> None:
    with database.work() as unit:
        given = conversation(
            somebody(unit),
            turn("t1", "Hello", redactions=(Redaction(0, 2, "name"),)),
            turn("t2", "Hi", role=AuthorRole.AGENT, said_at=NOON + HOUR, public=False),
            subject="Crash",
            url="https://example.test/1",
            channel="e-mail",
            inbox="Support",
            tags=("a", "b"),
            language="en",
            rating=Rating(2, 5, "meh"),
            context=(ContextFact("device", "Phone", "custom field"),),
        )
        saved, changed = unit.conversations.save(given, NOON)
        unit.commit()

    with database.work() as unit:
        read = unit.conversations.get(saved.id)
        found = unit.conversations.find("zendesk", "c1")

    assert changed
    assert read == saved == found
    assert read.tags == ("a", "b")
    assert read.rating == Rating(2, 5, "meh")
    assert [(t.external_id, t.text, t.role, t.public) for t in read.turns] == [
        ("t1", "Hello", AuthorRole.CUSTOMER, True),
        ("t2", "Hi", AuthorRole.AGENT, False),
    ]
    assert read.turns[0].redactions == (Redaction(0, 2, "name"),)


def test_an_unknown_conversation_is_a_key_error_or_none(database: Database) -> None:
    with database.work() as unit:
        assert unit.conversations.find("zendesk", "none") is None
        with pytest.raises(KeyError):
            unit.conversations.get(4711)


def test_the_same_again_changes_nothing(database: Database) -> None:
    with database.work() as unit:
        given = conversation(somebody(unit), turn("t1", "nul \x00 and half a pair \ud83d"), tags=("a\x00",))
        first, _ = unit.conversations.save(given, NOON)

        again, changed = unit.conversations.save(given, NOON + HOUR)

    assert not changed
    assert again == first
    assert first.turns[0].text == "nul � and half a pair �"


@pytest.mark.parametrize(
    ("what", "value"),
    [
        ("tags", ("b",)),
        ("rating", Rating(1, 5)),
        ("inbox", "Billing"),
        ("turns", (turn(text="It hangs"),)),
        ("turns", (turn(role=AuthorRole.AGENT),)),
    ],
)
def test_a_changed_turn_tag_rating_or_inbox_is_told(database: Database, what: str, value: Any) -> None:
    with database.work() as unit:
        given = conversation(somebody(unit))
        unit.conversations.save(given, NOON)

        _, changed = unit.conversations.save(replace(given, **{what: value}), NOON)

    assert changed


def test_a_new_time_of_change_alone_is_stored_but_not_told(database: Database) -> None:
    with database.work() as unit:
        person_id = somebody(unit)
        unit.conversations.save(conversation(person_id), NOON)

        again, changed = unit.conversations.save(conversation(person_id, updated_at=NOON + HOUR), NOON)

    assert not changed
    assert again.updated_at == NOON + HOUR


def test_an_edited_turn_gets_a_new_revision_and_keeps_the_old(database: Database) -> None:
    with database.work() as unit:
        person_id = somebody(unit)
        unit.conversations.save(conversation(person_id, turn("t1", "one"), turn("t2", "two")), NOON)
        edited = conversation(person_id, turn("t1", "one!"), turn("t2", "two"))

        stored, _ = unit.conversations.save(edited, NOON)
        unit.commit()

    assert [(t.text, t.revision) for t in stored.turns] == [("one!", 2), ("two", 1)]
    assert revisions(database) == [
        ("t1", 1, "<p>one</p>"),
        ("t2", 1, "<p>two</p>"),
        ("t1", 2, "<p>one!</p>"),
    ]


def test_a_redaction_overwrites_every_revision(database: Database) -> None:
    with database.work() as unit:
        person_id = somebody(unit)
        for text in ("call 555 0100", "call me on 555 0100"):
            unit.conversations.save(conversation(person_id, turn(text=text)), NOON)

        _, changed = unit.conversations.save(
            conversation(person_id, turn(text="call me on ▇", redacted=True)), NOON
        )
        _, again = unit.conversations.save(
            conversation(person_id, turn(text="call me on ▇", redacted=True)), NOON
        )
        unit.commit()

    assert (changed, again) == (True, False)
    assert revisions(database) == [("t1", 1, "<p>call me on ▇</p>"), ("t1", 2, "<p>call me on ▇</p>")]


def test_a_missing_turn_leaves_the_view_but_not_the_store(database: Database) -> None:
    with database.work() as unit:
        person_id = somebody(unit)
        both = conversation(person_id, turn("t1", "one"), turn("t2", "two"))
        unit.conversations.save(both, NOON)

        fewer, changed = unit.conversations.save(conversation(person_id, turn("t2", "two")), NOON)
        back, came_back = unit.conversations.save(both, NOON)
        unit.commit()

    assert changed
    assert [t.external_id for t in fewer.turns] == ["t2"]
    assert came_back
    assert [t.external_id for t in back.turns] == ["t1", "t2"]
    assert len(revisions(database)) == 2


def test_missing_turns_stay_where_the_source_shows_only_the_newest(database: Database) -> None:
    with database.work() as unit:
        person_id = somebody(unit)
        unit.conversations.save(conversation(person_id, turn("t1", "one")), NOON)
        newest = turn("t2", "two", said_at=NOON + HOUR)

        stored, _ = unit.conversations.save(conversation(person_id, newest, keep_missing_turns=True), NOON)

    assert [t.external_id for t in stored.turns] == ["t1", "t2"]


def test_a_conversation_that_was_gone_is_back(database: Database) -> None:
    with database.work() as unit:
        person_id = somebody(unit)
        stored, _ = unit.conversations.save(conversation(person_id), NOON)

        gone = unit.conversations.mark_gone("zendesk", ["c1", "unknown"], NOON)
        again = unit.conversations.mark_gone("zendesk", ["c1"], NOON)
        counts = unit.conversations.count(), unit.conversations.external_ids("zendesk")
        unit.conversations.save(conversation(person_id), NOON)

        assert (gone, again) == ([stored.id], [])
        assert counts == (0, [])
        assert not unit.conversations.get(stored.id).gone
        assert unit.conversations.count("zendesk") == 1


def test_external_ids_are_listed_in_pages(database: Database) -> None:
    with database.work() as unit:
        person_id = somebody(unit)
        for name in "dacb":
            unit.conversations.save(conversation(person_id, external_id=name), NOON)

        first = unit.conversations.external_ids("zendesk", limit=3)
        rest = unit.conversations.external_ids("zendesk", after=first[-1])

    assert (first, rest) == (["a", "b", "c"], ["d"])


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(words=st.text(st.characters(), max_size=60))
def test_any_text_is_stored_with_every_character_in_its_place(database: Database, words: str) -> None:
    with database.work() as unit:
        person_id = somebody(unit)
        given = conversation(person_id, turn(text=words), subject=words, tags=(words,))

        stored, _ = unit.conversations.save(given, NOON)
        _, changed = unit.conversations.save(given, NOON)

    assert not changed
    assert len(stored.turns[0].text) == len(words)
    kept = [(a, b) for a, b in zip(words, stored.turns[0].text, strict=True) if a != b]
    assert all(a == "\x00" or "\ud800" <= a <= "\udfff" for a, _ in kept)
