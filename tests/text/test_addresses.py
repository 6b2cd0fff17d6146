from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.addresses import names_in, place_of

SAME = {
    "Zendesk": [
        "https://acme.zendesk.com/agent/tickets/12",
        "https://ACME.zendesk.com/agent/tickets/12/",
        "https://acme.zendesk.com/agent/#/tickets/12",
        "https://acme.zendesk.com/api/v2/tickets/12.json",
        "https://acme.zendesk.com/hc/en-us/requests/12?page=1",
        "https://acme.zendesk.com/requests/12",
        "https://acme.zendesk.com:443/tickets/12#comment",
    ],
    "Intercom": [
        "https://app.intercom.com/a/inbox/ab12/inbox/shared/all/conversation/9900?view=List",
        "https://app.intercom.com/a/apps/ab12/conversations/9900",
        "https://app.eu.intercom.com/a/inbox/ab12/inbox/conversation/9900",
        "https://api.intercom.io/conversations/9900",
    ],
    "Front": [
        "https://app.frontapp.com/open/cnv_1a2b",
        "https://app.frontapp.com/inboxes/teams/folders/3/unassigned/open/cnv_1a2b",
        "https://api2.frontapp.com/conversations/cnv_1a2b",
    ],
    "any other": [
        "https://help.example/threads/7",
        "https://Help.example/threads/7/?utm_source=jira#top",
    ],
}
APART = [
    "https://acme.zendesk.com/agent/tickets/12",
    "https://acme.zendesk.com/agent/tickets/123",
    "https://bolt.zendesk.com/agent/tickets/12",
    "https://help.example/tickets/12",
    "https://help.example/requests/12",
    "https://help.example/tickets/12?a=1",
    "https://app.intercom.com/a/apps/ab12/conversations/12",
    "https://app.frontapp.com/open/cnv_12",
    "https://notintercom.com/conversations/12",
]


@pytest.mark.parametrize("urls", SAME.values(), ids=SAME.keys())
def test_all_addresses_of_a_conversation_are_one_place(urls: list[str]) -> None:
    assert len({place_of(url) for url in urls}) == 1
    assert place_of(urls[0])


def test_addresses_of_different_conversations_are_different_places() -> None:
    assert len({place_of(url) for url in APART}) == len(APART)


@pytest.mark.parametrize("url", ["", "mailto:a@b.example", "javascript:1", "https://", "https://[::1", "x"])
def test_what_is_no_web_address_is_no_place(url: str) -> None:
    assert place_of(url) == ""


@pytest.mark.parametrize("urls", SAME.values(), ids=SAME.keys())
def test_an_address_names_the_conversations_id(urls: list[str]) -> None:
    names = [set(names_in(url)) for url in urls]

    assert set.intersection(*names) & {"12", "9900", "cnv_1a2b", "7"}


@given(st.text())
def test_any_text_has_a_place_or_none(text: str) -> None:
    assert place_of(text) == place_of(f" {text} ") or not text.strip()
    assert all(names_in(text))


@given(
    st.integers(1, 10**9), st.sampled_from(["/agent/tickets/{}", "/api/v2/tickets/{}.json", "/requests/{}"])
)
def test_a_ticket_at_zendesk_is_one_place_by_its_number(number: int, path: str) -> None:
    assert place_of("https://acme.zendesk.com" + path.format(number)) == f"zendesk acme.zendesk.com {number}"
