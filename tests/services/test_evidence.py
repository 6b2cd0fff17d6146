"""A piece as evidence: what a tracker is given of it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.domain.annotation import Account, Evidence
from bot.domain.feedback import ContextFact
from bot.services.evidence import evidence_of
from tests.builders import LAST_WEEK, conversation, person, ticket
from tests.services.conftest import Store


def shown(store: Store, **more: Any) -> Evidence:
    [piece] = store.add(conversation("The export stops half way. Write to ann@acme.example.", **more))
    about = store.ticket(ticket())
    with store.work() as unit:
        return evidence_of(unit.tickets.get(about), unit.pieces.voice(piece))


def test_evidence_is_redacted_dated_and_speaks_for_its_company(store: Store) -> None:
    evidence = shown(store)

    assert evidence.key == "voc:zendesk:1:1"
    assert evidence.words == "The export stops half way. Write to [e-mail]."
    assert evidence.said_at == LAST_WEEK
    assert evidence.account == Account(key="acme.example", name="Acme", domains=("acme.example",))


def test_who_has_no_company_speaks_for_none(store: Store) -> None:
    evidence = shown(store, customer=person(company=None))

    assert evidence.account is None


@pytest.mark.parametrize(
    ("severity", "is_important"), [("urgent", True), ("high", True), ("priority", True), ("normal", False)]
)
def test_what_the_support_tool_calls_urgent_is_important(
    store: Store, severity: str, is_important: bool
) -> None:
    evidence = shown(store, context=(ContextFact("severity", severity, "zendesk ticket"),))

    assert evidence.is_important is is_important
