"""No piece is quoted twice: not in a digest, however often corrected, nor in a channel's eight weeks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.digest import DigestSnapshot, Subscription
from bot.domain.period import Rhythm
from bot.services.corrections import correct_marked
from bot.services.digest import QUIET_OF_A_QUOTE
from bot.services.marks import CARD, mark
from bot.services.publish import Publisher, publish_due
from bot.services.review import attach, set_aside, undo
from tests.builders import ACME, BOLT, conversation, person, ticket
from tests.fakes.messenger import FakeMessenger
from tests.services.conftest import Store
from tests.services.test_digest_runs import opened, publisher_of, subscribed

SAID = (
    "The export of our invoices fails every Monday, and I copy the rows by hand.",
    "Thanks, the export works great since the last update of the app.",
    "I type 40 timesheets in manually until the import takes our file.",
    "Where is the dark mode that you promised us for the spring?",
)
PIECES = st.tuples(st.sampled_from(SAID), st.integers(0, 4), st.integers(0, 6), st.integers(0, 2))
CHANGES = st.tuples(st.integers(0, 40), st.sampled_from(["attach", "undo", "aside"]))
WEEKS = st.lists(
    st.tuples(
        st.lists(PIECES, min_size=1, max_size=7),
        st.lists(CHANGES, max_size=3),
        st.sampled_from([Rhythm.WEEKLY, Rhythm.WEEKLY, Rhythm.FORTNIGHTLY, Rhythm.MONTHLY]),
    ),
    min_size=2,
    max_size=4,
)


@settings(max_examples=6, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(WEEKS)
def test_no_piece_is_quoted_twice_in_any_version_nor_again_within_eight_weeks(
    sqlite_template: Path,
    weeks: list[tuple[list[tuple[str, int, int, int]], list[tuple[int, str]], Rhythm]],
) -> None:
    with opened(sqlite_template) as store:
        publisher = publisher_of(store, FakeMessenger())
        own = subscribed(store, publisher, rhythm=Rhythm.WEEKLY)
        tickets = [store.ticket(ticket(n)) for n in (1, 2)]
        heard: list[int] = []
        for number, (pieces, changes, rhythm) in enumerate(weeks):
            heard += _say(store, tickets, number, pieces)
            store.clock.advance(weeks=1)
            with store.work() as unit:
                unit.subscriptions.change(own.id, rhythm=rhythm)
                unit.commit()
            publish_due(publisher)
            _look_again(store, publisher, own, heard[-1])
            for place, change in changes:
                _decide(store, heard[place % len(heard)], change)
                correct_marked(publisher)

        told = _told(store, own)

    for shot in told:
        ids = [quote.feedback_id for quote in shot.quotes]
        assert len(ids) == len(set(ids))
    for one in told:
        for other in told:
            is_near = abs(one.period.start - other.period.start) <= QUIET_OF_A_QUOTE
            if is_near and one.period != other.period:
                assert not _quoted(one) & _quoted(other)


def _quoted(shot: DigestSnapshot) -> set[int]:
    return {quote.feedback_id for quote in shot.quotes}


def _say(store: Store, tickets: list[int], week: int, pieces: list[tuple[str, int, int, int]]) -> list[int]:
    """Let customers say things in a week, most of them of a ticket."""
    heard = []
    for number, (words, who, days, where) in enumerate(pieces):
        said_at = store.clock.now() + timedelta(days=days)
        customer = person(f"p{who}", (ACME, BOLT, None)[who % 3])
        [piece] = store.add(conversation(words, f"w{week}-{number}", said_at=said_at, customer=customer))
        if where < len(tickets):
            store.attach(piece, tickets[where])
        heard.append(piece)
    return heard


def _look_again(store: Store, publisher: Publisher, own: Subscription, piece: int) -> None:
    """Have all digests looked at though nothing has changed: none is another then."""
    before = _told(store, own)
    with store.work() as unit:
        mark(unit, CARD, piece, store.clock.now())
        unit.commit()
    correct_marked(publisher)
    assert _told(store, own) == before


def _decide(store: Store, piece: int, change: str) -> None:
    match change:
        case "attach":
            attach(store.work, store.clock, piece, "U1", ticket_key="APP-1")
        case "undo":
            undo(store.work, store.clock, piece, "U1")
        case "aside":
            set_aside(store.work, store.clock, piece, "U1")


def _told(store: Store, own: Subscription) -> list[DigestSnapshot]:
    """Return every digest in every version."""
    with store.work() as unit:
        periods = [one.snapshot.period for one in unit.subscriptions.newest(own.id, 99)]
        return [one.snapshot for period in periods for one in unit.subscriptions.revisions(own.id, period)]
