"""What every source of feedback promises, on the tool's stand-in over real HTTP."""

from __future__ import annotations

import json
from datetime import UTC, timedelta

import pytest

from bot.domain.feedback import AuthorRole
from bot.errors import AccessError, AnswerError, NotFoundError, TransientError
from bot.ports import FeedbackPage
from tests.contracts.feedback_sources import NOW, SourceUnderTest, conversations, ids


def test_reads_everything_in_order_of_change(tool: SourceUnderTest) -> None:
    written = tool.write_some()

    pages = tool.read()

    assert ids(pages) == written
    assert len(pages) > 2
    changed = [found.updated_at for found in conversations(pages)]
    assert changed == sorted(changed)


def test_reads_only_what_changed_since_the_start(tool: SourceUnderTest) -> None:
    tool.write("Old words")
    tool.clock.advance(3600)
    since = tool.clock.now()
    recent = tool.write("New words")
    tool.settle()

    pages = tool.read(tool.source().start(since))

    assert ids(pages) == [recent]


def test_reads_a_start_in_the_future_as_nothing_yet(tool: SourceUnderTest) -> None:
    tool.write_some(1)

    pages = tool.read(tool.source().start(tool.clock.now() + timedelta(days=1)))

    assert ids(pages) == []


def test_reading_on_from_any_page_repeats_at_most_its_boundary(tool: SourceUnderTest) -> None:
    written = tool.write_some()
    pages = tool.read()

    for number, page in enumerate(pages, start=1):
        rest = ids(tool.read(page.cursor))

        following = ids(pages[number:])
        boundary = conversations(pages[:number])[-1].updated_at
        repeated = [found for found in rest if found not in following]
        assert [found for found in rest if found in following] == following
        assert all(
            found.updated_at == boundary
            for found in conversations(pages[:number])
            if found.external_id in repeated
        )
    assert ids(pages) == written


def test_many_changes_of_one_second_are_all_read(tool: SourceUnderTest) -> None:
    written = tool.write_some(10, apart_s=0)

    pages = tool.read()

    assert sorted(set(ids(pages))) == sorted(written)
    assert set(ids(pages[:1]) + ids(tool.read(pages[0].cursor))) == set(written)


def test_what_is_written_while_nobody_reads_comes_next(tool: SourceUnderTest) -> None:
    tool.write_some(2)
    cursor = tool.read()[-1].cursor
    later = tool.write_some(4)

    pages = tool.read(cursor)

    assert [found for found in ids(pages) if found in later] == later


def test_reading_again_gives_the_same_ids_and_turns(tool: SourceUnderTest) -> None:
    tool.write("Words", agent_says="An answer")
    tool.settle()

    assert conversations(tool.read()) == conversations(tool.read())


def test_a_reply_brings_the_conversation_again_whole(tool: SourceUnderTest) -> None:
    external_id = tool.write("First words")
    tool.settle()
    pages = tool.read()
    tool.reply(external_id, "Second words")
    tool.settle()

    again = conversations(tool.read(pages[-1].cursor))[-1]

    before = conversations(pages)[0]
    assert again.external_id == external_id
    assert [turn.external_id for turn in again.turns[:1]] == [turn.external_id for turn in before.turns]
    assert "First words" in again.turns[0].original
    assert "Second words" in again.turns[1].original
    assert again.updated_at > before.updated_at


def test_a_deleted_conversation_is_gone(tool: SourceUnderTest) -> None:
    external_id = tool.write("Words")
    tool.settle()
    cursor = tool.read()[-1].cursor
    tool.delete(external_id)
    tool.settle()

    pages = tool.read(cursor)

    assert ids(pages) == []
    assert ([external_id] if tool.tells_deletions else []) == [found for page in pages for found in page.gone]
    with pytest.raises(NotFoundError):
        tool.source().fetch(external_id)


def test_blacked_out_words_come_again_without_them(redacting_tool: SourceUnderTest) -> None:
    tool = redacting_tool
    external_id = tool.write("My card is 4111 1111 1111 1111")
    tool.settle()
    cursor = tool.read()[-1].cursor
    tool.black_out(external_id, "4111 1111 1111 1111")
    tool.settle()

    turn = conversations(tool.read(cursor))[-1].turns[0]

    assert turn.redacted
    assert "4111" not in turn.original


def test_only_the_customers_public_words_are_the_customers(tool: SourceUnderTest) -> None:
    tool.write("It crashes", agent_says="Please restart", bot_says="We close this soon")
    tool.settle()

    turns = conversations(tool.read())[0].turns

    customers = [turn for turn in turns if turn.role is AuthorRole.CUSTOMER]
    assert len(turns) == 3 + tool.has_notes
    assert ["It crashes" in turn.original for turn in customers] == [True]
    assert {turn.role for turn in turns if "restart" in turn.original} == {AuthorRole.AGENT}
    assert [turn.public for turn in turns if "Note: " in turn.original] == [False] * tool.has_notes
    assert [turn.role for turn in turns if "close this" in turn.original] == [AuthorRole.BOT]


