"""The verbs that read: search, ticket, customer, top, inbox, help."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.domain.feedback import Exclusion
from bot.domain.message import Notice
from bot.domain.route import Route, Routes
from bot.errors import AccessError
from bot.services.matching import StoredVectors
from bot.services.meanings import Meanings
from bot.services.search import Searcher
from handlers.commands.verbs import SHARED, VERBS
from integrations.slack.blocks import ids
from tests.fakes.embedder import FakeEmbedder
from tests.handlers.world import ANNA, BEN, OWNERS, PRODUCT, RULES, World, shown


@pytest.fixture
def shop(world: World) -> World:
    """Return a workspace with two tickets, and four pieces of three people at two companies."""
    export, dark = world.ticket("FLD-1", "Export all rows"), world.ticket("FLD-2", "Dark mode")
    for words, person, company, days, ticket in (
        ("The export drops rows after page one.", "1", "Acme", 3, export),
        ("Please export all the rows of my list.", "2", "Acme", 5, export),
        ("Export is broken, rows are missing.", "3", "Brandt & Söhne", 40, export),
        ("Please add a dark mode to the app.", "3", "Brandt & Söhne", 2, dark),
    ):
        piece = world.piece(words, person=person, company=company, days_ago=days)
        world.decide(piece, ticket, attached=ticket is export)
    return world


def last(world: World) -> dict[str, Any]:
    return dict(world.slack.space.ephemerals[-1])


def test_search_shows_words_who_and_the_ticket_and_leaves_out_what_is_set_aside(shop: World) -> None:
    with shop.context.work() as unit:
        unit.pieces.exclude(2, Exclusion.WITHDRAWN)
        unit.commit()

    said = shop.says(ANNA, "search exports rows")

    assert "Customers on “exports rows”" in said
    assert "2 pieces · by their words alone" in said
    assert "The export drops rows after page one." in said
    assert "Attached to \nFLD-1 Export all rows" in said
    assert "export all the rows of my list" not in said


def test_search_hides_private_data_as_everywhere(world: World) -> None:
    world.piece("The export sends rows to jane.roe@acme-freight.example, help.")

    said = world.says(ANNA, "search export")

    assert "[e-mail]" in said
    assert "jane.roe" not in said


def test_search_filters_by_day_company_and_project(shop: World) -> None:
    recent = shop.says(ANNA, "search export since:2026-11-01 source:zendesk")
    company = shop.says(ANNA, "search rows company:“brandt & sohne”")
    attached = shop.says(ANNA, "search rows project:FLD")

    assert "2 pieces" in recent
    assert "1 piece" in company
    assert "Export is broken" in company
    assert "3 pieces ·" in attached


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("search", "Which words?"),
        ("search export since:soon", "`since:soon` is no day. Write for example `since:30d`"),
        ("search export since:7d until:30d", "`since:` is not before `until:`"),
        ("search export sorce:zendesk", "Did you mean `source:`?"),
        ("search export company:Acne", "No company is called “Acne”. Near it: “Acme”."),
        ("search watches", "Nobody was heard saying anything like “watches”.\nTry other or fewer words."),
        ("search export source:zendsk", "No source is called “zendsk”. Known: `zendesk`"),
        ("ticket", "Which ticket?"),
        ("ticket dark mode", "Did you mean FLD-2 “Dark mode”?"),
        ("ticket FLD-9", "No ticket FLD-9 is known. Keys look like ABC-123."),
        ("customer", "Which customer?"),
        ("customer Nobody Atall", "Nobody called “Nobody Atall” has been heard of."),
        ("top by peple", "Did you mean `/voc top by people`?"),
        ("top tomorrow", "“tomorrow” is no period or ranking."),
        ("top 1d", "No ticket was heard of, last 1 day."),
        ("top 1 day", "No ticket was heard of, last 1 day."),
        ("top 9999y", "“9999y” is no period or ranking."),
        ("inbox now", "`/voc inbox` takes no words after it."),
        ("status now", "`/voc status` takes no words after it."),
        ("help serch", "Try `/voc help search`."),
        ("help xyzzy", "Try `/voc help`."),
    ],
)
def test_what_is_missing_or_mistyped_is_answered_with_what_to_do(shop: World, typed: str, said: str) -> None:
    assert said in shop.says(ANNA, typed)


@pytest.mark.parametrize(
    "named",
    ["https://acme.atlassian.net/browse/FLD-1", "<https://acme.atlassian.net/browse/FLD-1|FLD-1>", "#FLD-1."],
)
def test_a_ticket_is_known_by_its_address_too(shop: World, named: str) -> None:
    assert "FLD-1 Export" in shop.says(ANNA, f"ticket {named}").partition("\n")[0]


@pytest.mark.parametrize("named", ["https://other.atlassian.net/browse/FLD-1", "http://[/FLD-1"])
def test_an_address_elsewhere_is_no_ticket_of_ours(shop: World, named: str) -> None:
    assert f"No ticket {named} is known." in shop.says(ANNA, f"ticket {named}")


def test_meaning_finds_what_words_do_not(tmp_path: Path, handlers_template: Path) -> None:
    world = World(tmp_path, handlers_template)
    cache = StoredVectors(world.database.work, world.database.reading)
    held = Meanings(world.database.reading, world.clock, FakeEmbedder, cache, lambda load: load())
    try:
        world.piece("zzz zzzz zzzzz")
        object.__setattr__(world.context, "searcher", Searcher(world.database.reading, lambda: held))

        said = world.says(ANNA, "search zzzzzzz")
    finally:
        world.close()

    assert "1 piece" in said
    assert "by their words alone" not in said


def test_a_store_without_anything_says_so_and_where_to_look(world: World) -> None:
    assert "Nothing was read yet" in world.says(ANNA, "search export")
    assert "Nobody called “Acme” has been heard of." in world.says(ANNA, "customer Acme")
    assert "No ticket was heard of, last 7 days." in world.says(ANNA, "top")
    assert "Nothing waits for an answer." in world.says(ANNA, "inbox")
    assert "/voc ticket KEY" in world.says(ANNA, "help ticket")


def test_a_ticket_s_other_quotes_are_on_further_pages_each_once(world: World) -> None:
    ticket = world.ticket("FLD-1", "Export all rows")
    pieces = [
        world.piece(f"Row number {n} of the export is lost.", person=str(n), days_ago=n) for n in range(12)
    ]
    for piece in pieces:
        world.decide(piece, ticket, attached=True)

    said = world.says(ANNA, "ticket fld-1")
    for _ in range(2):
        world.presses(ANNA, last(world), f"{ids.SHOW}on", PRODUCT)
        said += shown(last(world)["blocks"])

    assert "12 people, 1 company" in said
    assert "Page 3 of 3" in said
    assert all(said.count(f"Row number {n} of the export is lost.") == 1 for n in range(12))


def test_a_customer_is_all_that_was_said_and_what_became_of_it(shop: World) -> None:
    said = shop.says(ANNA, "customer brandt")

    assert "Brandt & Söhne" in said
    assert "Team plan · EUR 1.2K a year" in said
    assert "Said: 2 pieces, 2 conversations and 1 person" in said.replace(", and", " and")
    assert "1 attached to tickets, 1 without a ticket" in said
    assert said.index("dark mode to the app") < said.index("Export is broken")
    assert "Proposed for \nFLD-2 Dark mode" in said


def test_several_of_a_name_and_near_names_are_offered_as_buttons(shop: World) -> None:
    shop.piece("I like it here very much.", person="9", company="Acme Freight")
    asked = shop.says(ANNA, "customer acm")
    question = last(shop)
    shop.presses(ANNA, question, f"{ids.SHOW}0", PRODUCT)
    chosen = shown(last(shop))
    near = shop.says(BEN, "customer Acmee")

    assert "Several customers are called something like “acm”." in asked
    assert "Acme Freight" in asked
    assert "Said: 2 pieces" in chosen
    assert "Did you mean one of these?" in near


def test_top_ranks_by_people_companies_and_revenue_side_by_side(shop: World) -> None:
    world_wide = shop.says(ANNA, "top 60d")
    one = shop.says(ANNA, "top 60d by revenue")

    assert [world_wide.count(h) for h in ("By people", "By companies", "By revenue")] == [1, 1, 1]
    assert "1. \nFLD-1 Export all rows\n (To do)\n · 3 people\n" in world_wide
    assert "1. \nFLD-1 Export all rows\n (To do)\n · 2 companies\n" in world_wide
    assert "1. \nFLD-1 Export all rows\n (To do)\n · 3 people, 2 companies (EUR 2.4K a year)" in one
    assert "1 ticket was heard of" in world_wide
    assert "revenue ranked in EUR" in one
    assert "By people" not in one


def test_a_ticket_that_one_company_carries_is_marked(world: World) -> None:
    ticket = world.ticket("FLD-1", "Export all rows")
    for n in range(3):
        world.decide(world.piece(f"Row {n} is lost.", person=str(n), days_ago=1), ticket, attached=True)

    assert "⚠ mostly from Acme" in world.says(ANNA, "top")


def test_the_inbox_counts_and_pages_what_waits_and_its_buttons_decide(shop: World) -> None:
    dark = shop.ticket("FLD-2", "Dark mode")
    for n in range(11):
        shop.decide(shop.piece(f"Dark colours number {n}, please.", person=f"d{n}", days_ago=n + 3), dark)
    said = shop.says(BEN, "inbox")
    message = last(shop)

    decided = shop.presses(BEN, message, ids.ATTACH, PRODUCT)
    shop.presses(BEN, message, ids.REVIEW, PRODUCT)

    assert "Review ten" in said
    assert "1 of 10" in shown(shop.modal(BEN))
    assert "12 proposals wait for an answer" in said
    assert "Page 1 of 2" in said
    assert said.count("Proposed for") == 10
    assert f"It is attached to FLD-2, by <@{BEN}>." in decided
    assert shop.states(4) == {"FLD-2": "attached"}
    assert "11 proposals wait" in shop.says(BEN, "inbox")


def test_a_review_in_a_channel_that_the_settings_name_is_of_its_proposals_alone(
    tmp_path: Path, handlers_template: Path
) -> None:
    other = Route(source="intercom", owner_channel="#product")
    routes = Routes((other, Route(projects=("FLD",), owner_channel="#voc")))
    world = World(tmp_path, handlers_template, rules=replace(RULES, routes=routes))
    world.decide(world.piece("The export drops rows."), world.ticket("FLD-1", "Export"))

    elsewhere = world.says(ANNA, "inbox", PRODUCT)
    there = world.says(ANNA, "inbox", OWNERS)

    assert "Review all" not in elsewhere
    assert "Review all" in there
    world.close()


def test_a_name_in_the_settings_that_is_no_channel_is_not_looked_for_at_each_press(
    tmp_path: Path, handlers_template: Path
) -> None:
    routes = Routes((Route(projects=("FLD",), owner_channel="#gone"),))
    world = World(tmp_path, handlers_template, rules=replace(RULES, routes=routes))
    world.decide(world.piece("The export drops rows."), world.ticket("FLD-1", "Export"))
    with pytest.raises(AccessError):
        world.context.presenter.messenger.post("#gone", Notice("Proposals wait."), key="1")
    before = world.sandbox.ledger.rows("slack")

    world.says(ANNA, "inbox")

    asked = [row["path"] for row in world.sandbox.ledger.rows("slack")[len(before) :]]
    assert "/api/conversations.list" not in asked
    world.close()


def test_every_verb_says_whether_it_may_be_shared_and_all_answers_are_private(shop: World) -> None:
    for verb in (
        "search export",
        "ticket FLD-1",
        "customer Acme",
        "top",
        "inbox",
        "help",
        "status",
    ):
        shop.says(ANNA, verb)

    assert VERBS.keys() >= SHARED
    assert shop.messages(PRODUCT) == []
    assert {m["user"] for m in shop.slack.space.ephemerals} == {ANNA}
    assert all(m["blocks"][-1]["elements"][-1]["action_id"] == ids.SHARE for m in shop.slack.space.ephemerals)


def test_answers_are_in_the_language_of_whoever_asks(shop: World) -> None:
    shop.slack.space.users[BEN]["locale"] = "de-DE"

    assert "15. Nov. 2026" in shop.says(BEN, "ticket FLD-1")
