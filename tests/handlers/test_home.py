"""App Home: what waits, new voices, digests, sources, and settings for admins alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.services.review import attach
from integrations.slack.blocks import ids
from tests.handlers.test_sessions import block_of
from tests.handlers.test_sessions import press as press_in_session
from tests.handlers.world import ANNA, BEN, NOW, OWNERS, PRODUCT, World, shown


def home(world: World, user: str) -> str:
    """Open the tab and return what it shows."""
    world.slack.talking.open_home(user)
    world.hears()
    return shown(tab(world, user))


def tab(world: World, user: str) -> dict[str, Any]:
    return dict(world.slack.space.views[world.slack.space.homes[user]])


def press(world: World, user: str, action_id: str) -> str:
    """Press the button in the tab and return what the tab shows then."""
    view = tab(world, user)
    world.slack.interactor.act_in_view(user, view["id"], block_of(view, action_id), action_id)
    world.pool.settle()
    return shown(tab(world, user))


def submit(world: World, user: str, name: str, value: str) -> str:
    """Submit the open dialog's one field and return what the tab shows then."""
    world.slack.interactor.submit(user, world.modal(user)["id"], {name: {name: value}})
    world.pool.settle()
    return shown(tab(world, user))


@pytest.fixture
def ruled(tmp_path: Path, handlers_template: Path) -> Iterator[World]:
    """Return a workspace of which Ben is no admin."""
    world = World(tmp_path, handlers_template, admins=frozenset({ANNA}))
    yield world
    world.close()


def test_an_empty_tab_says_what_to_do(world: World) -> None:
    said = home(world, ANNA)

    assert "Nothing. New proposals come by themselves." in said
    assert "None this week." in said
    assert "Slack does not tell Voc your e-mail address" in said
    assert "Type `/voc digest schedule mon 9:00` in a channel." in said
    assert "Nothing is read yet." in said


def test_a_digest_that_was_ended_is_shown_no_more(world: World) -> None:
    world.says(ANNA, "digest schedule mon 9:00")
    before = home(world, ANNA)
    world.says(ANNA, "unsubscribe")

    after = home(world, ANNA)

    assert "every Monday" in before
    assert "every Monday" not in after


def test_a_full_tab_shows_what_waits_and_what_is_new(world: World) -> None:
    first, second = world.ticket("FLD-1", "Export all rows"), world.ticket("FLD-2", "Excel")
    mine = world.piece("The export drops rows.", person="1", days_ago=30)
    attach(world.context.work, world.clock, mine, ANNA, ticket_key="FLD-1")
    for number in (2, 3):
        piece = world.piece(f"Exports stop at row {number}.", person=str(number), days_ago=2)
        world.decide(piece, first, attached=True)
    world.decide(world.piece("Please export to Excel.", person="4"), second)
    world.says(ANNA, "digest schedule mon 9:00")
    with world.context.work() as unit:
        unit.sources.succeeded("zendesk", NOW - timedelta(minutes=5))
        unit.sources.failed("intercom", "AccessError reading", NOW)
        unit.commit()

    said = home(world, ANNA)

    assert "1 proposal waits for a decision." in said
    assert "FLD-1 Export all rows\n · 2 new this week" in said
    assert f"<#{PRODUCT}> · every Monday at 9:00" in said
    assert "✓ Zendesk: read 5 minutes ago" in said
    assert "✗ Intercom" in said
    press(world, ANNA, ids.REVIEW)
    assert "1 of 1" in shown(world.modal(ANNA))


def test_tickets_are_a_persons_by_assignee_and_else_by_what_they_decided_and_each_says_which(
    world: World,
) -> None:
    email = "anna@acme.example"
    world.slack.load({"users": [{"id": ANNA, "name": "anna", "profile": {"email": email}}]})
    mine = world.ticket("FLD-1", "Mine", assignee="Anna@ACME.example")
    hidden = world.ticket("FLD-2", "Hidden", assignee="")
    bens = world.ticket("FLD-3", "Ben’s", assignee="ben@acme.example")
    for number, ticket in enumerate((mine, hidden, bens)):
        early = world.piece(f"It was said before, {number}.", person=f"a{number}", days_ago=30)
        new = world.piece(f"It is said again, {number}.", person=f"b{number}", days_ago=2)
        world.decide(new, ticket, attached=True)
        if ticket is not mine:
            attach(world.context.work, world.clock, early, ANNA, ticket_key=ticket.key)

    said = home(world, ANNA)

    assert "FLD-1 Mine\n · 1 new this week · assigned to you" in said
    assert "FLD-2 Hidden\n · 1 new this week · you attached feedback to it, and the tracker hides" in said
    assert "FLD-3" not in said
    assert "Yours are the tickets that are assigned to you" in said


def test_a_review_that_was_opened_in_the_tab_shows_it_anew_after_each_decision(world: World) -> None:
    ticket = world.ticket("FLD-1", "Export all rows")
    for number in range(2):
        world.decide(world.piece(f"Exports stop at row {number}.", person=str(number)), ticket)
    before = home(world, ANNA)
    press(world, ANNA, ids.REVIEW)

    press_in_session(world, ANNA, ids.SESSION_ATTACH)
    after_one = shown(tab(world, ANNA))
    press_in_session(world, ANNA, ids.SESSION_ASIDE)

    assert "2 proposals wait for a decision." in before
    assert "1 proposal waits for a decision." in after_one
    assert "Nothing. New proposals come by themselves." in shown(tab(world, ANNA))


