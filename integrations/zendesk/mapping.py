"""Zendesk's records as the domain's: whose words they are, who said them, and in what circumstances."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.domain.feedback import (
    SEVERITY,
    AuthorRole,
    ContextFact,
    Markup,
    Rating,
    ReceivedCompany,
    ReceivedConversation,
    ReceivedPerson,
    ReceivedTurn,
)
from integrations.records import moment, text
from integrations.user_agent import browser_and_os

Record = dict[str, Any]
REDACTED = "\u2587"
# Agents and customers in one comment: nobody's own words.
TRANSCRIPTS = frozenset({"chat_transcript", "native_messaging_transcript"})
RATINGS = {"bad": 1, "good": 2}


@dataclass(frozen=True, slots=True)
class People:
    """What is known of the people, organisations and brands that a page names."""

    users: Mapping[int, Record]
    organizations: Mapping[int, Record]
    brands: Mapping[int, str]


def conversation(
    ticket: Record, comments: Sequence[Record], people: People, base_url: str
) -> ReceivedConversation:
    """Return the ticket as a conversation. Raises one of UNEXPECTED_SHAPE."""
    requester_id = int(ticket["requester_id"])
    turns = tuple(_turn(comment, people.users) for comment in comments)
    return ReceivedConversation(
        external_id=str(ticket["id"]),
        created_at=_time(ticket["created_at"]),
        updated_at=_changed_at(ticket),
        customer=_person(requester_id, ticket.get("organization_id"), people),
        turns=turns,
        subject=text(ticket.get("subject")),
        url=f"{base_url}/agent/tickets/{ticket['id']}",
        channel=str((ticket.get("via") or {}).get("channel") or ""),
        inbox=people.brands.get(ticket.get("brand_id") or 0, str(ticket.get("brand_id") or "")),
        tags=tuple(text(tag) for tag in ticket.get("tags") or ()),
        rating=_rating(ticket.get("satisfaction_rating") or {}),
        context=(*_severity(ticket), *_context(requester_id, comments, people.users)),
    )


def people_named(tickets: Sequence[Record], comments: Mapping[int, Sequence[Record]]) -> set[int]:
    """Return the ids of the requesters and of all authors."""
    requesters = [ticket.get("requester_id") for ticket in tickets]
    authors = [comment.get("author_id") for listed in comments.values() for comment in listed]
    return {found for found in (*requesters, *authors) if isinstance(found, int) and found > 0}


def _changed_at(ticket: Record) -> datetime:
    # Automations change a ticket without touching updated_at.
    stamp = ticket.get("generated_timestamp")
    return moment(stamp) if stamp is not None else _time(ticket["updated_at"])


def _turn(comment: Record, users: Mapping[int, Record]) -> ReceivedTurn:
    marked_up = comment.get("html_body")
    original = text(marked_up or comment.get("plain_body") or comment.get("body"))
    return ReceivedTurn(
        external_id=str(comment["id"]),
        role=_role(comment, users.get(comment.get("author_id") or 0, {})),
        said_at=_time(comment["created_at"]),
        original=original,
        markup=Markup.HTML if marked_up else Markup.PLAIN,
        author_id=str(comment.get("author_id") or ""),
        public=comment.get("public") is True,
        redacted=REDACTED in original,
    )


def _role(comment: Record, author: Record) -> AuthorRole:
    channel = (comment.get("via") or {}).get("channel")
    if channel in ("rule", "system"):
        return AuthorRole.BOT
    if author.get("role") in ("agent", "admin"):
        return AuthorRole.AGENT
    # An agent who has left is listed as an inactive end user.
    is_customer = author.get("role") == "end-user" and author.get("active") is not False
    is_own_words = comment.get("type") == "Comment" and channel not in TRANSCRIPTS
    if is_customer and is_own_words and comment.get("public") is True:
        return AuthorRole.CUSTOMER
    return AuthorRole.UNKNOWN


def _person(user_id: int, organization_id: int | None, people: People) -> ReceivedPerson:
    user = people.users.get(user_id, {})
    organization = people.organizations.get(organization_id or user.get("organization_id") or 0)
    facts = {key: user.get(key) for key in ("external_id", "time_zone")}
    return ReceivedPerson(
        external_id=str(user_id),
        name=text(user.get("name")),
        email=text(user.get("email")),
        language=text(user.get("locale")),
        since=_time(user["created_at"]) if user.get("created_at") else None,
        company=_company(organization) if organization else None,
        fields=_flat(facts, user.get("user_fields"), "user_fields"),
    )


def _company(organization: Record) -> ReceivedCompany:
    facts = {"external_id": organization.get("external_id")}
    return ReceivedCompany(
        external_id=str(organization["id"]),
        name=text(organization.get("name")),
        domains=tuple(text(name) for name in organization.get("domain_names") or ()),
        fields=_flat(facts, organization.get("organization_fields"), "organization_fields"),
    )


def _flat(facts: Record, custom: Record | None, prefix: str) -> dict[str, str]:
    """Return all facts that have a value as text, custom fields under their prefix."""
    named = facts | {f"{prefix}.{key}": value for key, value in (custom or {}).items()}
    return {key: str(value) for key, value in named.items() if value not in (None, "")}


def _rating(given: Record) -> Rating | None:
    # Scores come with or without "_with_comment", by endpoint.
    score = RATINGS.get(str(given.get("score", "")).removesuffix("_with_comment"))
    return Rating(score, len(RATINGS), text(given.get("comment"))) if score else None


def _severity(ticket: Record) -> Iterator[ContextFact]:
    if priority := ticket.get("priority"):
        yield ContextFact(SEVERITY, text(priority), "zendesk ticket")


def _context(
    requester_id: int, comments: Sequence[Record], users: Mapping[int, Record]
) -> Iterator[ContextFact]:
    """Yield the requester's locale, and browser and system as last seen; addresses and places stay behind."""
    if locale := users.get(requester_id, {}).get("locale"):
        yield ContextFact("locale", text(locale), "zendesk user")
    for comment in reversed(comments):
        client = ((comment.get("metadata") or {}).get("system") or {}).get("client")
        if client and comment.get("author_id") == requester_id:
            yield from (ContextFact(kind, value, "zendesk comment") for kind, value in browser_and_os(client))
            return


def _time(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError("a time without an offset")
    return moment.astimezone(UTC)
