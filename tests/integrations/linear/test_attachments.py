"""Without customer requests: one attachment a piece, and one living comment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.annotation import Reach
from bot.errors import AnswerError
from integrations.linear.mapping import our_id
from tests.contracts.ticket_trackers import ANNOTATION
from tests.integrations.linear.conftest import Linear
from tests.integrations.linear.seeing import visible
from tests.integrations.linear.test_requests import PIECE


@pytest.fixture(autouse=True)
def _without_requests(linear: Linear) -> None:
    linear.load(settings={"customers_enabled": False})


def test_a_piece_becomes_an_attachment_and_a_repeat_writes_nothing(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()

    first, second = tracker.link(ref, PIECE), tracker.link(ref, PIECE)

    [shown] = linear.issue("ENG-1")["attachments"]
    assert first == second == shown["id"]
    assert (shown["title"], shown["metadata"]) == (PIECE.title, {"voc": PIECE.key})
    assert linear.asked("mutation") == ["CreateAttachment"]


def test_an_attachment_whose_address_has_changed_leaves_no_other_behind(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    tracker.link(ref, PIECE)

    tracker.link(ref, replace(PIECE, url="https://help.acme.example/new/7"))

    urls = [one["url"] for one in linear.issue("ENG-1")["attachments"]]
    assert urls == [f"https://help.acme.example/new/7#voc={PIECE.key}"]


def test_a_workspace_that_loses_its_requests_meanwhile_gets_attachments(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    linear.load(settings={"customers_enabled": True})
    tracker.link(ref, PIECE)
    linear.load(settings={"customers_enabled": False})

    tracker.link(ref, replace(PIECE, key="voc:zendesk:8:0"))
    made = tracker.annotate(ref, ANNOTATION, None)

    assert [one["metadata"] for one in linear.issue("ENG-1")["attachments"]][1:] == [
        {"voc": "voc:zendesk:8:0"}
    ]
    assert [one["id"] for one in linear.issue("ENG-1")["comments"]] == [made]


def test_the_comment_is_edited_in_place_in_one_request(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    made = tracker.annotate(ref, ANNOTATION, None)
    before = len(linear.asked("mutation"))

    tracker.annotate(ref, replace(ANNOTATION, reach=Reach(99, 2)), made)

    [shown] = linear.issue("ENG-1")["comments"]
    assert (shown["id"], shown["edited"], before) == (made, True, 1)
    assert visible(shown["body"]).startswith("99 people")
    assert linear.asked("mutation")[1:] == ["UpdateComment"]


def test_a_comment_made_anew_has_another_id_and_is_found_by_it(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    first = tracker.annotate(ref, ANNOTATION, None)
    linear.client.load("linear", {"removed_comments": [first]})

    second = tracker.annotate(ref, ANNOTATION, first)

    assert first != second
    assert tracker.find_annotation(ref) == second
    assert [one["id"] for one in linear.issue("ENG-1")["comments"]] == [second]


def test_a_comment_of_an_account_used_before_is_left_and_ours_is_made_beside_it(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    before = our_id("comment", f"{ref.external_id} 0")
    linear.load({"identifier": "ENG-1", "comments": [{"id": before, "author": "Ada", "body": "Old"}]})

    made = tracker.annotate(ref, ANNOTATION, before)
    again = tracker.annotate(ref, replace(ANNOTATION, reach=Reach(99, 2)), made)
    found = tracker.annotate(ref, ANNOTATION, None)

    assert made == again == found != before
    assert [one["body"] == "Old" for one in linear.issue("ENG-1")["comments"]] == [True, False]


def test_a_comment_that_is_removed_again_and_again_is_given_up(linear: Linear) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    for _ in range(10):
        made = tracker.annotate(ref, ANNOTATION, None)
        linear.client.load("linear", {"removed_comments": [made]})

    with pytest.raises(AnswerError, match="removed 10 times"):
        tracker.annotate(ref, ANNOTATION, None)


@pytest.mark.parametrize("do", ["lost", "half"])
def test_a_write_whose_answer_is_lost_leaves_one_of_each(linear: Linear, do: str) -> None:
    ref, tracker = linear.ref(), linear.tracker()
    acts: dict[str, Callable[[], object]] = {
        "commentCreate": lambda: tracker.annotate(ref, ANNOTATION, None),
        "attachmentCreate": lambda: tracker.link(ref, PIECE),
    }

    for mutation, act in acts.items():
        linear.client.fault(do, vendor="linear", containing=mutation)
        act()

    shown = linear.issue("ENG-1")
    assert (len(shown["comments"]), len(shown["attachments"])) == (1, 1)


def test_unlinking_deletes_our_attachment_alone(linear: Linear) -> None:
    linear.load({"identifier": "ENG-1", "attachments": [{"url": PIECE.url, "title": "Theirs"}]})
    ref, tracker = linear.ref(), linear.tracker()
    tracker.link(ref, PIECE)

    tracker.unlink(ref, PIECE.key)

    assert [one["title"] for one in linear.issue("ENG-1")["attachments"]] == ["Theirs"]
