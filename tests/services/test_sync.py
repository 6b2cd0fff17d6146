"""Reading goes on where it stopped, and a failure is noted, never hidden."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.domain.feedback import Exclusion, ReceivedConversation
from bot.errors import AnswerError, NotFoundError, TransientError
from bot.ports import FeedbackPage, Finding, Unreadable
from bot.services.sync import FIRST_IMPORT, reconcile, sync, sync_tickets
from tests.builders import conversation, ticket
from tests.fakes.tracker import FakeTracker
from tests.services.conftest import RULES, Store


class FakeSource:
    """A source of numbered pages; `fails_at` is the page that can't be read."""

    name = "zendesk"

    def __init__(self, *pages: FeedbackPage, fails_at: int | None = None) -> None:
        self.given, self.fails_at = pages, fails_at
        self.asked: list[str] = []
        self.there: dict[str, ReceivedConversation | Exception] = {}

    def start(self, since: datetime) -> str:
        return f"since {since:%Y-%m-%d}"

    def pages(self, after: str) -> Iterator[FeedbackPage]:
        self.asked.append(after)
        first = int(after) if after.isdigit() else 0
        for number in range(first, len(self.given)):
            if number == self.fails_at:
                raise TransientError("zendesk", "reading tickets")
            yield self.given[number]

    def fetch(self, external_id: str) -> ReceivedConversation:
        found = self.there.get(external_id, NotFoundError("zendesk", "reading a ticket"))
        if isinstance(found, Exception):
            raise found
        return found

    def estimate(self, since: datetime) -> int | None:
        return None

    def check(self) -> Sequence[Finding]:
        return []


def page(number: int, *conversations: ReceivedConversation, **more: object) -> FeedbackPage:
    return FeedbackPage(conversations=conversations, cursor=str(number), **more)  # type: ignore[arg-type]


def test_a_first_run_reads_nine_weeks_and_a_second_goes_on_after_the_last_page(store: Store) -> None:
    source = FakeSource(page(1, conversation("The export fails.", "1")))

    first = sync(store.work, store.clock, RULES, source)
    second = sync(store.work, store.clock, RULES, source)

    start = store.clock.now() - FIRST_IMPORT
    assert source.asked == [f"since {start:%Y-%m-%d}", "1"]
    assert (first.read, first.new, second.read) == (1, 1, 0)


def test_a_failure_keeps_the_pages_before_it_and_is_noted(store: Store) -> None:
    pages = [page(n + 1, conversation(f"Export {n} fails.", str(n))) for n in range(3)]
    source = FakeSource(*pages, fails_at=2)

    with pytest.raises(TransientError):
        sync(store.work, store.clock, RULES, source)
    with store.work() as unit:
        failed = unit.sources.get("zendesk")
        stored = unit.conversations.count()
    source.fails_at = None
    sync(store.work, store.clock, RULES, source)

    assert (failed.failures, failed.cursor, stored) == (1, "2", 2)
    with store.work() as unit:
        assert (unit.sources.get("zendesk").failures, unit.conversations.count()) == (0, 3)


def test_what_can_not_be_read_is_kept_by_id_and_counted(store: Store) -> None:
    source = FakeSource(page(1, unreadable=(Unreadable("77", "KeyError"),)))

    done = sync(store.work, store.clock, RULES, source)

    with store.work() as unit:
        assert (done.set_aside, unit.sources.count_set_aside("zendesk")) == (1, 1)


def test_deletions_in_the_feed_are_followed(store: Store) -> None:
    [piece] = store.add(conversation("The export fails.", "1"))

    done = sync(store.work, store.clock, RULES, FakeSource(page(1, gone=("1",))))

    assert done.gone == 1
    with store.work() as unit:
        assert unit.pieces.voice(piece).excluded is Exclusion.GONE


def test_reconciling_finds_silent_deletions_and_survives_the_unreadable(store: Store) -> None:
    pieces = store.add(*(conversation(f"The export number {n} fails.", str(n)) for n in (1, 2, 3)))
    source = FakeSource()
    source.there = {
        "2": AnswerError("zendesk", "reading", "KeyError"),
        "3": conversation("Words changed.", "3"),
    }

    after = reconcile(store.work, store.clock, RULES, source)

    assert after == ""
    with store.work() as unit:
        voices = {v.external_id: v for v in unit.pieces.voices(pieces)}
        assert voices["1"].excluded is Exclusion.GONE
        assert voices["2"].excluded is None
        assert voices["3"].words == "Words changed."
        assert unit.sources.count_set_aside("zendesk") == 1


def test_tickets_are_stored_and_those_that_show_voices_are_looked_at_again(store: Store) -> None:
    from bot.services.marks import ANNOTATION, marked

    tracker = FakeTracker(ticket(1), ticket(2, "Reports are slow"))
    first = sync_tickets(store.work, store.clock, tracker)
    [piece] = store.add(conversation("The export fails."))
    with store.work() as unit:
        app_1 = unit.tickets.by_key("app-1")
    assert app_1 is not None
    store.attach(piece, app_1.id)
    tracker.tickets["10001"] = ticket(1, "Exports fail for large files")

    second = sync_tickets(store.work, store.clock, tracker)

    assert (first.new, second.new, second.changed) == (2, 0, 1)
    assert [m.key for m in marked(store.work, ANNOTATION, store.clock.now())] == [str(app_1.id)]


def test_reconciling_never_puts_an_older_state_over_a_newer_one(store: Store) -> None:
    older = conversation("The export fails.", "1")
    newer = replace(
        conversation("The import fails.", "1"), updated_at=older.updated_at + timedelta(minutes=1)
    )
    [piece] = store.add(newer)
    source = FakeSource()
    source.there = {"1": older}

    reconcile(store.work, store.clock, RULES, source)

    with store.work() as unit:
        assert unit.pieces.voice(piece).words == "The import fails."
