"""The dialog "create a ticket": it asks what the tracker needs, and shows at its field what that refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.asking import FieldKind, TicketField, TicketForm
from bot.domain.ticket import TicketRef
from bot.errors import FieldsError, TransientError
from bot.services.life import lose
from integrations.sandbox.slack.elements import with_state
from integrations.slack.blocks import ids
from integrations.slack.blocks.new_ticket import read_new_ticket
from tests.handlers.test_sessions import inbox, page_of, pieces, press
from tests.handlers.test_themes import answer, theme
from tests.handlers.test_themes import press as press_answer
from tests.handlers.world import ANNA, BEN, World, shown

__all__ = ["pieces", "theme"]

KINDS = (("10", "Task"), ("11", "Bug"))
SEVERITY = TicketField(
    id="severity", name="Severity", kind=FieldKind.CHOICE, choices=(("1", "High"), ("2", "Low"))
)
AREAS = TicketField(id="areas", name="Areas", kind=FieldKind.CHOICES, choices=(("7", "Maps"), ("8", "Sync")))
SIZE = TicketField(id="size", name="Size", kind=FieldKind.NUMBER)
DUE = TicketField(id="due", name="Due", kind=FieldKind.DATE)
IMPACT = TicketField(id="impact", name="Impact", kind=FieldKind.LINE)
APPROVER = TicketField(id="approver", name="Approver", kind=FieldKind.OTHER)
TASK = TicketForm(kinds=KINDS, kind="10", fields=(IMPACT,))
BUG = TicketForm(kinds=KINDS, kind="11", fields=(SEVERITY, AREAS, SIZE, DUE))
MANY = replace(AREAS, id="labels", choices=tuple((str(n), f"Label {n}") for n in range(251)))
BY_HAND = TicketForm(kinds=KINDS, kind="10", fields=(APPROVER,), url="https://acme.example/new")


@pytest.fixture(autouse=True)
def forms(world: World) -> None:
    world.tracker.forms |= {"10": TASK, "11": BUG}


def opened(world: World) -> dict[str, Any]:
    """Open the dialog in a review session and return it as it is once the tracker has answered."""
    world.presses(ANNA, inbox(world), ids.REVIEW)
    press(world, ANNA, ids.SESSION_CREATE)
    return world.modal(ANNA)


def choose_kind(world: World, kind: str) -> str:
    view = world.modal(ANNA)
    world.slack.interactor.act_in_view(ANNA, view["id"], f"{ids.KIND}:FLD", ids.KIND, kind)
    world.pool.settle()
    return shown(world.modal(ANNA))


def entry(kind: str, field: str, value: Any) -> dict[str, dict[str, Any]]:
    return {f"{ids.ASKED}:FLD/{kind}:{field}": {ids.ASKED: value}}


def create(world: World, entries: dict[str, Any]) -> dict[str, Any]:
    outcome = world.slack.interactor.submit(ANNA, world.modal(ANNA)["id"], entries)
    if outcome["status"] == "ok" and "errors" not in outcome:
        world.pool.settle()
    return outcome


def test_a_kind_is_chosen_its_fields_are_asked_and_the_ticket_is_made_of_them(
    world: World, pieces: list[int]
) -> None:
    task = shown(opened(world))
    bug = choose_kind(world, "11")
    empty = create(world, {})
    entries = entry("11", "severity", "2") | entry("11", "areas", ["7", "8"])
    entries |= entry("11", "size", "2.5") | entry("11", "due", "2026-12-24")

    create(world, {**entries, ids.DESCRIPTION: {ids.DESCRIPTION: "In our words"}})

    [draft] = world.tracker.drafts.values()
    assert ("Impact" in task, "Severity" in task) == (True, False)
    assert ("Impact" in bug, "Severity" in bug) == (False, True)
    assert len(empty["errors"]) == 4
    assert (draft.kind, draft.body) == ("11", "In our words")
    assert draft.fields == {"severity": "2", "areas": ("7", "8"), "size": "2.5", "due": "2026-12-24"}
    assert "2 of 3" in shown(world.modal(ANNA))


def test_what_was_typed_while_the_fields_were_asked_for_stays(world: World, pieces: list[int]) -> None:
    view = opened(world)
    world.slack.interactor.fill(view["id"], {ids.TITLE: {ids.TITLE: "Rows are lost"}})

    choose_kind(world, "11")

    state = world.modal(ANNA)["state"]["values"]
    assert state[ids.TITLE][ids.TITLE]["value"] == "Rows are lost"


def test_nothing_is_created_before_the_tracker_has_said_what_it_needs(
    world: World, pieces: list[int]
) -> None:
    opened(world)
    other_kind = {f"{ids.KIND}:FLD": {ids.KIND: "11"}}  # chosen, but the answer is still on its way

    outcome = create(world, {**entry("10", "impact", "Some"), **other_kind})

    assert outcome["errors"] == {
        ids.PROJECT: "One moment: Voc is asking what a ticket in FLD needs.",
    }
    assert world.tracker.drafts == {}


def test_what_the_tracker_refuses_is_shown_at_the_field_and_mended_there_once(
    world: World, pieces: list[int]
) -> None:
    piece = read_new_ticket(with_state(opened(world))).piece
    refusal = {"impact": "Say *who* suffers.", "summary": "Too vague.", "hidden": ""}
    world.tracker.before = [FieldsError("jira", "creating a ticket", "400", fields=refusal)]
    create(world, {**entry("10", "impact", "Some"), ids.TITLE: {ids.TITLE: "Rows"}})
    blocks = world.modal(ANNA)["blocks"]
    at = next(n for n, b in enumerate(blocks) if b["block_id"] == f"{ids.ASKED}:FLD/10:impact")
    refused = shown(world.modal(ANNA))

    create(world, entry("10", "impact", "Drivers"))

    assert "⚠ Say *who* suffers." in shown(blocks[at + 1])
    assert blocks[at]["element"]["initial_value"] == "Some"
    assert "⚠ Too vague." in refused
    assert "⚠ hidden: The tracker requires it." in refused
    made = list(world.tracker.drafts.values())[-1]
    assert (made.title, made.fields) == ("Rows", {"impact": "Drivers"})
    assert len(world.tracker.created) == 1
    assert world.states(piece)["FLD-100"] == "attached"


def test_a_field_that_cannot_be_asked_is_named_with_a_link_instead(world: World, pieces: list[int]) -> None:
    world.tracker.forms = {"10": BY_HAND}
    view = opened(world)

    outcome = create(world, {})

    assert "It also requires Approver, which can’t be asked here." in shown(view)
    assert "https://acme.example/new" in str(view["blocks"])
    assert list(outcome["errors"]) == [ids.PROJECT]
    assert world.tracker.drafts == {}


def test_a_tracker_that_does_not_answer_lets_people_try(world: World, pieces: list[int]) -> None:
    world.tracker.refusal = TransientError("jira", "reading what a ticket needs")
    view = opened(world)
    world.tracker.refusal = None

    create(world, {})

    assert "The tracker does not say now" in shown(view)
    assert len(world.tracker.created) == 1


def test_what_may_be_chosen_stands_last_and_can_be_left_alone(world: World, pieces: list[int]) -> None:
    status = replace(SEVERITY, id="status", name="Status", optional=True)
    world.tracker.forms = {"": TicketForm(fields=(status, replace(AREAS, optional=True)))}
    blocks = [block["block_id"] for block in opened(world)["blocks"]]

    create(world, {f"{ids.ASKED}:FLD/:areas": {ids.ASKED: ["8"]}})

    [draft] = world.tracker.drafts.values()
    optional = [f"{ids.ASKED}:FLD/:status", f"{ids.ASKED}:FLD/:areas"]
    assert blocks[blocks.index(ids.DESCRIPTION) + 1 :][:2] == optional
    assert draft.fields == {"areas": ("8",)}


def test_too_many_choices_for_a_list_are_found_by_typing(world: World, pieces: list[int]) -> None:
    team = replace(SEVERITY, id="team", choices=MANY.choices)
    world.tracker.forms = {"": TicketForm(fields=(replace(MANY, optional=True), team))}
    view = opened(world)
    world.tracker.refusal = TransientError("jira", "reading what a ticket needs")  # so nobody asks it again

    untyped = typed(world, view, "labels", "")
    found = typed(world, view, "labels", "label 25")
    fill(world, view, "labels", ["25", "250"])
    found_again = typed(world, view, "labels", "7 LABEL")
    fill(world, view, "labels", ["25", "250", "7"])
    typed(world, view, "team", "Label 120")
    world.tracker.refusal = None
    create(world, {f"{ids.ASKED}:FLD/:team": {ids.ASKED: "120"}})

    [draft] = world.tracker.drafts.values()
    assert len(untyped) == 100
    assert found == ["Label 25", "Label 250", "Label 125", "Label 225"]
    assert found_again[0] == "Label 7"
    assert draft.fields == {"labels": ("25", "250", "7"), "team": "120"}


def test_what_was_chosen_of_too_many_stays_when_the_tracker_refuses(world: World, pieces: list[int]) -> None:
    world.tracker.forms = {"": TicketForm(fields=(MANY,))}
    view = opened(world)
    typed(world, view, "labels", "Label 99")
    refusal = {"labels": "Not this one."}
    world.tracker.before = [FieldsError("jira", "creating a ticket", "400", fields=refusal)]

    create(world, {f"{ids.ASKED}:FLD/:labels": {ids.ASKED: ["99"]}})

    assert "Not this one." in shown(world.modal(ANNA))
    assert with_state(world.modal(ANNA))["state"]["values"][f"{ids.ASKED}:FLD/:labels"][ids.ASKED][
        "selected_options"
    ] == [{"text": {"type": "plain_text", "text": "Label 99", "emoji": False}, "value": "99"}]


def typed(world: World, view: dict[str, Any], field: str, words: str) -> list[str]:
    """Type into a field and return what is offered."""
    block = f"{ids.ASKED}:FLD/:{field}"
    outcome = world.slack.interactor.suggest(ANNA, view["id"], block, ids.ASKED, words)
    return [one["text"]["text"] for one in outcome["options"]]


def fill(world: World, view: dict[str, Any], field: str, chosen: list[str]) -> None:
    world.slack.interactor.fill(view["id"], {f"{ids.ASKED}:FLD/:{field}": {ids.ASKED: chosen}})


def test_the_review_is_a_press_away_and_nothing_is_created(world: World, pieces: list[int]) -> None:
    opened(world)

    page = press(world, ANNA, ids.SESSION_BACK)

    assert "1 of 3" in page
    assert page_of(world, ANNA) in pieces
    assert world.tracker.drafts == {}


def test_who_was_first_is_told_and_no_second_ticket_is_made(world: World, pieces: list[int]) -> None:
    opened(world)
    world.presses(BEN, inbox(world), ids.REVIEW)
    press(world, BEN, ids.SESSION_ASIDE)

    create(world, entry("10", "impact", "Some"))

    assert world.tracker.created == {}
    assert "Somebody else was first. It is set aside as not feedback." in shown(world.modal(ANNA))


def test_a_refusal_after_the_dialog_was_closed_is_told_to_the_person(world: World, theme: int) -> None:
    press_answer(world, ANNA, answer(world), ids.THEME_CREATE)
    view = world.modal(ANNA)
    world.slack.interactor.fill(view["id"], entry("10", "impact", "Some"))
    world.tracker.before = [FieldsError("jira", "creating a ticket", "400: impact", fields={"impact": "No"})]
    world.slack.interactor.close(ANNA, view["id"])

    world.deliver(
        {
            "type": "view_submission",
            "team": {"id": world.slack.space.team["id"], "domain": "acme"},
            "user": {"id": ANNA, "team_id": world.slack.space.team["id"]},
            "trigger_id": world.slack.space.new_trigger(ANNA),
            "view": with_state(view),
        }
    )

    told = shown(world.slack.space.ephemerals[-1])
    assert "The ticket was not created: jira: creating a ticket was refused (400: impact)." in told


def test_a_themes_ticket_ends_with_its_address(world: World, theme: int) -> None:
    press_answer(world, ANNA, answer(world), ids.THEME_CREATE)

    create(world, entry("10", "impact", "All of them"))

    [draft] = world.tracker.drafts.values()
    assert draft.fields == {"impact": "All of them"}
    assert "3 pieces." in shown(world.modal(ANNA))


def test_a_proposal_for_a_ticket_that_is_gone_stays_on_the_page_until_another_is_chosen(
    world: World, pieces: list[int]
) -> None:
    world.presses(ANNA, inbox(world), ids.REVIEW)
    piece = page_of(world, ANNA)
    with world.context.work() as unit:
        lose(unit, TicketRef("jira", "id-FLD-1"), world.clock.now())
        unit.commit()

    changed = press(world, ANNA, ids.SESSION_ATTACH)
    refused = press(world, ANNA, ids.SESSION_ATTACH)
    stayed = page_of(world, ANNA)
    press(world, ANNA, ids.SESSION_ASIDE)

    assert "This has changed since you saw it." in changed
    assert "no longer to be seen in the tracker" in changed
    assert "no longer shows FLD-1. Choose another ticket." in refused
    assert "Somebody else" not in changed + refused
    assert stayed == piece
    assert world.states(piece) == {"FLD-1": "rejected"}