def test_the_customer_comes_with_address_and_company(tool: SourceUnderTest) -> None:
    tool.write("Words")
    tool.settle()

    customer = conversations(tool.read())[0].customer

    assert (customer.name, customer.email) == ("Cleo", "cleo@acme.example")
    assert customer.company is not None
    assert customer.company.name == "Acme"


def test_times_are_aware_and_utc(tool: SourceUnderTest) -> None:
    tool.write("Words", agent_says="An answer")
    tool.settle()

    found = conversations(tool.read())[0]

    times = [found.created_at, found.updated_at, *(turn.said_at for turn in found.turns)]
    assert {time.tzinfo for time in times} == {UTC}


def test_a_conversation_links_back_to_the_tool(tool: SourceUnderTest) -> None:
    external_id = tool.write("Words")
    tool.settle()

    found = conversations(tool.read())[0]

    assert found.url.startswith("http")
    assert found.url.endswith(tool.end_of_url(external_id))


def test_fetching_gives_what_the_listing_gave(tool: SourceUnderTest) -> None:
    external_id = tool.write("Words", agent_says="An answer")
    tool.settle()

    assert tool.source().fetch(external_id) == conversations(tool.read())[0]


def test_an_unknown_id_is_not_found(tool: SourceUnderTest) -> None:
    with pytest.raises(NotFoundError):
        tool.source().fetch(tool.unknown)


def test_what_can_not_be_read_is_named_and_the_rest_is_read(tool: SourceUnderTest) -> None:
    first, second, third = tool.write_some(3)
    tool.spoil(second)
    tool.settle()

    pages = tool.read()

    assert set(ids(pages)) == {first, third}
    assert [found.external_id for page in pages for found in page.unreadable] == [second]
    with pytest.raises(AnswerError):
        tool.source().fetch(second)


def test_a_repeated_page_token_stops_with_an_error(tool: SourceUnderTest) -> None:
    tool.client.fault("status", path=tool.listing, status=200, body=json.dumps(tool.endless), times=None)

    with pytest.raises(AnswerError, match="repeats a page token"):
        tool.read()


def test_an_answer_without_a_list_stops_with_an_error(tool: SourceUnderTest) -> None:
    tool.client.fault("status", path=tool.listing, status=200, body=tool.listless, times=None)

    with pytest.raises(AnswerError):
        tool.read()


def test_waits_as_long_as_the_tool_asks(tool: SourceUnderTest) -> None:
    written = tool.write_some(2)
    tool.client.fault("status", path=tool.listing, status=429, retry_after_s=7)

    pages = tool.read()

    assert ids(pages) == written
    assert 7.0 in tool.slept


def test_reads_on_within_the_tools_own_limits(tool: SourceUnderTest) -> None:
    written = tool.write_some(40)

    assert ids(tool.read()) == written


@pytest.mark.parametrize("fault", ["reset", "half", "lost", "status"])
def test_a_fault_of_the_moment_is_tried_again(tool: SourceUnderTest, fault: str) -> None:
    written = tool.write_some(2)
    tool.client.fault(fault, path=tool.listing)

    assert ids(tool.read()) == written


def test_an_interrupted_reading_goes_on_from_its_last_page(tool: SourceUnderTest) -> None:
    written = tool.write_some(9)
    path, skip = tool.broken_off
    tool.client.fault("status", path=path, skip=skip, times=None)
    source = tool.source()
    pages: list[FeedbackPage] = []

    with pytest.raises(TransientError):
        pages.extend(source.pages(source.start(NOW - timedelta(days=1))))
    tool.client.clear_faults()
    rest = tool.read(pages[-1].cursor)

    assert 0 < len(ids(pages)) < len(written)
    assert list(dict.fromkeys(ids(pages) + ids(rest))) == written


def test_a_refused_token_is_an_access_error(tool: SourceUnderTest) -> None:
    with pytest.raises(AccessError):
        tool.source(token="forged").fetch(tool.unknown)


def test_the_estimate_counts_what_changed(tool: SourceUnderTest) -> None:
    tool.write("Old words")
    tool.clock.advance(3600)
    since = tool.clock.now()
    tool.write_some(3)

    assert tool.source().estimate(since) == (3 if tool.estimates else None)


def test_the_check_of_a_good_token_finds_nothing_missing(tool: SourceUnderTest) -> None:
    findings = tool.source().check()

    assert findings
    assert all(finding.is_ok for finding in findings)


@pytest.mark.parametrize(
    "wrong", [{"token": "forged"}, {"url": "http://127.0.0.1:9"}], ids=["token", "address"]
)
def test_the_check_says_what_to_do_about_a_refusal(tool: SourceUnderTest, wrong: dict[str, str]) -> None:
    findings = tool.source(**wrong).check()

    bad = [finding for finding in findings if not finding.is_ok]
    assert bad
    assert all(finding.remedy for finding in bad)
