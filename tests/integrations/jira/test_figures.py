"""The figures in a ticket's own fields: one edit, by id or name, quiet where that is allowed."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from bot.domain.annotation import Figures
from bot.domain.ticket import TicketRef
from bot.errors import AnswerError, NotFoundError
from tests.integrations.jira.conftest import Jira

FIELDS: list[dict[str, Any]] = [
    {"id": "customfield_10050", "name": "Voices", "type": "number"},
    {"id": "customfield_10051", "name": "Accounts", "type": "number"},
    {"id": "customfield_10052", "name": "Revenue a year", "type": "number"},
    {"id": "customfield_10053", "name": "Last heard", "type": "date"},
    {"id": "customfield_10054", "name": "Note"},
    {"id": "customfield_10055", "name": "Hidden", "type": "number", "editable": False},
    {"id": "customfield_10056", "name": "Twice", "type": "number"},
    {"id": "customfield_10057", "name": "Twice", "type": "number"},
]
NAMED = {
    "people": "customfield_10050",
    "companies": "accounts",
    "revenue": "Revenue a year",
    "last_heard": "Last heard",
}
FIGURES = Figures(people=7, companies=3, revenue=Decimal("42000.50"), last_heard=date(2026, 11, 21))
WRITTEN = {
    "customfield_10050": 7,
    "customfield_10051": 3,
    "customfield_10052": 42000.5,
    "customfield_10053": "2026-11-21",
}


@pytest.fixture(params=["jira", "server"])
def site(request: pytest.FixtureRequest) -> Jira:
    found: Jira = request.getfixturevalue(request.param)
    found.load({"key": "FLD-1"}, fields=FIELDS)
    return found


def ref_of(site: Jira) -> TicketRef:
    return TicketRef("jira", site.issue("FLD-1")["id"])


def test_all_figures_are_written_in_one_edit_by_id_or_by_name(site: Jira) -> None:
    tracker = site.tracker(figure_fields=NAMED)

    tracker.show_figures(ref_of(site), FIGURES)
    tracker.show_figures(ref_of(site), FIGURES)

    assert tracker.keeps_figures
    assert site.issue("FLD-1")["values"] == WRITTEN
    assert len(site.asked("PUT")) == 2
    assert len(site.asked("GET", "/field")) == 1


def test_revenue_in_several_currencies_clears_its_field(site: Jira) -> None:
    tracker = site.tracker(figure_fields=NAMED)
    tracker.show_figures(ref_of(site), FIGURES)

    tracker.show_figures(
        ref_of(site), Figures(people=7, companies=3, revenue=None, last_heard=date(2026, 1, 1))
    )

    assert site.issue("FLD-1")["values"]["customfield_10052"] is None


@pytest.mark.parametrize(("is_admin", "mails"), [(True, 0), (False, 3)])
def test_watchers_are_spared_where_the_account_may_do_so(site: Jira, is_admin: bool, mails: int) -> None:
    site.load(admin=is_admin)

    site.tracker(figure_fields=NAMED).show_figures(ref_of(site), FIGURES)

    assert site.issue("FLD-1")["values"] == WRITTEN
    assert site.issue("FLD-1")["mails"] == mails


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("Gone", "there is no field Gone"),
        ("customfield_99", "there is no field customfield_99"),
        ("Note", "the field Note holds string: it must be one for a number"),
        ("Last heard", "the field Last heard holds date"),
        ("twice", "choose of customfield_10056, customfield_10057"),
        ("Hidden", "Hidden: not on the ticket's edit screen"),
    ],
)
def test_a_field_that_cannot_hold_a_figure_is_named(site: Jira, field: str, told: str) -> None:
    with pytest.raises(AnswerError, match=told):
        site.tracker(figure_fields={"people": field}).show_figures(ref_of(site), FIGURES)


def test_a_missing_ticket_is_told_as_such(site: Jira) -> None:
    with pytest.raises(NotFoundError):
        site.tracker(figure_fields=NAMED).show_figures(TicketRef("jira", "999999"), FIGURES)


def test_without_named_fields_nothing_is_asked(site: Jira) -> None:
    tracker = site.tracker()

    tracker.show_figures(ref_of(site), FIGURES)

    assert not tracker.keeps_figures
    assert site.client.requests("jira") == []


def test_a_figure_that_is_none_is_refused_at_once(site: Jira) -> None:
    with pytest.raises(ValueError, match="no figure is named votes"):
        site.tracker(figure_fields={"votes": "Voices"})
