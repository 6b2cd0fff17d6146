"""Which ticket took another's place: told once the other is closed."""

from __future__ import annotations

import pytest

from tests.integrations.jira.conftest import Jira


@pytest.fixture(params=["jira", "server"])
def site(request: pytest.FixtureRequest) -> Jira:
    found: Jira = request.getfixturevalue(request.param)
    found.load({"key": "FLD-1"}, {"key": "FLD-2"})
    return found


def test_a_closed_ticket_names_the_one_that_it_duplicates(site: Jira) -> None:
    site.load({"key": "FLD-2", "duplicates": ["FLD-1"], "statusCategory": "done"})

    repeated, survivor = site.tracker().get("FLD-2"), site.tracker().get("FLD-1")

    assert repeated.duplicate_of == survivor.ref.external_id
    assert survivor.duplicate_of == ""


def test_the_survivor_is_no_duplicate_when_it_is_closed_itself(site: Jira) -> None:
    site.load({"key": "FLD-2", "duplicates": ["FLD-1"]}, {"key": "FLD-1", "statusCategory": "done"})

    assert site.tracker().get("FLD-1").duplicate_of == ""


def test_a_link_on_a_ticket_that_is_open_moves_nothing_yet(site: Jira) -> None:
    site.load({"key": "FLD-2", "duplicates": ["FLD-1"]})

    assert site.tracker().get("FLD-2").duplicate_of == ""


def test_a_survivor_that_is_hidden_from_us_is_none(site: Jira) -> None:
    site.client.load("jira", {"projects": [{"key": "SEC", "hidden": True}]})
    site.load({"key": "SEC-1"})
    site.load({"key": "FLD-2", "duplicates": ["SEC-1"], "statusCategory": "done"})

    assert site.tracker().get("FLD-2").duplicate_of == ""


def test_every_way_of_reading_tells_it(site: Jira) -> None:
    site.load({"key": "FLD-2", "duplicates": ["FLD-1"], "statusCategory": "done"})
    survivor, repeated = (site.issue(key)["id"] for key in ("FLD-1", "FLD-2"))

    [many] = site.tracker().many([repeated])
    listed = [t for page in site.tracker().changed_since(None) for t in page.tickets if t.key == "FLD-2"]

    assert {many.duplicate_of, *(ticket.duplicate_of for ticket in listed)} == {survivor}
