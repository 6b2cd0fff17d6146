"""An annotation's lines: what they say, and that nobody's words break them."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given

from bot.domain.annotation import Annotation, Reach
from bot.domain.inert import is_address
from bot.domain.layout import LONGEST_QUOTE, MOST_LINES, blocks_of, plain
from tests.integrations.jira.annotations import ANNOTATION, ANNOTATIONS, QUOTE


def test_an_annotation_reads_from_reach_to_links() -> None:
    annotation = replace(ANNOTATION, workaround=replace(QUOTE, words="I copy the rows by hand."))

    said = plain(blocks_of(annotation))

    assert said == (
        "7 people · 3 companies · EUR 42,000 a year | new in the last 30 days: 2 people · 1 company\n"
        "Reported again after it was closed\n"
        "“The map stays white after sync.…”\n"
        "— Dispatcher at Acme · Team plan · Utilities · customer since 2023-03 · 2026-11-21"
        " · conversation (https://help.acme.example/tickets/7)\n"
        "“The map stays white after sync.”\n"
        "— a customer · 2026-11-21\n"
        "Until then: “I copy the rows by hand.…”\n"
        "As stated: device Pixel 8 (2), iPad (1) · app version 3.2 (4)\n"
        "First heard 2026-09-01, last heard 2026-11-21"
        " | all of it (https://voc.example/tickets/FLD-1) | wrong match? (https://voc.example/wrong/FLD-1)"
    )


def test_one_of_anything_is_singular_and_nothing_new_is_nobody() -> None:
    annotation = replace(ANNOTATION, reach=Reach(1, 1), new_this_month=Reach(0, 0), heard_after_done=False)

    first = plain(blocks_of(annotation)).splitlines()[0]

    assert first == "1 person · 1 company | new in the last 30 days: nobody"


def test_without_a_page_it_says_what_can_be_done_on_the_ticket() -> None:
    bare = replace(ANNOTATION, all_url="", wrong_match_url="")

    last = [plain(blocks_of(replace(bare, pieces=pieces))).splitlines()[-1] for pieces in (9, 1)]

    assert last == [
        "First heard 2026-09-01, last heard 2026-11-21"
        " | all 9 are linked on this ticket | wrong match? Remove its link",
        "First heard 2026-09-01, last heard 2026-11-21"
        " | it is linked on this ticket | wrong match? Remove its link",
    ]


def test_a_ticket_whose_voices_moved_says_where_and_nothing_else() -> None:
    moved = replace(ANNOTATION, moved_to="FLD-7", pieces=1, all_url="https://acme.example/browse/FLD-7")

    said = plain(blocks_of(moved))

    assert said == "1 customer voice of this ticket moved to FLD-7 (https://acme.example/browse/FLD-7)"


@given(ANNOTATIONS)
def test_no_words_make_more_lines_or_links_than_twelve_lines_hold(annotation: Annotation) -> None:
    lines = [line for block in blocks_of(annotation) for line in block.lines]

    assert 1 <= len(lines) <= MOST_LINES
    assert all("\n" not in words.text for line in lines for words in line)
    assert all(len(words.text) < LONGEST_QUOTE * 2 for line in lines for words in line)
    assert all(is_address(words.url) for line in lines for words in line if words.url)
