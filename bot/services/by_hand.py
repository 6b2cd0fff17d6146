"""Feedback that people record themselves, in the words of the customer they heard it from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.domain.feedback import (
    AuthorRole,
    ContextFact,
    ReceivedConversation,
    ReceivedPerson,
    ReceivedTurn,
)
from bot.domain.route import Rules
from bot.domain.search import Named
from bot.errors import RequestError
from bot.repositories import Attributes, UnitOfWork
from bot.services.ingest import prepare, store

SOURCE, CHANNEL, RECORDED_BY = "by hand", "chat", "recorded_by"


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What is recorded. key: the same for the same act; by: whoever records it; inbox: where they did.

    customer: as they call them, "" for nobody known; known: whom that means, None for somebody new.
    """

    key: str
    words: str
    by: str
    at: datetime
    inbox: str = ""
    customer: str = ""
    known: Named | None = None


def record(unit: UnitOfWork, rules: Rules, said: Said) -> int:
    """Store it as a conversation of one turn and return the piece. Raises RequestError without words.

    Within the caller's transaction.
    """
    person = ReceivedPerson(external_id=f"by hand:{said.key}")
    turn = ReceivedTurn(external_id=said.key, role=AuthorRole.CUSTOMER, said_at=said.at, original=said.words)
    received = ReceivedConversation(
        external_id=said.key,
        created_at=said.at,
        updated_at=said.at,
        customer=person,
        turns=(turn,),
        channel=CHANNEL,
        inbox=said.inbox,
        context=(ContextFact(RECORDED_BY, said.by, SOURCE),),
    )
    store(unit, rules, SOURCE, prepare(rules, received), said.at, speaker=_speaker(unit, said))
    stored = unit.conversations.find(SOURCE, said.key)
    pieces = unit.pieces.of_conversation(stored.id) if stored else []
    if not pieces or pieces[0].excluded is not None:
        raise RequestError(
            "There are no words in that to record: a greeting or a number alone says nothing. Give what the "
            "customer said in their own words."
        )
    return pieces[0].id


def _speaker(unit: UnitOfWork, said: Said) -> int:
    """Return the stored person who said it: the known one, somebody of the known company, or a new one."""
    known, nobody = said.known, Attributes()
    if known is not None and known.kind == "person":
        return known.id
    if known is not None:
        somebody = ReceivedPerson(external_id=f"somebody of company {known.id}")
        return unit.people.person(SOURCE, somebody, known.id, nobody, said.at).id
    if not said.customer:
        unknown = ReceivedPerson(external_id=f"by hand:{said.key}")
        return unit.people.person(SOURCE, unknown, None, nobody, said.at).id
    email = said.customer if "@" in said.customer else ""
    name = "" if email else said.customer
    new = ReceivedPerson(external_id=f"called {said.customer.casefold()}", name=name, email=email)
    return unit.people.person(SOURCE, new, None, nobody, said.at).id
