"""The verbs that act: add with its undo, attach and unlink."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.feedback import ContextFact
from integrations.slack.blocks import ids
from tests.handlers.world import ANNA, BEN, PRODUCT, World


def last(world: World) -> dict[str, Any]:
    return dict(world.slack.space.ephemerals[-1])


def test_what_is_added_is_a_piece_as_any_other_with_who_recorded_it(world: World) -> None:
    world.piece("It is slow today.", person="1", company="Acme")

    said = world.says(ANNA, "add “The export doesn’t keep my rows.” for acme")

    with world.context.reading() as unit:
        voice = unit.pieces.voice(2)
    assert "Recorded for Acme" in said
    assert "The export doesn’t keep my rows." in said
    assert "No ticket yet" in said
    assert (voice.source, voice.inbox, voice.words) == (
        "by hand",
        "product",
        "The export doesn’t keep my rows.",
    )
    assert voice.person.company is not None
    assert voice.person.company.id == 1
    assert voice.context == (ContextFact("recorded_by", ANNA, "by hand"),)
    assert "match" in world.queue.names()


def test_customers_are_known_by_name_and_address_and_new_ones_are_kept(world: World) -> None:
    for who in ('"Ann Lee"', "Ann Lee", "bob@carol.example", "bob@carol.example"):
        world.says(ANNA, f'add "The export keeps losing rows {len(who)}." for {who}')
    world.says(ANNA, 'add "Nobody knows who said this."')
    world.says(ANNA, 'add "Nobody knows who said that."')

    with world.context.reading() as unit:
        people = [unit.pieces.voice(n).person for n in range(1, 7)]
    assert [p.name for p in people] == ["Ann Lee", "Ann Lee", "", "", "", ""]
    assert people[0].id == people[1].id
    assert people[2].id == people[3].id
    assert len({p.id for p in people}) == 4


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("add", "What was said? Say for example"),
        ("add The export drops rows", "Put what the customer said in quotes"),
        ('add "The export drops rows" Acme', "After the quotation comes only `for` and a customer"),
        ('add "The export drops rows" for', "After the quotation comes only `for` and a customer"),
        ('add "The export drops rows', "has no end"),
        ('add "…"', "There are no words in that to record"),
        ('add "Hello"', "a greeting or a number alone says nothing"),
        ('add "The export drops rows" for acm', "“acm” may be several customers: “Acme"),
        ("attach #1", "What to which ticket?"),
        ("attach nonsense FLD-1", "“nonsense” is no item. An item is a piece’s number such as #123"),
        ("attach #99 FLD-1", "Nothing is known as “#99”."),
        ("attach #1 FLD-9", "No ticket FLD-9 is known."),
        ("unlink", "What is to be unlinked?"),
        ("unlink #1", "#1 is attached to no ticket"),
        ("unlink voc:zendesk:none:1", "Nothing is known as"),
    ],
)
def test_what_cannot_be_done_says_why_and_changes_nothing(world: World, typed: str, said: str) -> None:
    world.piece("It is slow today.", person="1", company="Acme East")
    world.piece("It is fast today.", person="2", company="Acme West")

    assert said in world.says(ANNA, typed)
    with world.context.reading() as unit:
        assert unit.pieces.counts()["pieces"] == 2
        assert unit.pieces.counts()["attached"] == 0


def test_undo_takes_it_back_in_place(world: World) -> None:
    world.says(BEN, 'add "The export drops rows."')
    recorded = last(world)

    world.presses(BEN, recorded, ids.ADD_UNDO, PRODUCT)
    said = last(world)["text"]
    found = world.says(BEN, "search export")

    assert said.startswith("Taken back.")
    assert "Nothing was read yet" in found


def test_a_piece_is_attached_and_unlinked_by_number_key_and_address(world: World) -> None:
    world.ticket("FLD-1", "Export")
    piece = world.piece("The export drops rows.")
    with world.context.reading() as unit:
        voice = unit.pieces.voice(piece)
    key = f"voc:zendesk:{voice.external_id}:1"

    said = [world.says(ANNA, f"attach #{piece} fld-1")]
    states = [world.states(piece)]
    ticket = "https://acme.atlassian.net/browse/FLD-1"
    for typed in (f"unlink {key}", f"attach {voice.url} {ticket}", f"unlink {piece}"):
        said.append(world.says(BEN, typed))
        states.append(world.states(piece))

    assert f"It is attached to FLD-1, by <@{ANNA}>." in said[0]
    assert [s["FLD-1"] for s in states] == ["attached", "detached", "attached", "detached"]
    assert "It has no ticket now." in said[1]
    assert "annotate" in world.queue.names()
