"""`/voc …`, typed in a workspace."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import Exclusion
from bot.errors import RequestError
from handlers.commands import VERBS, handler_of
from handlers.commands.digest import WORDS
from handlers.interaction import words
from integrations.sandbox.slack.block_kit import block_faults
from tests.handlers.world import ANNA, BEN, NOW, OWNERS, PRIVATE, PRODUCT, World


def a_week_of_voices(world: World) -> None:
    ticket = world.ticket("FLD-1", "Export all rows")
    for person, company in (("1", "Acme"), ("2", "Bolt"), ("3", "Acme")):
        piece = world.piece(
            f"The export drops rows after page {person}, please export all rows.",
            person=person,
            company=company,
        )
        world.suggest(piece, ticket, attached=True)


def test_nothing_typed_shows_the_help_with_a_ticket_of_this_workspace(world: World) -> None:
    world.ticket("FLD-7", "Export")

    answer, digest = world.says(ANNA, ""), world.says(ANNA, "help digest")

    assert "/voc ticket FLD-7" in answer
    assert all(f"/voc {verb}" in answer for verb in VERBS)
    assert all(f"/voc digest {word}" in digest for word in WORDS)


def test_answers_are_for_the_asker_alone(world: World) -> None:
    world.says(ANNA, "help")

    assert [m["user"] for m in world.slack.space.ephemerals] == [ANNA]
    assert world.messages(PRODUCT) == []


@pytest.mark.parametrize(
    ("typed", "offered"), [("tiket FLD-1", "/voc ticket"), ("digest preveiw", "/voc digest preview")]
)
def test_a_misspelt_verb_is_offered_the_nearest(world: World, typed: str, offered: str) -> None:
    answer = world.says(ANNA, typed)

    assert f"Did you mean `{offered}`?" in answer


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_command_or_a_refusal_in_words(typed: str) -> None:
    try:
        assert handler_of(typed) in VERBS.values()
    except RequestError as refusal:
        text = words(str(refusal)).text

        assert "/voc" in text
        assert "<" not in text


@pytest.mark.parametrize("typed", [f"{'m' * 4_000} 9:00", f"mon {'9' * 4_000}", f"mon 9:00 {'z' * 4_000}"])
def test_a_schedule_of_thousands_of_characters_is_refused_in_a_few_words(world: World, typed: str) -> None:
    answer = world.says(ANNA, f"digest schedule {typed}")

    assert "is no" in answer
    assert len(answer) < 700


@given(st.text(alphabet="a &<>🎉\n", min_size=2_500, max_size=4_000))
def test_an_answer_of_any_length_is_taken_by_slack(text: str) -> None:
    post = words(text)

    assert block_faults(post.blocks) == []


def test_a_verb_like_no_other_is_sent_to_the_help_and_pings_nobody(world: World) -> None:
    answer = world.says(ANNA, "<!channel>")

    assert "/voc help" in answer
    assert "<!channel>" not in answer


def test_a_ticket_shows_people_companies_and_revenue_side_by_side_with_quotes(world: World) -> None:
    a_week_of_voices(world)

    answer = world.says(ANNA, "ticket fld-1")

    assert all(words in answer for words in ("3 people, 2 companies", "EUR 2.4K a year"))
    assert "export drops rows after page 1" in answer
    assert "New this month: 3 people, 2 companies" in answer
    assert "First heard 11 Nov 2026, last 11 Nov 2026" in answer


def test_a_ticket_without_voices_says_so(world: World) -> None:
    world.ticket("FLD-2", "Dark mode")

    assert "Nobody’s words are attached to it yet" in world.says(ANNA, "ticket FLD-2")


@pytest.mark.parametrize(
    ("typed", "answered"), [("ticket FLD-99", "No ticket FLD-99 is known"), ("ticket", "Which ticket?")]
)
def test_an_unknown_or_missing_key_gets_a_clear_answer(world: World, typed: str, answered: str) -> None:
    assert answered in world.says(ANNA, typed)


def test_the_status_shows_each_source_what_was_made_of_the_feedback_and_what_is_stuck(world: World) -> None:
    a_week_of_voices(world)
    spam = world.piece("Buy our watches, they are cheap.", person="9")
    with world.context.work() as unit:
        unit.pieces.exclude(spam, Exclusion.NOT_FEEDBACK)
        unit.sources.failed("zendesk", "zendesk: reading failed for now (503)", NOW)
        unit.sources.succeeded("intercom", NOW)
        unit.commit()

    answer = world.says(ANNA, "status")

    assert "Voc: 1 problem." in answer
    assert "✗ Zendesk: never read to its end. The last attempt failed: reading failed for now (503)" in answer
    assert "✓ Intercom: read just now" in answer
    assert "3 attached, 0 proposed, 0 without a ticket, 1 set aside" in answer


def test_a_preview_is_shown_to_the_asker_and_stores_and_posts_nothing(world: World) -> None:
    a_week_of_voices(world)

    answer = world.says(ANNA, "digest preview")

    assert "Preview" in answer
    assert "FLD-1" in answer
    assert world.messages(PRODUCT) == []
    with world.context.reading() as unit:
        assert unit.subscriptions.all() == []
        assert not any(kind.startswith("digest") for kind, _ in unit.effects.counts())


def test_scheduling_uses_the_askers_time_zone_and_names_the_next_date(world: World) -> None:
    answer = world.says(ANNA, "digest schedule mon 9:00")

    assert "every Monday at 9:00\u202fam (Europe/Berlin)" in answer
    assert "Monday, 23 November 2026 at 9:00\u202fam" in answer
    with world.context.reading() as unit:
        (subscription,) = unit.subscriptions.all()
    assert (subscription.channel, subscription.cron, subscription.scope.projects) == (
        PRODUCT,
        "0 9 * * mon",
        ("FLD",),
    )
    assert f"{subscription.next_at:%F %T%z}" == "2026-11-23 08:00:00+0000"


def test_a_zone_that_is_named_wins_and_rescheduling_replaces(world: World) -> None:
    world.says(ANNA, "digest schedule mon 9:00")

    answer = world.says(BEN, "digest schedule fri 5pm Asia/Tokyo")

    assert "Friday, 20 November 2026 at 5:00\u202fpm" in answer
    with world.context.reading() as unit:
        assert [(s.cron, s.zone) for s in unit.subscriptions.all()] == [("0 17 * * fri", "Asia/Tokyo")]


def test_a_channel_that_routes_subscribed_by_its_name_keeps_one_subscription(world: World) -> None:
    with world.context.work() as unit:
        unit.subscriptions.put("#product", "weekly", cron="0 9 * * mon", zone="UTC", next_at=None)
        unit.commit()

    world.says(ANNA, "digest schedule fri 9:00")
    answer = world.says(ANNA, "digest now")

    assert answer.startswith("Posted: http")
    with world.context.reading() as unit:
        assert [(s.channel, s.cron) for s in unit.subscriptions.all()] == [("#product", "0 9 * * fri")]


def test_now_posts_once_and_says_the_second_time_when_it_was_posted(world: World) -> None:
    a_week_of_voices(world)
    world.says(ANNA, "digest schedule mon 9:00")

    first = world.says(ANNA, "digest now")
    world.clock.advance(3600)
    second = world.says(BEN, "digest now")

    parents = [m for m in world.messages(PRODUCT) if "thread_ts" not in m or m["thread_ts"] == m["ts"]]
    assert len(parents) == 1
    assert first.startswith("Posted: http")
    assert "already posted on Wednesday, 18 November 2026 at 11:00\u202fam: http" in second


def test_now_leaves_a_task_that_makes_good_a_kill(world: World) -> None:
    world.says(ANNA, "digest schedule mon 9:00")

    world.says(ANNA, "digest now")

    task, not_before = world.queue.submitted[0]
    assert (task.name, task.arguments["first"]) == ("digest now", "2026-11-09")
    assert not_before is not None
    assert not_before > NOW


def test_now_that_slack_does_not_take_says_why_and_that_it_comes(world: World) -> None:
    world.says(ANNA, "digest schedule mon 9:00")
    world.slack.space.app["scopes"].remove("chat:write")

    answer = world.says(ANNA, "digest now")

    assert "The digest is not out yet (slack: " in answer
    assert "missing_scope" in answer


def test_now_without_a_schedule_says_how_to_begin(world: World) -> None:
    assert "/voc digest schedule mon 9:00" in world.says(ANNA, "digest now")
    assert world.messages(PRODUCT) == []


@pytest.mark.parametrize("typed", ["digest now", "digest schedule mon 9:00"])
def test_a_channel_without_voc_gets_the_line_that_invites_it(world: World, typed: str) -> None:
    with world.context.work() as unit:
        unit.subscriptions.put(PRIVATE, "weekly", cron="0 9 * * mon", zone="UTC", next_at=None)
        unit.commit()

    assert "/invite @voc" in world.says(ANNA, typed, PRIVATE)


def test_only_editors_change_digests_where_there_are_any(tmp_path: Path, handlers_template: Path) -> None:
    world = World(tmp_path, handlers_template, editors=frozenset({ANNA}))
    try:
        assert "Only Voc’s editors" in world.says(BEN, "digest schedule mon 9:00")
        assert "every Monday at 9:00" in world.says(ANNA, "digest schedule mon 9:00")
        assert "Preview" in world.says(BEN, "digest preview")
    finally:
        world.close()


def test_a_vendors_refusal_is_told_with_what_helps(world: World) -> None:
    world.slack.space.app["scopes"].remove("channels:read")
    world.slack.space.app["scopes"].remove("groups:read")

    answer = world.says(ANNA, "digest schedule mon 9:00")

    assert "missing_scope" in answer
    assert "OAuth & Permissions" in answer.replace("&amp;", "&")


def test_an_error_that_nobody_foresaw_is_answered_with_the_reference_that_is_logged(
    tmp_path: Path, handlers_template: Path, caplog: pytest.LogCaptureFixture
) -> None:
    def broken() -> None:
        raise ZeroDivisionError("somebody’s words")

    world = World(tmp_path, handlers_template, reading=broken)
    try:
        answer = world.says(ANNA, "status")
    finally:
        world.close()

    (record,) = [r for r in caplog.records if r.levelname == "ERROR"]
    assert answer.startswith(f"Something went wrong (reference {vars(record)['reference']})")
    assert "somebody" not in answer


def test_owners_and_product_channels_are_told_apart(world: World) -> None:
    world.says(ANNA, "digest schedule mon 9:00", OWNERS)

    with world.context.reading() as unit:
        (subscription,) = unit.subscriptions.all()
    assert subscription.scope.projects == ()
