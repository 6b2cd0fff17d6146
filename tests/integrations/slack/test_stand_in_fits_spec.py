"""The stand-in against what Slack publishes: limits, samples of what it sends, the schema of blocks."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask, request
from jsonschema import Draft7Validator

from bot.domain.message import CardState, DigestPost, MessageRef, Notice, TicketVoices
from integrations.sandbox.slack.block_kit import BLOCKS, ELEMENTS, LIMITS, block_faults
from integrations.slack.blocks.modals import another_ticket_view
from tests.integrations.slack.bot import running_bot
from tests.integrations.slack.samples import card, snapshot, top_ticket
from tests.integrations.slack.world import ADA, CHANNEL, Slack


@pytest.fixture
def sent(slack: Slack) -> Iterator[list[dict[str, Any]]]:
    """Return the forms that Slack sends to the app, as they come; the app opens a modal whenever it may."""
    forms: list[dict[str, Any]] = []
    app = Flask("bot")

    @app.post("/slack/events")
    def events() -> str:
        form = request.get_json() if request.is_json else request.form.to_dict()
        forms.append(form)
        payload = json.loads(form.get("payload", "{}"))
        if payload.get("type") == "block_actions" and "message" in payload:
            view = optional(another_ticket_view(7, MessageRef(CHANNEL, "1.2"))) | {"notify_on_close": True}
            slack.api().write("views.open", "opening", trigger_id=payload["trigger_id"], view=view)
        return ""

    with running_bot(app) as url:
        slack.stand_in.load({"bot": {"url": f"{url}/slack/events"}})
        yield forms


def optional(view: dict[str, Any]) -> dict[str, Any]:
    """Return the view, which can be submitted with nothing chosen."""
    return {**view, "blocks": [{**block, "optional": True} for block in view["blocks"]]}


def _sample(specs_dir: Path, name: str, folder: str = "app-backend") -> dict[str, Any]:
    found: dict[str, Any] = json.loads((specs_dir / "slack/samples" / folder / name).read_text())
    return found


def _strange(payload: Any, sample: Any, at: str = "") -> list[str]:
    """Return the paths of the payload that the sample does not have; blocks and state are free."""
    if not isinstance(payload, dict) or not isinstance(sample, dict):
        return []
    found = [f"{at}/{name}" for name in payload if name not in sample and sample]
    free = {"blocks", "state", "metadata"}
    return found + [
        p for n in payload.keys() & sample.keys() - free for p in _strange(payload[n], sample[n], f"{at}/{n}")
    ]


def test_every_limit_is_the_published_one(specs_dir: Path) -> None:
    published = json.loads((specs_dir / "slack/block-kit-limits.json").read_text())

    for name, limit in LIMITS.items():
        kind, _, field = name.partition(".")
        assert limit == published[kind][field]["v"], name


def test_no_block_field_is_made_up(specs_dir: Path) -> None:
    definitions = json.loads((specs_dir / "slack/block-kit-schema/Modal.schema.json").read_text())[
        "definitions"
    ]
    shapes = [
        shape
        for definition in definitions.values()
        for shape in definition.get("anyOf", [definition])
        if "properties" in shape
    ]
    for kind, fields in [*BLOCKS.items(), *ELEMENTS.items()]:
        same = [s["properties"] for s in shapes if s["properties"].get("type", {}).get("const") == kind]
        assert same, kind
        assert {name.rstrip("!") for name in fields} <= {n for properties in same for n in properties}, kind


def test_whatever_fits_the_stand_in_fits_slacks_schema(specs_dir: Path, slack: Slack) -> None:
    schema = json.loads((specs_dir / "slack/block-kit-schema/MessageBlocks.schema.json").read_text())
    messenger = slack.messenger()
    parent = messenger.post(CHANNEL, DigestPost(snapshot()), key="digest")
    messenger.post(CHANNEL, TicketVoices(top_ticket()), key="voices", thread=parent.id)
    for state in CardState:
        messenger.update(messenger.post(CHANNEL, card(state), key=state), Notice("changed"), key=state)
        messenger.post(CHANNEL, card(state), key=f"{state} again")

    rows = [row for row in slack.sandbox.ledger.rows("slack") if row["status"] == 200]
    bodies = [
        json.loads(r["body"]) for r in rows if r["path"] in ("/api/chat.postMessage", "/api/chat.update")
    ]

    assert len(bodies) == 17
    for body in bodies:
        assert list(Draft7Validator(schema).iter_errors(body["blocks"])) == []
        assert (body.get("unfurl_links"), body.get("unfurl_media")) in ((False, False), (None, None))
        assert set(body["metadata"]["event_payload"]) == {"key"}


def test_a_slash_command_has_the_form_of_slacks_sample(
    specs_dir: Path, slack: Slack, sent: list[dict[str, Any]]
) -> None:
    slack.stand_in.interactor.command(ADA, CHANNEL, "status")

    assert sent[0].keys() <= _sample(specs_dir, "slash-commands/SlashCommandPayload.json").keys()
    assert (sent[0]["command"], sent[0]["text"]) == ("/voc", "status")


def test_a_press_and_a_modal_have_the_form_of_slacks_samples(
    specs_dir: Path, slack: Slack, sent: list[dict[str, Any]]
) -> None:
    ref = slack.messenger().post(CHANNEL, card(), key="card")
    block = slack.messages()[0]["blocks"][-1]["block_id"]
    do = slack.stand_in.interactor

    do.press(ADA, CHANNEL, ref.id, block, "voc_other_ticket")
    view = slack.stand_in.dump()["modals"][ADA][-1]
    do.submit(ADA, view)
    do.press(ADA, CHANNEL, ref.id, block, "voc_other_ticket")
    do.close(ADA, slack.stand_in.dump()["modals"][ADA][-1])

    payloads = [json.loads(form["payload"]) for form in sent]
    samples = {
        "block_actions": "interactive-components/BlockActionPayload.json",
        "view_submission": "views/ViewSubmissionPayload.json",
        "view_closed": "views/ViewClosedPayload.json",
    }
    kinds = [payload["type"] for payload in payloads]
    assert kinds == ["block_actions", "view_submission", "block_actions", "view_closed"]
    for payload in payloads:
        sample = _sample(specs_dir, samples[payload["type"]])
        sample.setdefault("response_urls", [])
        if "view" in sample:
            sample["view"]["blocks"] = []
        assert _strange(payload, sample) == []


EVENTS = {
    "message": "MessagePayload",
    "message_changed": "MessageChangedPayload",
    "message_deleted": "MessageDeletedPayload",
    "reaction_added": "ReactionAddedPayload",
    "reaction_removed": "ReactionRemovedPayload",
    "link_shared": "LinkSharedPayload",
    "app_home_opened": "AppHomeOpenedPayload",
    "member_left_channel": "MemberLeftChannelPayload",
    "channel_left": "ChannelLeftPayload",
    "channel_archive": "ChannelArchivePayload",
    "channel_unarchive": "ChannelUnarchivePayload",
    "channel_rename": "ChannelRenamePayload",
    "tokens_revoked": "TokensRevokedPayload",
    "app_uninstalled": "AppUninstalledPayload",
}


def test_events_have_the_form_of_slacks_samples(
    specs_dir: Path, slack: Slack, sent: list[dict[str, Any]]
) -> None:
    kinds = [name for name in EVENTS if not name.startswith("message")] + ["message.channels"]
    scopes = [*slack.stand_in.space.app["scopes"], "reactions:read", "links:read"]
    slack.stand_in.load({"app": {"events": kinds, "scopes": scopes, "unfurl_domains": ["acme.example"]}})
    people = slack.stand_in.talking

    ts = people.say(ADA, CHANNEL, "See https://acme.example/browse/A-1")
    people.say(ADA, CHANNEL, "a reply", thread=ts)
    people.react(ADA, CHANNEL, ts, "memo")
    people.unreact(ADA, CHANNEL, ts, "memo")
    people.edit(ADA, CHANNEL, ts, "changed")
    people.remove(CHANNEL, ts)
    people.remove(CHANNEL, people.say(ADA, CHANNEL, "gone"))
    people.open_home(ADA)
    people.rename(CHANNEL, "products")
    people.archive(ADA, CHANNEL)
    people.archive(ADA, CHANNEL, is_archived=False)
    people.remove_app(ADA, CHANNEL)
    people.uninstall()

    names = [body["event"].get("subtype") or body["event"]["type"] for body in sent]
    assert set(names) == set(EVENTS)
    for name, body in zip(names, sent, strict=True):
        sample = _sample(specs_dir, f"{EVENTS[name]}.json", "events")
        assert [p for p in _strange(body, sample) if not p.endswith("/subtype")] == [], name
        assert body.keys() >= {"token", "team_id", "api_app_id", "event_id", "event_time", "authorizations"}


def test_shortcuts_have_the_form_of_slacks_samples(
    specs_dir: Path, slack: Slack, sent: list[dict[str, Any]]
) -> None:
    ts = slack.stand_in.talking.say(ADA, CHANNEL, "The export")

    slack.stand_in.interactor.message_shortcut(ADA, CHANNEL, ts, "voc_x")
    slack.stand_in.interactor.shortcut(ADA, "voc_y")

    message, anywhere = (json.loads(form["payload"]) for form in sent)
    sample = _sample(specs_dir, "interactive-components/MessageShortcutPayload.json")
    assert _strange(message, sample) == []
    assert (message["message"]["ts"], message["callback_id"]) == (ts, "voc_x")
    # Slack publishes no sample of the other: it is the same without a message, its place and response_url.
    of_a_message = {"message", "message_ts", "channel", "response_url"}
    assert message.keys() - of_a_message == anywhere.keys()
    assert anywhere["type"] == "shortcut"


def test_refusals_point_at_what_is_wrong() -> None:
    blocks = [
        {"type": "header", "text": {"type": "plain_text", "text": "x" * 151}},
        {"type": "divider", "odd": 1},
    ]

    assert block_faults(blocks) == [
        "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        "additional properties are not allowed: odd [json-pointer:/blocks/1]",
    ]


def test_requests_that_read_send_slacks_documented_arguments(slack: Slack) -> None:
    messenger = slack.messenger()
    ref = messenger.post(CHANNEL, Notice("x"), key="k")
    messenger.find(CHANNEL, "k", since=slack.clock.now())
    messenger.find(CHANNEL, "k", since=slack.clock.now(), thread=ref.id)

    sent = {
        r["path"]: parse_qs(r["body"])
        for r in slack.sandbox.ledger.rows("slack")
        if "conversations" in r["path"]
    }

    assert sent["/api/conversations.history"].keys() == {"channel", "oldest", "limit", "include_all_metadata"}
    assert sent["/api/conversations.replies"].keys() == {
        "channel",
        "ts",
        "oldest",
        "limit",
        "include_all_metadata",
    }
