"""What customers take back is followed everywhere, and what a project does not allow is not done."""

from __future__ import annotations

from datetime import timedelta

from tests.journeys.company import SOME
from tests.journeys.conftest import Stage
from tests.journeys.outside import Outside

ALL_OFF, NO_WRITING = (False, False), (True, False)


def test_words_that_are_taken_back_leave_ticket_and_card_within_the_hour(stage: Stage) -> None:
    gone = (
        "month's report is late",
        "every Friday I copy",
        "The auditors ask",
        "the file ends in the middle",
    )
    with stage.unread_lives() as lives:
        lives.prepare(with_feedback=False)
        lives.drain_through_deaths()
        world = lives.outside
        before = _shown(world)

        world.load("zendesk", delete=[2], redact=[{"ticket_id": 1, "text": "the month's report is late"}])
        world.load("intercom", redact=[{"conversation_id": "4"}])
        opening = next(c["source"] for c in world.state("intercom")["conversations"] if c["id"] == "3")
        edited = {**opening, "body": "<p>Is APP-1 planned? Our accountants wait for the whole of it.</p>"}
        world.load("intercom", update=[{"id": "3", "source": edited}])
        lives.pass_time(timedelta(minutes=30))
        lives.drain_through_deaths()

        after = _shown(world)
        assert all(words in before for words in gone)
        assert not [words for words in gone if words in after], lives.log
        assert "Our accountants wait" in after
        assert [key for key, _ in world.held().links["APP-1"]] == [
            "voc:intercom:3:1",
            "voc:zendesk:13:1",
            "voc:zendesk:1:1",
        ]


def test_a_word_blacked_out_in_a_quote_does_not_wait_for_the_comments_daily_edit(stage: Stage) -> None:
    with stage.unread_lives() as lives:
        lives.prepare(with_feedback=False)
        lives.drain_through_deaths()

        lives.outside.load("zendesk", redact=[{"ticket_id": 1, "text": "the month's report is late"}])
        lives.pass_time(timedelta(minutes=30))
        lives.drain_through_deaths()

        assert "report is late" not in _shown(lives.outside), lives.log


def test_nothing_is_written_to_a_project_that_does_not_allow_it(stage: Stage) -> None:
    with stage.unread_lives() as lives:
        lives.prepare({"APP": NO_WRITING, "WEB": (True, True)}, with_feedback=False)

        lives.drain_through_deaths()

        held = lives.outside.held()
        assert held.links["APP-1"] == []
        assert held.comments["APP-1"] == []
        assert len(held.links["WEB-1"]) == 1
        assert len(held.cards) == len(SOME)


def test_shadow_mode_only_proposes(stage: Stage) -> None:
    with stage.unread_lives() as lives:
        lives.prepare(dict.fromkeys(("APP", "WEB"), ALL_OFF), with_feedback=False)

        lives.drain_through_deaths()

        held = lives.outside.held()
        assert not any(held.links.values())
        assert not any(held.comments.values())
        [(_, inbox)] = held.cards
        assert f"{len(SOME)} proposals wait for a decision" in inbox
        assert "Attached" not in inbox


def _shown(world: Outside) -> str:
    """Return all words of customers that the tickets and the cards show."""
    held = world.held()
    links = [title for links in held.links.values() for _, title in links]
    return "\n".join(
        [*links, *(t for texts in held.comments.values() for t in texts), *(t for _, t in held.cards)]
    )
