"""Whose words a conversation holds, and what travels with them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given as given_any
from hypothesis import strategies as st

from bot.domain.feedback import AuthorRole, ContextFact, Rating
from integrations.intercom.mapping import company_id, conversation, customer_id
from integrations.records import UNEXPECTED_SHAPE
from tests.integrations.spoiling import JUNK, paths, spoiled

CLEO = {"type": "user", "id": "c1", "name": "Cleo", "email": "cleo@acme.example"}
ANN = {"type": "admin", "id": "2", "name": "Ann"}
FIN = {"type": "bot", "id": "3", "name": "Fin"}
CONTACT = {
    "id": "c1",
    "name": "Cleo",
    "email": "cleo@acme.example",
    "signed_up_at": 1_700_000_000,
    "browser": "chrome",
    "browser_version": "138.0",
    "browser_language": "de",
    "os": "Windows 11",
    "android_app_version": "4.2",
    "location": {"city": "Dublin"},
    "custom_attributes": {"job": "Buyer", "vip": True, "nothing": None, "nested": {"a": 1}},
}
COMPANY = {
    "id": "co1",
    "name": "Acme",
    "plan": {"name": "Team"},
    "monthly_spend": 90,
    "website": "https://www.acme.example/about",
    "custom_attributes": {"region": "north"},
}


def found(source: dict[str, Any] | None = None, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    opening = {
        "type": "conversation",
        "id": "9",
        "delivered_as": "customer_initiated",
        "body": "<p>It fails</p>",
    }
    return {
        "id": "7",
        "created_at": 1_770_000_000,
        "updated_at": 1_770_000_100,
        "source": {**opening, "author": CLEO, **(source or {})},
        "contacts": {"contacts": [{"type": "contact", "id": "c1"}]},
        "conversation_parts": {"conversation_parts": list(parts)},
        **more,
    }


def part(**more: Any) -> dict[str, Any]:
    return {
        "id": "70",
        "part_type": "comment",
        "body": "<p>Hm</p>",
        "author": CLEO,
        "created_at": 1_770_000_050,
        **more,
    }


@pytest.mark.parametrize(
    ("source", "role"),
    [
        ({}, AuthorRole.CUSTOMER),
        ({"author": {**CLEO, "type": "lead"}}, AuthorRole.CUSTOMER),
        ({"delivered_as": "automated"}, AuthorRole.UNKNOWN),
        ({"type": "twitter"}, AuthorRole.UNKNOWN),
        ({"author": ANN, "delivered_as": "admin_initiated"}, AuthorRole.AGENT),
        ({"author": ANN, "delivered_as": "automated"}, AuthorRole.BOT),
        ({"author": ANN, "delivered_as": "campaigns_initiated"}, AuthorRole.BOT),
        ({"author": FIN, "delivered_as": "operator_initiated"}, AuthorRole.BOT),
        ({"author": {"type": "stranger", "id": "5"}}, AuthorRole.UNKNOWN),
    ],
)
def test_an_opening_is_the_customers_only_if_they_began(source: dict[str, Any], role: AuthorRole) -> None:
    read = conversation(found(source), CONTACT, None, {})

    assert [turn.role for turn in read.turns] == [role]


@pytest.mark.parametrize(
    ("given", "role", "public"),
    [
        ({}, AuthorRole.CUSTOMER, True),
        ({"part_type": "quick_reply"}, AuthorRole.UNKNOWN, True),
        ({"author": ANN}, AuthorRole.AGENT, True),
        ({"author": ANN, "part_type": "note"}, AuthorRole.AGENT, False),
        ({"author": FIN}, AuthorRole.BOT, True),
        ({"author": {**ANN, "from_ai_agent": True}}, AuthorRole.BOT, True),
        ({"author": {**CLEO, "is_ai_answer": True}}, AuthorRole.BOT, True),
        ({"author": {}}, AuthorRole.UNKNOWN, True),
    ],
)
def test_a_part_is_the_customers_only_if_they_wrote_it(
    given: dict[str, Any], role: AuthorRole, public: bool
) -> None:
    turn = conversation(found(None, part(**given)), CONTACT, None, {}).turns[1]

    assert (turn.role, turn.public) == (role, public)


def test_events_without_words_are_no_turns() -> None:
    read = conversation(found(None, part(part_type="assignment", body=None)), CONTACT, None, {})

    assert len(read.turns) == 1


def test_a_redacted_part_keeps_its_place_and_loses_the_notice() -> None:
    read = conversation(
        found(None, part(redacted=True, body="<p>This message was deleted</p>")), CONTACT, None, {}
    )

    assert (read.turns[1].original, read.turns[1].redacted) == ("", True)


def test_what_surrounds_the_words_comes_along() -> None:
    tags = {"tags": [{"name": "export"}]}

    read = conversation(
        found(tags=tags, team_assignee_id=44, title="Export"), CONTACT, COMPANY, {"id_code": "app1"}
    )

    assert read.url == "https://app.intercom.com/a/inbox/app1/inbox/conversation/7"
    assert (read.subject, read.channel, read.inbox, read.tags) == (
        "Export",
        "conversation",
        "44",
        ("export",),
    )
    assert read.customer.fields == {"custom_attributes.job": "Buyer", "custom_attributes.vip": "True"}
    assert read.customer.company is not None
    assert read.customer.company.domains == ("acme.example",)
    assert read.customer.company.fields == {
        "monthly_spend": "90",
        "plan": "Team",
        "custom_attributes.region": "north",
    }


def test_what_they_use_is_kept_and_where_they_are_is_not() -> None:
    read = conversation(found(), CONTACT, None, {})

    assert [(fact.kind, fact.value) for fact in read.context] == [
        ("locale", "de"),
        ("browser", "chrome 138.0"),
        ("os", "Windows 11"),
        ("app_version", "4.2"),
    ]
    assert all(fact == ContextFact(fact.kind, fact.value, "intercom contact") for fact in read.context)
    assert "Dublin" not in repr(read)


@pytest.mark.parametrize(
    ("given", "rating"),
    [
        ({"conversation_rating": {"rating": 4, "remark": "Quick"}}, Rating(4, 5, "Quick")),
        ({"conversation_rating": {"rating": 1, "remark": None}}, Rating(1, 5)),
        ({"conversation_rating": None, "ai_agent": {"rating": 2, "rating_remark": "No"}}, Rating(2, 5, "No")),
        ({}, None),
    ],
)
def test_a_rating_comes_with_its_scale(given: dict[str, Any], rating: Rating | None) -> None:
    assert conversation(found(**given), CONTACT, None, {}).rating == rating


def test_a_workspace_in_europe_links_to_its_own_host() -> None:
    read = conversation(found(), CONTACT, None, {"id_code": "app1", "region": "EU"})

    assert read.url.startswith("https://app.eu.intercom.com/")


@given_any(st.data())
def test_a_record_of_any_shape_is_read_or_refused(data: st.DataObject) -> None:
    rating = {"rating": 4, "remark": "Quick"}
    tags = {"tags": [{"name": "export"}]}
    sound = {
        "found": found(
            None, part(), conversation_rating=rating, tags=tags, statistics={"count_conversation_parts": 1}
        ),
        "contact": {**CONTACT, "companies": {"data": [{"id": "co1"}]}},
        "company": COMPANY,
        "workspace": {"id_code": "app1", "region": "US"},
    }
    record = spoiled(sound, data.draw(st.sampled_from(paths(sound))), data.draw(JUNK))

    try:
        customer_id(record["found"])
        company_id(record["found"], record["contact"])
        read = conversation(record["found"], record["contact"], record["company"], record["workspace"])
    except UNEXPECTED_SHAPE:
        return

    texts = [
        read.external_id,
        read.subject,
        read.channel,
        read.inbox,
        read.customer.name,
        read.customer.email,
    ]
    assert all(
        isinstance(text, str) for text in (*texts, *read.tags, *(turn.original for turn in read.turns))
    )


@pytest.mark.parametrize(("priority", "severity"), [("priority", ["priority"]), ("not_priority", [])])
def test_a_conversation_marked_as_priority_has_a_stated_severity(priority: str, severity: list[str]) -> None:
    read = conversation(found(priority=priority), CONTACT, None, {})

    assert [fact.value for fact in read.context if fact.kind == "severity"] == severity
