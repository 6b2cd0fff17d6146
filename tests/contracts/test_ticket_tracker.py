"""What every ticket tracker promises, on the tracker's stand-in over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, timedelta
from functools import partial
from typing import Any

import pytest

from bot.domain.annotation import Annotation, Evidence, Reach, TicketDraft
from bot.domain.quote import Span
from bot.domain.ticket import ReceivedTicket, TicketRef, TicketStage
from bot.domain.voice import QuotedVoice
from bot.errors import AccessError, AnswerError, NotFoundError, TransientError, UncertainError
from bot.ports import TicketPage, TicketTracker
from tests.contracts.ticket_trackers import NOW, JiraCloud, TrackerUnderTest

TRACKERS: list[type[TrackerUnderTest]] = [JiraCloud]
HOSTILE = [
    "<!channel> @here <@U123> <https://evil.example|our site>",
    "{color:red}*bold*{color} [link|https://evil.example] !image.png! {code}",
    '{"type":"doc","version":1,"content":[{"type":"mention","attrs":{"id":"1"}}]}',
    "abc \u202egnp.exe\u202c def",
    "word " * 8_000,
    "x" * 40_000,
    "🙂" * 20_000,
    "a\x00b\x07c\ud800d",
    "<table>" * 1_000,
    "",
]
QUOTE = QuotedVoice(
    feedback_id=7,
    turn_external_id="t1",
    spans=(Span(0, 31),),
    words="The map stays white after sync.",
    cut=False,
    said_at=NOW - timedelta(days=2),
    company="Acme",
    role="Dispatcher",
    plan="Team",
    since=NOW - timedelta(days=400),
    url="https://help.acme.example/tickets/7",
)
ANNOTATION = Annotation(
    reach=Reach(people=3, companies=2),
    new_this_month=Reach(people=1, companies=1),
    pieces=4,
    quotes=(QUOTE,),
    context=(("device", (("Pixel 8", 2),)),),
    first_heard=NOW - timedelta(days=40),
    last_heard=NOW - timedelta(days=2),
)
EVIDENCE = Evidence(key="voc:feedback:7", title="The map stays white", url="https://voc.example/7")
DRAFT = TicketDraft(
    key="draft:9", project="FLD", title="White map", body="Two lines\nof text", labels=("from voc",)
)
ACTS: dict[str, Callable[[TicketTracker, TicketRef], Any]] = {
    "add annotation": lambda tracker, ref: tracker.annotate(ref, ANNOTATION, None),
    "edit annotation": lambda tracker, ref: tracker.annotate(ref, ANNOTATION, tracker.find_annotation(ref)),
    "link": lambda tracker, ref: tracker.link(ref, EVIDENCE),
    "unlink": lambda tracker, ref: tracker.unlink(ref, EVIDENCE.key),
    "create": lambda tracker, _: tracker.create(DRAFT),
}


@pytest.fixture(params=TRACKERS, ids=lambda site: str(site.vendor))
def site(request: pytest.FixtureRequest) -> Iterator[TrackerUnderTest]:
    made: TrackerUnderTest = request.param()
    yield made
    made.sandbox.stop()


def ref_of(site: TrackerUnderTest, key: str = "FLD-1") -> TicketRef:
    return TicketRef(site.vendor, site.write(key))


def prepare(site: TrackerUnderTest, act: str) -> TicketRef:
    """Return a ticket in the state that the act needs."""
    ref = ref_of(site)
    if act == "edit annotation":
        site.tracker().annotate(ref, replace(ANNOTATION, pieces=1), None)
    if act == "unlink":
        site.tracker().link(ref, EVIDENCE)
    site.clock.advance(60)
    return ref


def outcome(site: TrackerUnderTest, act: str) -> int:
    """Return how many traces the act has left."""
    if act == "create":
        return list(site.titles()).count(DRAFT.title)
    return len(site.links("FLD-1")) if "link" in act else len(site.annotations("FLD-1"))


def write_some(site: TrackerUnderTest, number: int = 8) -> list[str]:
    keys = [f"FLD-{n}" for n in range(1, number + 1)]
    for key in keys:
        site.write(key)
        site.clock.advance(5)
    site.settle()
    return keys


def tickets(pages: Sequence[TicketPage]) -> list[ReceivedTicket]:
    return [ticket for page in pages for ticket in page.tickets]


def keys(pages: Sequence[TicketPage]) -> list[str]:
    return [ticket.key for ticket in tickets(pages)]


def test_reads_all_mapped_tickets_in_order_of_change(site: TrackerUnderTest) -> None:
    written = write_some(site)
    site.write("OPS-1")

    pages = list(site.tracker().changed_since(None))

    assert keys(pages) == written
    assert len(pages) > 2
    assert all(t.updated_at.tzinfo is UTC and t.project == "FLD" for t in tickets(pages))


def test_reads_a_ticket_whole(site: TrackerUnderTest) -> None:
    external_id = site.write("FLD-1", "White map", "First line\nsecond line\n\nnext block")

    ticket = site.tracker().get("FLD-1")

    assert ticket.ref == TicketRef(site.vendor, external_id)
    assert (ticket.title, ticket.body) == ("White map", "First line\nsecond line\n\nnext block")
    assert (ticket.stage, ticket.created_at) == (TicketStage.OPEN, NOW)
    assert ticket.url.endswith("FLD-1")
    assert site.tracker().get(external_id) == ticket


def test_asking_again_from_the_last_cursor_repeats_at_most_the_boundary(site: TrackerUnderTest) -> None:
    write_some(site)
    last = list(site.tracker().changed_since(None))[-1]

    again = list(site.tracker().changed_since(last.cursor))

    assert len(tickets(again)) <= 1


def test_going_on_from_any_page_loses_nothing(site: TrackerUnderTest) -> None:
    written = write_some(site)
    pages = list(site.tracker().changed_since(None))

    for number, page in enumerate(pages, start=1):
        rest = list(site.tracker().changed_since(page.cursor))

        assert {*keys(pages[:number]), *keys(rest)} == set(written)


def test_reads_a_changed_ticket_again(site: TrackerUnderTest) -> None:
    write_some(site)
    cursor = list(site.tracker().changed_since(None))[-1].cursor
    site.write("FLD-2", "Another title")
    site.settle()

    again = tickets(list(site.tracker().changed_since(cursor)))

    assert "Another title" in [ticket.title for ticket in again]


def test_a_write_that_search_shows_late_is_not_lost(site: TrackerUnderTest) -> None:
    write_some(site)
    site.write("FLD-3", "Written, but not yet to be found")
    site.clock.advance(30)
    site.write("FLD-4", "Written later")
    cursor = None
    seen = []

    for _ in range(6):
        pages = list(site.tracker().changed_since(cursor))
        seen += [ticket.title for ticket in tickets(pages)]
        cursor = pages[-1].cursor if pages else cursor
        site.clock.advance(30)

    assert {"Written, but not yet to be found", "Written later"} <= set(seen)


def test_a_ticket_of_unexpected_shape_is_named_and_the_others_are_read(site: TrackerUnderTest) -> None:
    written = write_some(site, 4)
    spoiled = site.write("FLD-2")
    site.spoil("FLD-2")
    site.settle()

    pages = list(site.tracker().changed_since(None))

    assert sorted(keys(pages)) == sorted(set(written) - {"FLD-2"})
    assert [unreadable.external_id for page in pages for unreadable in page.unreadable] == [spoiled]


def test_a_repeated_page_token_ends_with_an_error(site: TrackerUnderTest) -> None:
    page = json.dumps(site.endless)
    site.client.fault("status", vendor=site.vendor, path=site.listing, status=200, body=page, times=None)

    with pytest.raises(AnswerError, match="page token"):
        list(site.tracker().changed_since(None))


def test_a_finished_ticket_is_reported_as_done(site: TrackerUnderTest) -> None:
    site.write("FLD-1")
    site.finish("FLD-1")

    assert site.tracker().get("FLD-1").stage is TicketStage.DONE
    assert site.tracker().get("FLD-1").resolved_at


def test_a_moved_ticket_keeps_its_ref_and_is_found_by_either_key(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    site.move("FLD-1", "OPS-7")

    moved = site.tracker().get("FLD-1")

    assert (moved.ref, moved.key, moved.project) == (ref, "OPS-7", "OPS")
    assert site.tracker().get(ref.external_id) == moved


def test_a_deleted_ticket_is_reported_as_missing(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    site.delete("FLD-1")
    tracker = site.tracker()

    for act in (
        lambda: tracker.get(ref.external_id),
        lambda: tracker.annotate(ref, ANNOTATION, "10007"),
        lambda: tracker.link(ref, EVIDENCE),
    ):
        with pytest.raises(NotFoundError):
            act()
    tracker.unlink(ref, EVIDENCE.key)


def test_a_key_that_looks_like_a_path_finds_nothing(site: TrackerUnderTest) -> None:
    for key in ("../myself", "FLD-1/comment", "FLD 1?x=1", ".."):
        with pytest.raises(NotFoundError):
            site.tracker().get(key)


def test_keeps_one_living_annotation_and_mails_nobody_twice(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    first = site.tracker().annotate(ref, ANNOTATION, None)
    mails = site.annotations("FLD-1")[0].mails

    second = site.tracker().annotate(ref, replace(ANNOTATION, reach=Reach(99, 2)), first)

    [shown] = site.annotations("FLD-1")
    assert (first, shown.mails) == (second, mails)
    assert "99 people" in shown.text


def test_finds_its_annotation_when_the_id_is_lost(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    for number in range(5):
        site.comment("FLD-1", f"Comment {number}")
    made = site.tracker().annotate(ref, ANNOTATION, None)
    for number in range(5):
        site.comment("FLD-1", f"Later comment {number}")

    assert site.tracker().find_annotation(ref) == made
    assert site.tracker().annotate(ref, ANNOTATION, None) == made
    assert len(site.annotations("FLD-1")) == 1


def test_never_takes_a_comment_of_somebody_else_for_its_own(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    site.comment("FLD-1", "voc.annotation")

    assert site.tracker().find_annotation(ref) is None


def test_makes_a_removed_annotation_anew(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    first = site.tracker().annotate(ref, ANNOTATION, None)
    site.remove_annotations("FLD-1")

    second = site.tracker().annotate(ref, ANNOTATION, first)

    assert [shown.id for shown in site.annotations("FLD-1")] == [second]


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_show_as_text_within_the_limits(site: TrackerUnderTest, words: str) -> None:
    ref = ref_of(site)
    quote = replace(QUOTE, words=words, role=words, company=words, plan=words)

    site.tracker().annotate(
        ref, replace(ANNOTATION, quotes=(quote,) * 3, context=((words, ((words, 1),)),)), None
    )
    site.tracker().link(ref, replace(EVIDENCE, title=words, summary=words))
    made = site.tracker().create(replace(DRAFT, title=words or "none", body=words))

    [shown] = site.annotations("FLD-1")
    assert " ".join(words.split()[:3])[:20].translate({0: None, 7: None, 0xD800: None}) in shown.text
    assert len(site.links("FLD-1")) == 1
    assert made.title


def test_linking_twice_leaves_one_link_that_shows_the_latest(site: TrackerUnderTest) -> None:
    ref = ref_of(site)

    first = site.tracker().link(ref, EVIDENCE)
    second = site.tracker().link(ref, replace(EVIDENCE, title="Shorter", is_answered=True))

    assert first == second
    assert site.links("FLD-1") == {EVIDENCE.key: "Shorter"}


def test_unlinking_removes_that_link_only_and_twice_is_no_error(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    other = replace(EVIDENCE, key="voc:feedback:8&x=1 ü")
    site.tracker().link(ref, EVIDENCE)
    site.tracker().link(ref, other)

    site.tracker().unlink(ref, EVIDENCE.key)
    site.tracker().unlink(ref, EVIDENCE.key)

    assert set(site.links("FLD-1")) == {other.key}


def test_links_evidence_without_an_address_too(site: TrackerUnderTest) -> None:
    ref = ref_of(site)

    site.tracker().link(ref, replace(EVIDENCE, url=""))

    assert set(site.links("FLD-1")) == {EVIDENCE.key}


def test_a_created_ticket_is_found_by_its_key(site: TrackerUnderTest) -> None:
    made = site.tracker().create(DRAFT)
    site.settle()

    assert (made.title, made.body, made.project) == (DRAFT.title, DRAFT.body, "FLD")
    assert site.tracker().find_created(DRAFT.key) == made
    assert site.tracker().find_created("another key") is None


@pytest.mark.parametrize("do", ["lost", "half"])
@pytest.mark.parametrize("act", ACTS)
def test_a_write_whose_answer_is_lost_is_never_doubled(site: TrackerUnderTest, act: str, do: str) -> None:
    ref = prepare(site, act)
    site.fails(act, do)

    if act in site.repeatable:
        ACTS[act](site.tracker(), ref)
    else:
        with pytest.raises(UncertainError):
            ACTS[act](site.tracker(), ref)

    site.settle()
    assert outcome(site, act) == (0 if act == "unlink" else 1)
    assert act != "add annotation" or site.tracker().find_annotation(ref)
    assert act != "create" or site.tracker().find_created(DRAFT.key)


@pytest.mark.parametrize("do", ["reset", "status"])
@pytest.mark.parametrize("act", ACTS)
def test_a_write_that_fails_before_any_work_is_done_once_or_told(
    site: TrackerUnderTest, act: str, do: str
) -> None:
    ref = prepare(site, act)
    site.fails(act, do)

    if act in site.repeatable:
        ACTS[act](site.tracker(), ref)
    else:
        with pytest.raises(UncertainError):
            ACTS[act](site.tracker(), ref)
        assert outcome(site, act) == 0
        ACTS[act](site.tracker(), ref)

    assert outcome(site, act) == (0 if act == "unlink" else 1)


@pytest.mark.parametrize("act", ACTS)
def test_waits_as_long_as_the_vendor_asks(site: TrackerUnderTest, act: str) -> None:
    ref = prepare(site, act)
    site.fails(act, "status", status=429, retry_after_s=7)

    ACTS[act](site.tracker(), ref)

    assert site.slept == [7]
    assert outcome(site, act) == (0 if act == "unlink" else 1)


def test_a_wait_longer_than_a_run_is_left_for_later(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    site.fails("link", "status", status=429, retry_after_s=3600)

    with pytest.raises(TransientError) as told:
        site.tracker().link(ref, EVIDENCE)

    assert (told.value.retry_after_s, site.slept, site.links("FLD-1")) == (3600, [], {})


def test_a_write_that_takes_too_long_is_uncertain(site: TrackerUnderTest) -> None:
    site.fails("create", "slow", delay_s=1)

    with pytest.raises(UncertainError):
        site.tracker(timeout_s=0.3).create(DRAFT)


@pytest.mark.parametrize("do", ["reset", "half", "status"])
def test_reading_goes_on_after_a_fault(site: TrackerUnderTest, do: str) -> None:
    written = write_some(site)
    site.client.fault(do, vendor=site.vendor, path=site.listing, skip=1)

    assert keys(list(site.tracker().changed_since(None))) == written


def test_a_wrong_token_is_told_as_such_by_everything(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    tracker = site.tracker(token="expired")
    acts: tuple[Callable[[], Any], ...] = (
        lambda: list(tracker.changed_since(None)),
        lambda: tracker.get("FLD-1"),
        lambda: tracker.find_annotation(ref),
        lambda: tracker.find_created(DRAFT.key),
        *(partial(act, tracker, ref) for act in ACTS.values()),
    )

    for act in acts:
        with pytest.raises(AccessError):
            act()


def test_a_tracker_that_cannot_be_reached_fails_for_now(site: TrackerUnderTest) -> None:
    with pytest.raises(TransientError):
        site.tracker(url="http://127.0.0.1:9").get("FLD-1")


def test_a_check_tells_that_all_is_well(site: TrackerUnderTest) -> None:
    assert all(finding.is_ok for finding in site.tracker().check())


def test_a_check_names_what_is_wrong_and_what_to_do(site: TrackerUnderTest) -> None:
    for tracker in (site.tracker(token="expired"), site.tracker(url="http://127.0.0.1:9")):
        wrong = [finding for finding in tracker.check() if not finding.is_ok]

        assert wrong
        assert all(finding.what and finding.remedy for finding in wrong)
