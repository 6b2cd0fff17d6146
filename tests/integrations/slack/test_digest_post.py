"""What a digest shows, and what it leaves out where room is short."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.digest import Counts, Interview, Length, Quiet
from bot.domain.message import DigestPost, Showing
from bot.domain.precision import Share
from integrations.slack.blocks.render import render
from integrations.slack.blocks.sizes import seen
from tests.integrations.slack.reading import buttons, shown
from tests.integrations.slack.samples import snapshot, top_ticket, unticketed, voice, waiting

FIRST = datetime(2026, 3, 2, 9, tzinfo=UTC)
SENTENCE = (
    "The export is missing {n} rows again, and I only notice it when one of our drivers calls me"
    " at six in the morning, from the wrong depot."
)


def test_a_digest_is_at_most_twenty_blocks_and_about_two_thousand_characters() -> None:
    words = "The export is missing rows again and I only notice when a driver calls me in the morning. " * 2

    (post,) = render(
        DigestPost(
            snapshot(
                voice=voice(words),
                top=tuple(top_ticket(quotes=(voice(words),), carried_by=("Acme",)) for _ in range(5)),
                waiting=waiting(),
                quiet=Quiet(kind="segment", name="Enterprise", people=1, voice=voice(words)),
                interview=Interview(person_id=1, voice=voice(words), pieces=3, has_workaround=True),
                unticketed=(unticketed(quote=voice(words)),) * 4,
                failed_sources=("zendesk",),
                arrived_late=3,
            )
        )
    )

    assert len(post.blocks) <= 20
    assert 1_200 <= seen(post.blocks) <= 2_400


def test_a_digest_names_what_failed_and_who_carries_a_ticket_and_that_precision_is_not_measured() -> None:
    (post,) = render(
        DigestPost(snapshot(failed_sources=("intercom",), top=(top_ticket(carried_by=("Acme",)),)))
    )

    seen = shown(post.blocks)
    assert "No answer lately from Intercom" in seen
    assert "Mostly from Acme" in seen
    assert "precision of automatic links not yet measured" in seen
    assert "checked automatic links" not in seen
    assert "1 → 3 → 5 → 9, rising" in seen


def test_a_digest_says_how_measured_links_do() -> None:
    measured = snapshot(attach_is_measured=True, links_checked=Share(58, 60))

    (post,) = render(DigestPost(measured))

    assert "58 of 60 checked automatic links stood" in shown(post.blocks)


def test_the_notification_of_a_digest_stands_alone() -> None:
    (post,) = render(DigestPost(snapshot()))

    assert "16–22 Nov 2026" in post.text
    assert "14 conversations (11 last week, usually 9)" in post.text
    assert "SHOP-12 CSV export drops rows, 5 people" in post.text


def test_a_quiet_week_is_one_line_with_its_counts() -> None:
    quiet = snapshot(counts=Counts(0, 0, 0, 0), voice=None, top=(), unticketed=())

    (post,) = render(DigestPost(quiet))

    assert [block["type"] for block in post.blocks] == ["header", "section"]
    assert "A quiet week: 0 conversations (11 last week, usually 9), 0 pieces, 0 items set aside." in shown(
        post.blocks
    )


def test_a_broken_sync_never_looks_like_a_quiet_week() -> None:
    broken = snapshot(
        counts=Counts(0, 0, 0, 0), voice=None, top=(), unticketed=(), failed_sources=("zendesk",)
    )

    (post,) = render(DigestPost(broken))

    assert "quiet" not in shown(post.blocks).lower()
    assert "not every source was read" in shown(post.blocks)
    assert "No answer lately from Zendesk" in post.text


def test_a_preview_says_what_it_is_and_opens_lists_only() -> None:
    (post,) = render(DigestPost(snapshot(), Showing.PREVIEW))

    assert {name.partition(":")[0] for name, _ in buttons(post)} == {"voc_digest_list"}
    assert post.text.startswith("Preview")


def test_an_earlier_version_has_nothing_to_press_and_is_no_preview() -> None:
    (post,) = render(DigestPost(snapshot(), Showing.VERSION))

    assert buttons(post) == []
    assert post.text.startswith("What customers said")


def test_pieces_without_a_ticket_can_be_attached_or_set_aside() -> None:
    (post,) = render(DigestPost(snapshot()))

    decisions = [pair for pair in buttons(post) if not pair[0].startswith("voc_digest")]
    assert decisions == [("voc_other_ticket", "7"), ("voc_not_feedback", "7")] * 2


@pytest.mark.parametrize(
    ("known", "why"),
    [
        ({}, "says clearly what they need"),
        ({"earlier": 0}, "heard for the first time"),
        ({"earlier": 0, "tickets": ("APP-1", "APP-2")}, "about APP-1 and APP-2, heard for the first time"),
        ({"earlier": 1, "since": FIRST}, "spoke once before, on 2 Mar 2026"),
        (
            {"earlier": 7, "since": FIRST, "pieces": 3},
            "3 pieces this time, spoke 7 times before, first on 2 Mar 2026",
        ),
        (
            {
                "tickets": ("APP-1", "APP-2"),
                "is_awaited": True,
                "has_workaround": True,
                "pieces": 2,
                "earlier": 0,
            },
            "says how they get by until then, waits for APP-1, which most people ask for, 2 pieces this time",
        ),
    ],
)
def test_whoever_is_worth_talking_to_is_so_for_what_is_true(known: Mapping[str, Any], why: str) -> None:
    talk = replace(Interview(person_id=1, voice=voice(), pieces=1), **known)

    (post,) = render(DigestPost(snapshot(interview=talk)))

    assert f" · {why}\n" in shown(post.blocks)


def test_where_room_is_short_quotes_go_whole_and_what_is_told_last_goes_first() -> None:
    quotes = [voice(SENTENCE.format(n=n)) for n in range(1, 8)]
    full = snapshot(
        voice=quotes[0],
        top=tuple(top_ticket(quotes=(quote,)) for quote in quotes[1:4]),
        unticketed=tuple(unticketed(name="planning machines", quote=quote) for quote in quotes[4:6]),
        interview=Interview(person_id=1, voice=quotes[6], pieces=3),
        waiting=waiting(),
    )

    (normal,) = render(DigestPost(full))
    (short,) = render(DigestPost(replace(full, length=Length.SHORT)))

    left = [n for n in range(1, 8) if SENTENCE.format(n=n) in shown(normal.blocks)]
    assert left == list(range(1, len(left) + 1))
    assert 4 <= len(left) < 7
    assert "Talk to someone" in shown(normal.blocks)
    assert [n for n in range(1, 8) if f"missing {n} rows" in shown(short.blocks)] == [1]
    assert "planning machines" in shown(short.blocks)
    assert seen(short.blocks) < seen(normal.blocks) <= 2_200


def test_a_single_voice_without_a_ticket_is_its_quote_also_in_a_short_digest() -> None:
    alone = snapshot(unticketed=(unticketed(name="", pieces=1, quote=voice("Where is the dark mode?")),))

    (short,) = render(DigestPost(replace(alone, length=Length.SHORT)))

    assert "Where is the dark mode?" in shown(short.blocks)
    assert "1 piece from" not in shown(short.blocks)
