"""How few requests it takes: the first sync of 10,000 tickets, one without changes, and an annotation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.domain.annotation import Figures
from bot.domain.ticket import TicketRef
from integrations.sandbox.jira.stand_in import JiraServerStandIn, JiraStandIn
from tests.integrations.jira.annotations import ANNOTATION, EVIDENCE, NOW
from tests.integrations.jira.conftest import PERSONAL_TOKEN, Jira

SITES = {"cloud": JiraStandIn, "server": JiraServerStandIn}


@pytest.fixture(params=["cloud", "server"])
def site(request: pytest.FixtureRequest, jira_with: Callable[..., Jira]) -> Jira:
    made: Jira = jira_with("open", SITES[request.param])
    return made if request.param == "cloud" else replace(made, api="/rest/api/2", account=PERSONAL_TOKEN)


@pytest.mark.slow
def test_a_first_sync_of_ten_thousand_takes_at_most_110_requests_and_one_without_changes_at_most_3(
    site: Jira,
) -> None:
    site.load(
        *(
            {"key": f"FLD-{n}", "updated": (NOW - timedelta(minutes=30_000 - n)).isoformat()}
            for n in range(1, 10_001)
        )
    )
    pages = list(site.tracker().changed_since(None))
    first = site.client.counts()["jira"]

    again = list(site.tracker().changed_since(pages[-1].cursor))

    assert len({ticket.key for page in pages for ticket in page.tickets}) == 10_000
    assert sum(len(page.tickets) for page in again) <= 1
    assert first <= 110
    assert site.client.counts()["jira"] - first <= 3


def test_a_ticket_takes_a_write_a_piece_and_two_more_and_none_is_searched(site: Jira) -> None:
    site.load({"key": "FLD-1"}, fields=[{"id": "customfield_1", "name": "Voices", "type": "number"}])
    ref = TicketRef("jira", site.issue("FLD-1")["id"])
    tracker = site.tracker(figure_fields={"people": "Voices"})

    for number in range(10):
        tracker.link(ref, replace(EVIDENCE, key=f"voc:{number}"))
    tracker.annotate(ref, ANNOTATION, None)
    tracker.show_figures(ref, Figures(people=10, companies=1, revenue=None, last_heard=date(2026, 11, 21)))

    writes = [row for row in site.client.requests("jira") if row["method"] != "GET"]
    assert len([row for row in writes if not row["path"].endswith("/comment/list")]) == 10 + 2
    assert not any("search" in row["path"] for row in writes)


def test_what_we_wrote_lately_is_searched_for_by_id_the_same_on_each_page(jira: Jira) -> None:
    jira.load(*({"key": f"FLD-{n}"} for n in range(1, 8)), search_lag_s=120)
    jira.clock.advance(600)
    tracker = jira.tracker(per_page=3)
    [*_, last] = tracker.changed_since(None)
    ref = TicketRef("jira", jira.issue("FLD-3")["id"])
    tracker.link(ref, EVIDENCE)

    again = list(tracker.changed_since(last.cursor))
    jira.clock.advance(400)
    list(tracker.changed_since(last.cursor))

    assert "FLD-3" in [ticket.key for page in again for ticket in page.tickets]
    bodies = [row["body"] for row in jira.asked("POST", "/search/jql")]
    assert [f'"reconcileIssues": [{ref.external_id}]' in body for body in bodies[:3]] == [False] * 3
    assert f'"reconcileIssues": [{ref.external_id}]' in bodies[3]
    assert "reconcileIssues" not in bodies[-1]


def test_at_most_fifty_are_reconciled_those_written_last(jira_with: Callable[..., Jira]) -> None:
    jira = jira_with("open")
    jira.load(*({"key": f"FLD-{n}"} for n in range(1, 71)))
    tracker = jira.tracker()
    for n in range(1, 71):
        tracker.link(TicketRef("jira", jira.issue(f"FLD-{n}")["id"]), EVIDENCE)

    list(tracker.changed_since(None))

    [search] = jira.asked("POST", "/search/jql")
    newest = [int(jira.issue(f"FLD-{n}")["id"]) for n in range(21, 71)]
    assert f'"reconcileIssues": {newest}' in search["body"]
    assert search["status"] == 200


def test_many_are_fetched_a_hundred_a_request(jira: Jira) -> None:
    jira.load(*({"key": f"FLD-{n}"} for n in range(1, 151)))
    ids = [jira.issue(f"FLD-{n}")["id"] for n in range(1, 151)]

    found = jira.tracker(deployment="cloud").many([*ids, "999999"])

    assert len(found) == 150
    assert [row["route"] for row in jira.client.requests("jira")] == ["/rest/api/3/issue/bulkfetch"] * 2
