"""The dialog "create a ticket" is taken by Slack whatever a tracker asks, says or is called."""

from __future__ import annotations

import json
from dataclasses import asdict

from hypothesis import given

from bot.domain.asking import FieldKind, TicketField, TicketForm
from integrations.sandbox.slack.reading import view_faults
from integrations.slack.blocks.new_ticket import NewTicket, ended_view, new_ticket_view
from integrations.slack.blocks.review import Session
from tests.integrations.slack.samples import HOSTILE_TEXT
from tests.slack_check.check import Check


def _form(words: str) -> TicketForm:
    choices = tuple((str(n), words) for n in range(100))
    fields = [TicketField(id=kind, name=words, kind=kind, choices=choices) for kind in FieldKind]
    fields.append(TicketField(id="many", name=words, kind=FieldKind.CHOICE, choices=choices * 2))
    return TicketForm(kinds=choices * 2, kind="7", fields=tuple(fields), url="https://acme.example/new")


@given(HOSTILE_TEXT)
def test_it_is_taken_whatever_it_holds(words: str) -> None:
    session = Session(owners=("C0PRODUCT1",) * 20, pieces=tuple(range(100_000, 100_010)))
    form = _form(words)
    new = NewTicket(
        session=json.dumps(asdict(session)),
        projects=[f"SHOP{n}" for n in range(150)],
        project="SHOP7",
        title=words,
        description=words,
        fields={"line": words, "lines": words, "choices": ("1", "2")},
    )
    refused = {one.id: words for one in form.fields} | {"elsewhere": words, "summary": ""}

    views = [
        new_ticket_view(new, None),
        new_ticket_view(new, form, refused, words),
        ended_view(words, words),
    ]

    assert [view_faults(view) for view in views] == [[]] * 3


def test_it_keeps_the_published_rules(slack_check: Check) -> None:
    full = NewTicket(projects=["SHOP"], project="SHOP", fields={"number": "2.5", "date": "2026-12-24"})

    for view in (
        new_ticket_view(full, _form("x")),
        new_ticket_view(NewTicket(projects=["SHOP"], session="{}", title="x"), None),
    ):
        assert slack_check.faults("views.open", {"view": view}) == []