def test_a_decision_stands_though_the_tab_can_not_be_shown_anew(world: World) -> None:
    piece = world.piece("The export drops rows.")
    world.decide(piece, world.ticket("FLD-1", "Export"))
    home(world, ANNA)
    press(world, ANNA, ids.REVIEW)
    before = len(world.slack.space.ephemerals)
    rule = {"do": "status", "vendor": "slack", "path": "/api/views.publish", "status": 200}
    world.sandbox.faults.add({**rule, "body": '{"ok": false, "error": "not_enabled"}'})

    end = press_in_session(world, ANNA, ids.SESSION_ATTACH)

    assert world.states(piece) == {"FLD-1": "attached"}
    assert "1 decided" in end
    assert len(world.slack.space.ephemerals) == before


def test_only_what_is_a_persons_own_waits_for_them(world: World) -> None:
    world.decide(world.piece("The export drops rows."), world.ticket("FLD-1", "Export"))
    world.slack.space.channels[OWNERS].people = [ANNA]

    assert "1 proposal waits" in home(world, ANNA)
    assert "You own no proposals" in home(world, BEN)


def test_guests_are_told_that_they_see_nothing(world: World) -> None:
    world.slack.load({"users": [{"id": "U0GUEST001", "name": "guest", "is_ultra_restricted": True}]})

    assert "Guests can’t see what customers say." in home(world, "U0GUEST001")


def test_settings_are_for_admins_alone(ruled: World) -> None:
    assert "Quiet hours: none" in home(ruled, ANNA)
    assert "Settings" not in home(ruled, BEN)


def test_an_admin_turns_switches_after_being_asked(ruled: World) -> None:
    home(ruled, ANNA)
    asked = [b for b in tab(ruled, ANNA)["blocks"] if str(b["block_id"]).startswith("project-FLD")]

    opened = press(ruled, ANNA, ids.HOME_ATTACH)
    press(ruled, ANNA, ids.HOME_WRITE)

    assert all("confirm" in element for element in asked[0]["elements"][:2])
    assert "Project FLD: attach on" in opened
    with ruled.context.reading() as unit:
        switches = unit.projects.switches("FLD")
    assert (switches.attach, switches.write, switches.by) == (True, True, ANNA)
    assert "annotate" in ruled.queue.names()


def test_a_press_by_one_who_is_no_admin_any_more_changes_nothing(ruled: World) -> None:
    home(ruled, ANNA)
    view = tab(ruled, ANNA)
    ruled.slack.space.homes[BEN] = view["id"]

    said = press(ruled, BEN, ids.HOME_ATTACH)

    assert "Only Voc’s admins can decide this." in said
    with ruled.context.reading() as unit:
        assert not unit.projects.switches("FLD").attach


def test_an_admin_sets_a_threshold_and_quiet_hours(ruled: World) -> None:
    home(ruled, ANNA)
    press(ruled, ANNA, ids.HOME_THRESHOLD)

    submit(ruled, ANNA, ids.SCORE, "0.85")
    asks = next(b for b in tab(ruled, ANNA)["blocks"] if str(b["block_id"]).startswith("project-FLD"))[
        "elements"
    ][0]["confirm"]["text"]["text"]
    press(ruled, ANNA, ids.HOME_QUIET)
    said = submit(ruled, ANNA, ids.QUIET, "18:00-8:00")

    assert "above the score 0.85" in asks
    assert "Quiet hours: 18:00-8:00" in said


@pytest.mark.parametrize(
    ("action", "field", "typed", "told"),
    [
        (ids.HOME_THRESHOLD, ids.SCORE, "1.5", "A score is a number from 0 to 1"),
        (ids.HOME_QUIET, ids.QUIET, "late", "Quiet hours are two different times"),
    ],
)
def test_what_is_no_score_or_no_hours_is_told_in_the_dialog_which_stays(
    ruled: World, action: str, field: str, typed: str, told: str
) -> None:
    home(ruled, ANNA)
    press(ruled, ANNA, action)

    view = ruled.modal(ANNA)["id"]
    outcome = ruled.slack.interactor.submit(ANNA, view, {field: {field: typed}})

    assert told in outcome["errors"][field]
    assert ruled.modal(ANNA)["id"] == view


def test_what_is_newest_is_shown_where_the_tab_has_changed_meanwhile(ruled: World) -> None:
    home(ruled, ANNA)
    old = tab(ruled, ANNA)
    home(ruled, ANNA)
    block = block_of(old, ids.HOME_ATTACH)
    team = ruled.slack.space.team["id"]
    button = next(b for b in old["blocks"] if b["block_id"] == block)["elements"][0]

    ruled.deliver(
        {
            "type": "block_actions",
            "team": {"id": team, "domain": "acme"},
            "user": {"id": ANNA, "team_id": team},
            "trigger_id": ruled.slack.space.new_trigger(ANNA),
            "container": {"type": "view", "view_id": old["id"]},
            "view": {**old, "hash": "1.old"},
            "actions": [{**button, "block_id": block}],
        }
    )

    assert "Project FLD: attach on" in shown(tab(ruled, ANNA))
