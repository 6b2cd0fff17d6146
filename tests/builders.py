"""A small cast: short ways to conversations and tickets as the outside gives them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.feedback import (
    AuthorRole,
    Markup,
    ReceivedCompany,
    ReceivedConversation,
    ReceivedPerson,
    ReceivedTurn,
)
from bot.domain.ticket import ReceivedTicket, TicketRef, TicketStage

LAST_WEEK = datetime(2026, 11, 18, 10, tzinfo=UTC)
ACME = ReceivedCompany(external_id="acme", name="Acme", domains=("acme.example",), fields={"plan": "Team"})
BOLT = ReceivedCompany(
    external_id="bolt", name="Bolt", domains=("bolt.example",), fields={"plan": "Business"}
)


def person(name: str = "ann", company: ReceivedCompany | None = ACME, **more: Any) -> ReceivedPerson:
    """Return a customer, at Acme unless told otherwise."""
    domain = company.domains[0] if company else "gmail.com"
    known: dict[str, Any] = {
        "external_id": name,
        "name": name.title(),
        "email": f"{name}@{domain}",
        "company": company,
    }
    return ReceivedPerson(**(known | more))


def turn(text: str, external_id: str = "t1", **more: Any) -> ReceivedTurn:
    """Return a customer's plain turn."""
    known: dict[str, Any] = {"role": AuthorRole.CUSTOMER, "said_at": LAST_WEEK, "markup": Markup.PLAIN}
    return ReceivedTurn(external_id=external_id, original=text, **(known | more))


def conversation(
    text: str, external_id: str = "1", said_at: datetime = LAST_WEEK, **more: Any
) -> ReceivedConversation:
    """Return a conversation of one turn."""
    known: dict[str, Any] = {
        "created_at": said_at,
        "updated_at": said_at,
        "customer": person(),
        "turns": (turn(text, f"{external_id}-t1", said_at=said_at),),
        "url": f"https://help.example/{external_id}",
        "channel": "chat",
    }
    return ReceivedConversation(external_id=external_id, **(known | more))


def ticket(number: int = 1, title: str = "Exports fail", **more: Any) -> ReceivedTicket:
    """Return an open ticket of project APP."""
    known: dict[str, Any] = {
        "ref": TicketRef("jira", str(10_000 + number)),
        "key": f"APP-{number}",
        "project": "APP",
        "title": title,
        "body": "",
        "stage": TicketStage.OPEN,
        "status": "To Do",
        "created_at": LAST_WEEK - timedelta(days=30),
        "updated_at": LAST_WEEK - timedelta(days=30),
        "url": f"https://jira.example/browse/APP-{number}",
    }
    return ReceivedTicket(**(known | more))
