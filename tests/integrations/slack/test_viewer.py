"""The page that shows the stand-ins: everything on it is escaped, and its buttons do what Slack's would."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests
from flask import Flask, jsonify, request
from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from bot.domain.message import DigestPost, Notice
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import Sandbox
from integrations.sandbox.slack.stand_in import SlackStandIn
from integrations.sandbox.viewer import adf, mrkdwn
from integrations.sandbox.viewer.app import viewer_app
from integrations.sandbox.viewer.block_kit import Painter
from integrations.slack.blocks.ids import TICKET
from integrations.slack.blocks.modals import another_ticket_view, read_other_ticket, ticket_options
from integrations.slack.blocks.render import render
from tests.integrations.slack.bot import running_bot
from tests.integrations.slack.samples import card, messages, snapshot, ticket_line, voice
from tests.integrations.slack.world import ADA, CHANNEL, NOW, Slack

OURS = re.compile(
    r"</?(?:div|p|h3|h4|hr|blockquote|ul|ol|li|b|i|s|u|code|pre|span|button|br|a|small|input|label)\b[^<>]*>"
)
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'"


class Page:
    """The page, and a bot behind it that opens the modal."""

    def __init__(self, slack: Slack, url: str) -> None:
        self.slack, self.url, self.submitted = slack, url, list[str]()
        self._session = requests.Session()
        self._session.trust_env = False

    def main(self, show: str = f"channel:{CHANNEL}") -> str:
        return self._session.get(f"{self.url}/main", params={"show": show, "as": ADA}, timeout=5).text

    def act(self, headers: dict[str, str] | None = None, **what: Any) -> requests.Response:
        return self._session.post(f"{self.url}/act", json={"as": ADA, **what}, headers=headers, timeout=5)

    def bot(self) -> Flask:
        app = Flask("bot")

        @app.post("/slack/events")
        def events() -> Any:
            if "payload" not in request.form:
                return jsonify(text=f"you said {request.form['text']}")
            payload = json.loads(request.form["payload"])
            if payload["type"] == "block_suggestion":
                return jsonify(options=ticket_options([ticket_line(title=HOSTILE)]))
            if payload["type"] == "view_submission":
                self.submitted.append(read_other_ticket(payload["view"]).choice)
                return ""
            view = another_ticket_view(7, None)
            self.slack.api().write("views.open", "opening", trigger_id=payload["trigger_id"], view=view)
            return ""

        return app


@pytest.fixture
def page() -> Iterator[Page]:
    sandbox = Sandbox([SlackStandIn], clock=SandboxClock(NOW, frozen=True), profile="open")
    urls = sandbox.start({"viewer": viewer_app})
    shown = Page(Slack(sandbox), urls["viewer"])
    with running_bot(shown.bot()) as url:
        shown.slack.stand_in.load({"bot": {"url": f"{url}/slack/events"}})
        yield shown
    sandbox.stop()


def _blocks(html: str, action: str) -> tuple[str, str]:
    """Return (the message's ts, the button's block id)."""
    stamp = re.findall(r'data-ts="([^"]+)"', html)[-1]
    return stamp, re.findall(rf'data-block="([^"]+)" data-action="{action}"', html)[-1]


def test_channels_show_messages_with_their_threads_and_pictures(page: Page) -> None:
    messenger = page.slack.messenger()
    parent = messenger.post(CHANNEL, DigestPost(snapshot()), key="digest")
    image = b"\x89PNG\r\n\x1a\n"
    file = messenger.upload_image(
        CHANNEL, image, key="c", title="t", alt_text="Voices a week", thread=parent.id
    )

    html = page.main()

    assert "What customers said" in html
    assert "1 reply" in html
    assert f'src="/file/{file}" alt="Voices a week"' in html
    assert requests.get(f"{page.url}/file/{file}", timeout=5).content == image


def test_a_command_is_answered_where_it_was_typed(page: Page) -> None:
    outcome = page.act(do="command", channel=CHANNEL, text="status").json()

    assert outcome == {"status": "ok"}
    assert "Only visible to you" in page.main()
    assert "you said status" in page.main()


def test_a_button_opens_a_modal_which_is_filled_in_and_submitted(page: Page) -> None:
    page.slack.messenger().post(CHANNEL, card(), key="card")
    stamp, block = _blocks(page.main(), "voc_other_ticket")

    page.act(do="press", channel=CHANNEL, ts=stamp, block=block, action="voc_other_ticket")
    html = page.main()
    view = re.findall(r'data-view="([^"]+)"', html)[0]
    incomplete = page.act(do="submit", view=view, values={TICKET: {TICKET: None}}).json()
    page.act(do="suggest", view=view, block=TICKET, action=TICKET, value="export")
    offered = page.main()
    complete = page.act(do="submit", view=view, values={TICKET: {TICKET: "SHOP-12"}}).json()

    assert "Attach to a ticket" in html
    assert 'value="SHOP-12"' not in html
    assert 'value="SHOP-12"' in offered
    assert incomplete["errors"].keys() == {TICKET}
    assert (complete, page.submitted) == ({"status": "ok"}, ["SHOP-12"])
    assert 'role="dialog"' not in page.main()


def test_app_home_is_shown_to_its_person(page: Page) -> None:
    empty = page.main("home")
    view = {"type": "home", "blocks": [{"type": "header", "text": {"type": "plain_text", "text": "Waiting"}}]}

    page.slack.api().upsert("views.publish", "showing", user_id=ADA, view=view)

    assert "Nothing is shown here yet" in empty
    assert "Waiting" in page.main("home")


def test_what_has_changed_meanwhile_is_gone(page: Page) -> None:
    assert page.act(do="press", channel=CHANNEL, ts="1.2", block="x", action="y").json() == {"status": "gone"}


def test_hostile_words_are_shown_as_words(page: Page) -> None:
    page.slack.messenger().post(CHANNEL, card(voice=voice(HOSTILE, company=HOSTILE)), key="card")
    page.slack.messenger().post(CHANNEL, Notice(HOSTILE), key="notice")
    stamp, block = _blocks(page.main(), "voc_other_ticket")
    page.act(do="press", channel=CHANNEL, ts=stamp, block=block, action="voc_other_ticket")

    html = page.main()

    assert "<script>" not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;" in html


def test_the_page_loads_nothing_from_elsewhere_and_runs_no_inline_script(page: Page) -> None:
    answer = requests.get(page.url, timeout=5)

    assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert re.findall(r'(?:src|href)="(https?:[^"]*)"', answer.text) == []
    assert re.findall(r"<script(?![^>]*src=)", answer.text) == []


def test_other_web_pages_cannot_press_buttons(page: Page) -> None:
    elsewhere = page.act(headers={"Origin": "https://evil.example"}, do="command", channel=CHANNEL, text="x")
    rebound = page.act(headers={"Host": "evil.example"}, do="command", channel=CHANNEL, text="x")
    form = requests.post(f"{page.url}/act", data={"as": ADA, "do": "command"}, timeout=5)

    assert [answer.status_code for answer in (elsewhere, rebound, form)] == [403, 403, 403]
    assert page.slack.stand_in.dump()["interactions"] == []


@given(messages())
def test_every_message_becomes_html_of_our_own_tags_alone(message: Any) -> None:
    for post in render(message):
        html = str(
            Painter(lambda user: user).blocks(
                [{**b, "block_id": b.get("block_id", "x")} for b in post.blocks]
            )
        )
        assert not re.search(r"[<>]", OURS.sub("", html))


@given(st.text())
def test_mrkdwn_lets_no_tag_through(text: str) -> None:
    html = str(mrkdwn.to_html(text, lambda user: user))

    assert not re.search(r"[<>]", OURS.sub("", html))


def test_mrkdwn_is_shown_as_slack_shows_it() -> None:
    html = mrkdwn.to_html(
        "*b* _i_ ~s~ `c` <https://a.example|x &amp; y> <@U1> <javascript:alert(1)|z> 2*3*4", str.lower
    )

    assert html == Markup(
        '<b>b</b> <i>i</i> <s>s</s> <code>c</code> <a href="https://a.example" target="_blank"'
        ' rel="noreferrer noopener">x &amp; y</a> <span class="mention">@u1</span> z 2*3*4'
    )


def test_a_document_of_jira_is_shown_with_its_marks() -> None:
    link = {"type": "link", "attrs": {"href": "https://a.example"}}
    text = [
        {"type": "text", "text": "<b>5</b> people", "marks": [{"type": "strong"}]},
        {"type": "text", "text": "all", "marks": [link]},
        {
            "type": "text",
            "text": "bad",
            "marks": [{"type": "link", "attrs": {"href": "javascript:alert(1)"}}],
        },
    ]
    document = {"type": "doc", "version": 1, "content": [{"type": "paragraph", "content": text}]}

    html = str(adf.to_html(document))

    assert "<b>&lt;b&gt;5&lt;/b&gt; people</b>" in html
    assert 'href="https://a.example"' in html
    assert "javascript" not in html
