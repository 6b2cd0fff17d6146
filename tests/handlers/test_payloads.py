"""Slack's own samples of its payloads, filled in, are understood."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from integrations.slack.blocks import ids
from tests.handlers.test_decisions import press_payload
from tests.handlers.world import ANNA, OWNERS, World

SAMPLES = Path("slack/samples/app-backend")


def sample(specs_dir: Path, name: str) -> dict[str, Any]:
    """Return the payload of all fields, each empty."""
    return dict(json.loads((specs_dir / SAMPLES / name).read_text(encoding="utf-8")))


def filled(shape: dict[str, Any], facts: dict[str, Any]) -> dict[str, Any]:
    """Return the sample with the facts in their places. Raises KeyError for a fact without a place."""
    made = dict(shape)
    for name, value in facts.items():
        at = made[name]
        made[name] = filled(at, value) if isinstance(value, dict) and isinstance(at, dict) and at else value
    return made


def test_a_press_with_all_of_slacks_fields_is_understood(world: World, specs_dir: Path) -> None:
    card = world.suggest(world.piece("The export drops rows."), world.ticket("FLD-1", "Export"))
    press = press_payload(world, card, ids.ATTACH)
    shape = sample(specs_dir, "interactive-components/BlockActionPayload.json")
    facts = {name: value for name, value in press.items() if name not in ("message", "actions")}

    world.deliver(filled(shape, facts) | {"actions": press["actions"], "message": card})

    assert world.states(1) == {"FLD-1": "attached"}


def test_a_submission_with_all_of_slacks_fields_is_understood(world: World, specs_dir: Path) -> None:
    world.ticket("FLD-2", "Excel")
    card = world.suggest(world.piece("The export drops rows."), world.ticket("FLD-1", "Export"))
    world.presses(ANNA, card, ids.OTHER_TICKET)
    choice = {ids.TICKET: {ids.TICKET: {"type": "external_select", "selected_option": {"value": "FLD-2"}}}}
    known = world.modal(ANNA)
    facts = {
        "user": {"id": ANNA, "team_id": "T1"},
        "team": {"id": "T1"},
        "trigger_id": "1.2.3",
        "view": {name: known[name] for name in ("id", "hash", "private_metadata", "callback_id")}
        | {"state": {"values": choice}},
    }

    world.deliver(filled(sample(specs_dir, "views/ViewSubmissionPayload.json"), facts))

    assert world.states(1)["FLD-2"] == "attached"


def test_a_command_with_all_of_slacks_fields_is_understood(world: World, specs_dir: Path) -> None:
    form = sample(specs_dir, "slash-commands/SlashCommandPayload.json")
    facts = {"command": "/voc", "text": "digest schedule mon 9:00", "user_id": ANNA, "channel_id": OWNERS}

    world.deliver_form(filled(form, facts) | {"response_url": world.response_url(ANNA, OWNERS)})

    with world.context.reading() as unit:
        assert [s.channel for s in unit.subscriptions.all()] == [OWNERS]
