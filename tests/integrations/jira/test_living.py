"""The living comment: made anew once where somebody deleted it, and not against people's will."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.ticket import TicketRef
from bot.errors import AnswerError, NotFoundError, UncertainError
from tests.integrations.jira.annotations import ANNOTATION
from tests.integrations.jira.conftest import Jira


@pytest.fixture(params=["jira", "server"])
def site(request: pytest.FixtureRequest) -> Jira:
    found: Jira = request.getfixturevalue(request.param)
    found.load({"key": "FLD-1"})
    return found


def ref_of(site: Jira) -> TicketRef:
    return TicketRef("jira", site.issue("FLD-1")["id"])


def comments(site: Jira) -> list[str]:
    return [comment["id"] for comment in site.issue("FLD-1")["comments"]]


def delete(site: Jira) -> None:
    """Let somebody delete the comment that is there."""
    [comment] = comments(site)
    assert site.ask("DELETE", f"issue/FLD-1/comment/{comment}").status_code == 204


def test_a_deleted_comment_is_made_anew_and_edited_from_then_on(site: Jira) -> None:
    first = site.tracker().annotate(ref_of(site), ANNOTATION, None)
    delete(site)

    second = site.tracker().annotate(ref_of(site), ANNOTATION, first)
    third = site.tracker().annotate(ref_of(site), replace(ANNOTATION, pieces=99), second)

    assert second == third != first
    assert second == f"{comments(site)[0]}:again"
    assert site.tracker().find_annotation(ref_of(site)) == second


def test_a_comment_that_was_deleted_twice_stays_away(site: Jira) -> None:
    first = site.tracker().annotate(ref_of(site), ANNOTATION, None)
    delete(site)
    second = site.tracker().annotate(ref_of(site), ANNOTATION, first)
    delete(site)

    for _ in range(2):
        with pytest.raises(AnswerError, match="deleted the comment twice"):
            site.tracker().annotate(ref_of(site), ANNOTATION, second)

    assert comments(site) == []


def test_the_comment_of_an_account_used_before_is_told_with_what_to_do(site: Jira) -> None:
    site.load({"key": "FLD-1", "comments": [{"author": "Ada", "body": "Old"}]})
    [before] = comments(site)

    with pytest.raises(AnswerError, match="Edit all comments"):
        site.tracker().annotate(ref_of(site), ANNOTATION, before)

    assert comments(site) == [before]


def test_making_it_anew_with_a_lost_answer_leaves_one(site: Jira) -> None:
    first = site.tracker().annotate(ref_of(site), ANNOTATION, None)
    delete(site)
    site.client.fault("lost", vendor="jira", method="POST", path=".*/comment")
    with pytest.raises(UncertainError):
        site.tracker().annotate(ref_of(site), ANNOTATION, first)

    second = site.tracker().annotate(ref_of(site), ANNOTATION, first)

    assert [second] == [f"{comment}:again" for comment in comments(site)]


def test_a_deleted_ticket_is_not_taken_for_a_deleted_comment(site: Jira) -> None:
    ref = ref_of(site)
    first = site.tracker().annotate(ref, ANNOTATION, None)
    site.client.load("jira", {"deleted": ["FLD-1"]})

    with pytest.raises(NotFoundError):
        site.tracker().annotate(ref, ANNOTATION, f"{first}:again")
