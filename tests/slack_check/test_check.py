"""The check sees each rule broken, and nothing in what keeps them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.slack_check.check import Check
from tests.slack_check.examples import (
    WITH,
    Json,
    actions,
    button,
    field,
    message,
    modal,
    mrkdwn,
    options,
    picture,
    plain,
    section,
    table,
)
from tests.slack_check.journal import Reader
from tests.slack_check.limits import LEAST, MOST, OF_THE_WHOLE, OTHERWISE, UNKNOWN_KIND
from tests.slack_check.published import Published

# A stricter rule is broken at the same time, or the number is of something else.
ELSEWHERE = {
    "message.chat_update_text_max",
    "message.total_blocks_payload_observed_max",
    "message.data_visualization_blocks_max",
    *LEAST,
    *OTHERWISE,
}


def rules(check: Check, body: Json, what: str = "") -> set[str]:
    what = what or ("views.open" if "view" in body else "chat.postMessage")
    return {fault.name for fault in check.faults(what, body, {"U0ADA00001", "C0PRODUCT1"})}


def test_every_published_limit_is_held(specs_dir: Path) -> None:
    published = {n for n in Published(specs_dir).limits if not n.startswith(f"{UNKNOWN_KIND}.")}

    assert {*MOST, *LEAST, *OF_THE_WHOLE, *OTHERWISE} == published
    assert {*WITH, *ELSEWHERE} == published


@pytest.mark.parametrize("limit", WITH)
def test_a_limit_is_reached_and_not_passed(slack_check: Check, specs_dir: Path, limit: str) -> None:
    most = int(Published(specs_dir).limits[limit])

    at, beyond = (rules(slack_check, WITH[limit](most + more)) for more in (0, 1))

    assert limit not in at
    assert limit in beyond
    # Some limits lie beyond a recommendation or another limit on the same words.
    assert at <= {"message.text_recommended", "message.table_cells_aggregate_max"}


@pytest.mark.parametrize(
    ("body", "rule"),
    [
        (message(section(plain(0))), "text_object.min"),
        (table("data_table", 1, 1, caption="Counts"), "data_table.rows_min_incl_header"),
        (table("data_table", 2, 1, caption=" "), "data_table.caption"),
        (table("data_table", 2, 1, caption="Counts", page_size=101), "data_table.page_size"),
        (message({"type": "header", "text": mrkdwn("x")}), "header.text_type"),
        (message(*[section(plain(2_700))] * 5), "message.total_blocks_payload_observed_max"),
        (
            message(section({"type": "plain_text", "text": "&" * 2_700})),
            "message.total_blocks_payload_observed_max",
        ),
        (message({"type": UNKNOWN_KIND, "title": "x"}), "shape"),
        (message({"type": "divider", "odd": 1}), "shape"),
        (message(actions(button(style="green"))), "shape"),
        (message(text=""), "text.alone"),
        (modal(field()), "shape"),
        (modal(odd=1), "shape"),
        ({"view": {"type": "hologram", "blocks": []}}, "shape"),
        (message(text="<@U0ADA00001>"), "text.alone"),
        (message(text="…"), "text.alone"),
        (picture(alt_text=" "), "image.alt"),
        (message(actions(button("Yes", style="primary"), button("Yes", style="danger"))), "colour.alone"),
        (message(section(mrkdwn(":red_circle:"))), "colour.alone"),
        (message({"type": "context", "elements": [mrkdwn("🟢")]}), "colour.alone"),
        (message(section(mrkdwn("Hello <!channel>"))), "mention.many"),
        (message(section(mrkdwn("Hello <!subteam^S1|them>"))), "mention.many"),
        (message(text="Hello <!here>"), "mention.many"),
        (message(link_names=True), "mention.many"),
        (message(section(mrkdwn("Hello <@U0STRANGE1>"))), "mention.stranger"),
        (message(section(mrkdwn("See <#C0STRANGE1|x>"))), "mention.stranger"),
        (
            message({"type": "divider", "block_id": "b"}, {"type": "divider", "block_id": "b"}),
            "block_id.unique",
        ),
        (message(actions(button("A", action_id="a"), button("B", action_id="a"))), "action_id.unique"),
    ],
)
def test_a_broken_rule_is_named(slack_check: Check, body: Json, rule: str) -> None:
    assert rule in rules(slack_check, body)


@pytest.mark.parametrize(
    ("what", "body", "rule"),
    [
        ("chat.update", message(text="x" * 4_001), "message.chat_update_text_max"),
        ("chat.unfurl", {"unfurls": json.dumps({"https://x": picture(alt_text="")})}, "image.alt"),
        ("views.publish", {"view": {"type": "home", "blocks": [{"type": "divider", "odd": 1}]}}, "shape"),
        ("response_url", {"text": "", "blocks": [{"type": "divider"}]}, "text.alone"),
        ("acknowledgement of slash_commands", "<!here>", "mention.many"),
        ("acknowledgement of block_suggestion", {"options": options(101)}, "select.options_max"),
        (
            "acknowledgement of view_submission",
            {"response_action": "update", "view": {"type": "modal", "blocks": []}},
            "shape",
        ),
        (
            "acknowledgement of view_submission",
            {"response_action": "errors", "errors": {"b": ""}},
            "text.alone",
        ),
        ("files.getUploadURLExternal", {"filename": "chart.png"}, "text.alone"),
    ],
)
def test_every_way_of_showing_something_is_judged(
    slack_check: Check, what: str, body: Any, rule: str
) -> None:
    assert rule in rules(slack_check, body, what)


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("chat.postMessage", message(section(mrkdwn("By <@U0ADA00001> in <#C0PRODUCT1>")))),
        ("chat.postMessage", message(section(mrkdwn("🟢 All well, &lt;!here&gt;")))),
        ("chat.postMessage", message({"type": "section", "text": {"type": "plain_text", "text": "<!here>"}})),
        ("chat.postMessage", message(actions(button("Yes", style="primary"), button("No")))),
        ("response_url", {"delete_original": True}),
        ("acknowledgement of block_suggestion", {"options": []}),
        ("conversations.history", {"channel": "C0PRODUCT1"}),
    ],
)
def test_what_keeps_the_rules_is_let_through(slack_check: Check, what: str, body: Any) -> None:
    assert slack_check.faults(what, body, {"U0ADA00001", "C0PRODUCT1"}) == []


def test_a_fault_says_where_it_lies(slack_check: Check) -> None:
    body = message({"type": "divider"}, section(plain(3_001)), actions(button(style="green")))

    found = list(map(str, slack_check.faults("chat.postMessage", body)))

    assert "chat.postMessage /blocks/1/text: section.text_max: 3001 against 3000" in found
    assert any(f.startswith("chat.postMessage /blocks/2/elements/0/style: shape: ") for f in found)


def test_a_row_of_a_journal_is_judged_once_and_by_its_own_workspace(
    slack_check: Check, tmp_path: Path
) -> None:
    reader = Reader(tmp_path)
    calls = {"what": "chat.postMessage", "body": message(section(mrkdwn("By <@U0BEN00001>")))}
    there = {"what": "workspace", "body": ["U0BEN00001"]}
    (tmp_path / "one.jsonl").write_text(f"{json.dumps(there)}\n{json.dumps(calls)}\n")
    (tmp_path / "two.jsonl").write_text(f"{json.dumps(calls)}\n")

    first = [fault.name for fault in reader.faults(slack_check)]
    (tmp_path / "two.jsonl").write_text(f"{json.dumps(calls)}\n")

    assert first == ["mention.stranger"]
    assert reader.faults(slack_check) == []
