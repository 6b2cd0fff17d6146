"""A Linear ticket on the page, as its readers see it, with every word escaped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ticket import TicketRef
from integrations.credentials import StaticCredentials
from integrations.linear.tracker import LinearTracker
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.linear.stand_in import LinearStandIn
from integrations.sandbox.linear.state import Settings
from integrations.sandbox.serving import Sandbox
from integrations.sandbox.slack.stand_in import SlackStandIn
from integrations.sandbox.viewer.app import viewer_app
from integrations.sandbox.viewer.linear import to_html
from tests.contracts.ticket_trackers import ANNOTATION, NOW, QUOTE
from tests.integrations.linear.test_requests import PIECE

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)> [x](javascript:alert(1)) ![i](https://i.example)"
)
OURS = re.compile(
    r"</?(?:p|h[1-6]|hr|blockquote|ul|ol|li|strong|em|s|code|pre|br|a|table|thead|tbody|tr|th|td)\b[^<>]*>"
)


class Page:
    """The page, and a Linear that is written to."""

    def __init__(self, sandbox: Sandbox) -> None:
        urls = sandbox.start({"viewer": viewer_app})
        self.url, self.client = urls["viewer"], SandboxClient(urls)
        self.tracker = LinearTracker(
            f"{urls['linear']}/graphql", StaticCredentials.raw(Settings().api_key), ["ENG"]
        )

    def write(self, title: str = "A title", description: str = "**Words**") -> TicketRef:
        """Make the ticket ENG-1."""
        issue = {"identifier": "ENG-1", "title": title, "description": description, "state": "started"}
        self.client.load("linear", {"issues": [issue]})
        return self.tracker.get("ENG-1").ref

    def main(self, show: str = "linear:ENG-1") -> str:
        """Return what changes of the page."""
        return requests.get(f"{self.url}/main", params={"show": show}, timeout=5).text


@pytest.fixture
def page() -> Iterator[Page]:
    sandbox = Sandbox([SlackStandIn, LinearStandIn], clock=SandboxClock(NOW, frozen=True), profile="open")
    yield Page(sandbox)
    sandbox.stop()


def test_a_ticket_shows_its_requests_with_customer_quote_source_and_date(page: Page) -> None:
    page.tracker.link(page.write("White map"), replace(PIECE, is_important=True))

    html = page.main()

    assert "<h1>ENG-1 White map</h1>" in html
    assert '<span class="status">In Progress</span>' in html
    assert "<b>Acme</b> <time>2026-11-20</time>" in html
    assert "<p>The *map* stays white.</p>" in html
    assert f'href="{PIECE.url}#voc={PIECE.key}"' in html
    assert "important" in html
    assert "Links <small>0</small>" in html


def test_a_ticket_without_requests_shows_its_comment_and_its_attachments(page: Page) -> None:
    ref = page.write()
    page.client.load("linear", {"settings": {"customers_enabled": False}})
    page.tracker.annotate(ref, ANNOTATION, None)
    page.tracker.link(ref, PIECE)

    html = page.main()

    assert "<strong>3 people · 2 companies</strong>" in html
    assert "<blockquote>" in html
    assert "<strong>Words</strong>" in html
    assert f">{PIECE.title}</a>" in html
    assert "Customer requests" not in html


def test_the_navigation_leads_to_tickets_that_carry_something(page: Page) -> None:
    page.client.load("linear", {"issues": [{"identifier": "ENG-2", "title": "Bare"}]})
    page.tracker.link(page.write(), PIECE)

    html = page.main("channel:none")

    assert 'href="/?show=linear:ENG-1' in html
    assert "ENG-2" not in html


def test_an_unlinked_request_is_not_shown(page: Page) -> None:
    ref = page.write()
    page.tracker.link(ref, PIECE)
    page.tracker.unlink(ref, PIECE.key)

    assert "ENG-1" not in page.main("channel:none")


def test_hostile_words_are_shown_as_words_wherever_they_stand(page: Page) -> None:
    quote = replace(QUOTE, words=HOSTILE, role=HOSTILE)
    ref = page.write(HOSTILE, HOSTILE)
    page.tracker.link(ref, replace(PIECE, words=HOSTILE))
    page.client.load("linear", {"settings": {"customers_enabled": False}})
    page.tracker.link(ref, replace(PIECE, key="voc:zendesk:8:0", title=HOSTILE, summary=HOSTILE))
    page.tracker.annotate(ref, replace(ANNOTATION, quotes=(quote,)), None)

    html = page.main()

    assert "<script" not in html
    assert "<img" not in html
    assert 'href="javascript' not in html
    assert html.count("&lt;script&gt;") >= 5


@given(st.text(st.sampled_from("<>&[]()!*_`#|-:\"'ax1/ \n")) | st.text())
def test_markdown_lets_no_tag_through(text: str) -> None:
    assert not re.search(r"[<>]", OURS.sub("", str(to_html(text))))


def test_links_leave_the_page() -> None:
    html = to_html("[a](https://a.example)")

    assert html == '<p><a href="https://a.example" target="_blank" rel="noreferrer noopener">a</a></p>\n'
