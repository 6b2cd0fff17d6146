"""Whose words a ticket holds, and what travels with them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from bot.domain.feedback import AuthorRole, ContextFact, Markup, Rating
from integrations.credentials import StaticCredentials
from integrations.records import UNEXPECTED_SHAPE
from integrations.zendesk.mapping import People, conversation
from integrations.zendesk.source import ZendeskSource
from tests.contracts.feedback_sources import Zendesk
from tests.integrations.spoiling import JUNK, paths, spoiled

CHROME = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/138.0 Safari/537.36"
CLEO = {
    "id": 10,
    "name": "Cleo",
    "email": "cleo@acme.example",
    "role": "end-user",
    "locale": "de",
    "created_at": "2024-05-01T08:00:00Z",
    "organization_id": 5,
    "user_fields": {"job": "Buyer", "seats": 7, "empty": None},
}
ANN = {"id": 11, "name": "Ann", "role": "agent"}
ACME = {
    "id": 5,
    "name": "Acme",
    "domain_names": ["acme.example"],
    "organization_fields": {"plan": "Team", "arr": 1200.5},
}
LEFT = {"id": 13, "name": "Ben", "role": "end-user", "active": False}
PEOPLE = People({10: CLEO, 11: ANN, 13: LEFT}, {5: ACME}, {3: "Web shop"})


def ticket(**more: Any) -> dict[str, Any]:
    return {
        "id": 7,
        "requester_id": 10,
        "created_at": "2026-02-01T10:00:00Z",
        "updated_at": "2026-02-01T10:00:00Z",
        "generated_timestamp": 1_770_000_000,
        "subject": "Export",
        "brand_id": 3,
        "via": {"channel": "email"},
        "tags": ["export"],
        **more,
    }


def comment(**more: Any) -> dict[str, Any]:
    return {
        "id": 70,
        "type": "Comment",
        "author_id": 10,
        "public": True,
        "created_at": "2026-02-01T10:00:00Z",
        "plain_body": "It fails",
        "html_body": "<p>It fails</p>",
        "via": {"channel": "email"},
        **more,
    }


@pytest.mark.parametrize(
    ("given", "role"),
    [
        ({}, AuthorRole.CUSTOMER),
        ({"public": False}, AuthorRole.UNKNOWN),
        ({"author_id": 11}, AuthorRole.AGENT),
        ({"author_id": 12}, AuthorRole.UNKNOWN),
        ({"author_id": 13}, AuthorRole.UNKNOWN),
        ({"author_id": None}, AuthorRole.UNKNOWN),
        ({"type": "VoiceComment"}, AuthorRole.UNKNOWN),
        ({"via": {"channel": "rule"}}, AuthorRole.BOT),
        ({"via": {"channel": "chat_transcript"}}, AuthorRole.UNKNOWN),
    ],
)
def test_only_an_end_users_own_public_comment_is_the_customers(
    given: dict[str, Any], role: AuthorRole
) -> None:
    found = conversation(ticket(), [comment(**given)], PEOPLE, "https://acme.zendesk.com")

    assert [turn.role for turn in found.turns] == [role]


def test_what_surrounds_the_words_comes_along() -> None:
    found = conversation(ticket(), [comment()], PEOPLE, "https://acme.zendesk.com")

    assert found.url == "https://acme.zendesk.com/agent/tickets/7"
    assert (found.subject, found.channel, found.inbox, found.tags) == (
        "Export",
        "email",
        "Web shop",
        ("export",),
    )
    assert found.customer.fields == {"user_fields.job": "Buyer", "user_fields.seats": "7"}
    assert found.customer.company is not None
    assert found.customer.company.fields == {
        "organization_fields.plan": "Team",
        "organization_fields.arr": "1200.5",
    }
    assert (found.turns[0].original, found.turns[0].markup) == ("<p>It fails</p>", Markup.HTML)


@pytest.mark.parametrize(
    ("given", "rating"),
    [
        ({"score": "good", "comment": "Thanks"}, Rating(2, 2, "Thanks")),
        ({"score": "bad", "comment": None}, Rating(1, 2)),
        ({"score": "offered"}, None),
        (None, None),
    ],
)
def test_a_rating_keeps_the_vendors_two_steps(given: dict[str, Any] | None, rating: Rating | None) -> None:
    found = conversation(ticket(satisfaction_rating=given), [comment()], PEOPLE, "https://acme.zendesk.com")

    assert found.rating == rating


def test_the_customers_browser_is_kept_and_their_address_is_not() -> None:
    system = {"client": CHROME, "ip_address": "192.0.2.7", "location": "Melbourne", "latitude": -37.0}

    found = conversation(ticket(), [comment(metadata={"system": system})], PEOPLE, "https://acme.zendesk.com")

    assert found.context == (
        ContextFact("locale", "de", "zendesk user"),
        ContextFact("browser", "Chrome 138", "zendesk comment"),
        ContextFact("os", "macOS", "zendesk comment"),
    )
    assert "192.0.2.7" not in repr(found)
    assert "Melbourne" not in repr(found)


def test_an_agents_browser_says_nothing_about_the_customer() -> None:
    answer = comment(author_id=11, metadata={"system": {"client": CHROME}})

    found = conversation(ticket(), [comment(), answer], PEOPLE, "https://acme.zendesk.com")

    assert [fact.kind for fact in found.context] == ["locale"]


def test_a_change_that_leaves_updated_at_alone_still_counts() -> None:
    found = conversation(ticket(), [comment()], PEOPLE, "https://acme.zendesk.com")

    assert found.updated_at.timestamp() == 1_770_000_000


def test_an_api_token_of_an_existing_installation_works(tool: Zendesk) -> None:
    tool.client.load("zendesk", {"api_tokens": [{"email": "admin@example.com", "token": "old"}]})
    credentials = StaticCredentials.basic("admin@example.com/token", "old")

    findings = ZendeskSource(tool.url, credentials, tool.clock, sleep=tool.sleep).check()

    assert all(finding.is_ok for finding in findings)


@given_any(st.data())
def test_a_record_of_any_shape_is_read_or_refused(data: st.DataObject) -> None:
    metadata = {"system": {"client": CHROME}}
    rating = {"score": "good", "comment": "Thanks"}
    sound = {
        "ticket": ticket(satisfaction_rating=rating),
        "comments": [comment(metadata=metadata)],
        "user": CLEO,
        "organization": ACME,
    }
    record = spoiled(sound, data.draw(st.sampled_from(paths(sound))), data.draw(JUNK))
    people = People({10: record["user"]}, {5: record["organization"]}, {})

    try:
        found = conversation(record["ticket"], record["comments"], people, "https://acme.zendesk.com")
    except UNEXPECTED_SHAPE:
        return

    texts = [
        found.external_id,
        found.subject,
        found.channel,
        found.inbox,
        found.customer.name,
        found.customer.email,
    ]
    assert all(
        isinstance(text, str) for text in (*texts, *found.tags, *(turn.original for turn in found.turns))
    )


@pytest.mark.parametrize(("priority", "severity"), [("urgent", ["urgent"]), ("low", ["low"]), (None, [])])
def test_the_priority_of_a_ticket_is_its_stated_severity(priority: str | None, severity: list[str]) -> None:
    found = conversation(ticket(priority=priority), [comment()], PEOPLE, "https://acme.zendesk.com")

    assert [fact.value for fact in found.context if fact.kind == "severity"] == severity
