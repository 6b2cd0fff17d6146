"""`/voc subscribe`, and what a digest's own commands say."""

from __future__ import annotations

import pytest

from bot.domain.digest import Length, Subscription
from bot.domain.period import Rhythm
from bot.domain.scope import Scope
from tests.handlers.test_commands import a_week_of_voices
from tests.handlers.world import ANNA, BEN, PRODUCT, World


def subscriptions(world: World) -> list[Subscription]:
    with world.context.reading() as unit:
        return unit.subscriptions.all()


def test_an_empty_channel_is_told_how_to_begin(world: World) -> None:
    for typed in ("digest", "subscribe", "digest pause 2w", "digest history", "unsubscribe"):
        assert "/voc digest schedule mon 9:00" in world.says(ANNA, typed)
    assert "area:Billing" in world.says(ANNA, "subscribe")


def test_a_channel_subscribes_by_what_is_known_and_the_nearest_is_offered(world: World) -> None:
    world.ticket("FLD-1", "Export", labels=("import", "csv"), components=("Billing",))
    world.ticket("PAY-1", "Invoices")

    misspelt = world.says(ANNA, "subscribe project:PYA")
    unheard = world.says(ANNA, "subscribe segment:Enterprise")
    answer = world.says(ANNA, 'subscribe project:fld,PAY area:"billing" label:import alerts:on')

    assert "Did you mean “PAY”?" in misspelt
    assert "No segment is known yet" in unheard
    [made] = subscriptions(world)
    assert made.scope == Scope(projects=("FLD", "PAY"), areas=("Billing",), labels=("import",))
    assert (made.alerts, made.channel, made.cron) == (True, PRODUCT, "0 9 * * mon")
    assert "projects FLD, PAY · area Billing · label import" in answer
    assert "Monday, 23 November 2026" in answer


def test_everything_widens_and_a_kind_that_is_none_is_refused(world: World) -> None:
    world.ticket("FLD-1", "Export")
    world.says(ANNA, "subscribe project:FLD")

    refused = world.says(ANNA, "subscribe projct FLD")
    switched = world.says(ANNA, "subscribe alerts:maybe")
    world.says(ANNA, "subscribe everything")

    assert "Did you mean `project:…`?" in refused
    assert "takes `on` or `off`" in switched
    assert subscriptions(world)[0].scope.is_all


@pytest.mark.parametrize("typed", ["digest schedule mon 9:00", "subscribe everything"])
def test_where_another_organisation_reads_along_no_digest_begins(world: World, typed: str) -> None:
    world.slack.space.channels[PRODUCT].is_ext_shared = True

    answer = world.says(ANNA, typed)

    assert "People of another organisation read this channel" in answer
    assert subscriptions(world) == []


def test_a_digest_of_a_channel_that_was_shared_since_can_be_ended(world: World) -> None:
    world.says(ANNA, "digest schedule mon 9:00")
    world.slack.space.channels[PRODUCT].is_ext_shared = True

    answer = world.says(ANNA, "unsubscribe")

    assert "No digest comes here any more" in answer


def test_what_comes_here_can_be_listed_and_ended(world: World) -> None:
    world.says(ANNA, "subscribe everything")

    listed = world.says(BEN, "subscribe list")
    ended = world.says(BEN, "unsubscribe")

    assert "Here: The digest comes every Monday" in listed
    assert "No digest comes here any more" in ended
    assert [one.next_at for one in subscriptions(world)] == [None]
    assert "At present none comes" in world.says(BEN, "digest")
    assert "23 November 2026" in world.says(BEN, "subscribe everything")


def test_a_part_cannot_be_unsubscribed_and_nothing_is_not_everything(world: World) -> None:
    a_week_of_voices(world)
    world.says(ANNA, "subscribe source:zendesk")

    part = world.says(ANNA, "unsubscribe source:zendesk")
    nothing = world.says(ANNA, "subscribe source:,")

    [own] = subscriptions(world)
    assert "`/voc unsubscribe` takes no words after it" in part
    assert "No source “,” is known" in nothing
    assert own.next_at is not None
    assert own.scope.sources == ("zendesk",)


def test_a_value_with_a_comma_in_its_name_can_be_named(world: World) -> None:
    world.ticket("FLD-1", "Export", labels=("import, export", "mobile"))

    world.says(ANNA, 'subscribe label:"import, export"')
    one = subscriptions(world)[0].scope.labels
    world.says(ANNA, "subscribe label:mobile,mobile")

    assert one == ("import, export",)
    assert subscriptions(world)[0].scope.labels == ("mobile",)


def test_the_words_of_a_schedule_may_be_apart_by_any_space_and_in_quotes(world: World) -> None:
    said = [
        world.says(ANNA, "digest\u00a0schedule\u00a0mon 9:00"),
        world.says(ANNA, "digest schedule “fri 17:30”"),
        world.says(ANNA, "digest pause 2 Weeks"),
    ]

    assert "every Monday at 9:00" in said[0]
    assert "every Friday at 5:30" in said[1]
    assert "Paused." in said[2]


def test_in_a_direct_message_people_subscribe_themselves_and_get_it_there(world: World) -> None:
    a_week_of_voices(world)
    direct = str(world.context.slack.upsert("conversations.open", "opening", users=BEN)["channel"]["id"])

    answer = world.says(BEN, "subscribe source:zendesk", direct)
    world.says(BEN, "digest now", direct)
    seen = world.says(BEN, "subscribe list")

    [own] = subscriptions(world)
    assert (own.channel, own.person, own.zone) == (direct, BEN, "America/New_York")
    assert "You are subscribed" in answer
    assert "What customers said" in world.messages(direct)[0]["text"]
    assert "To you alone" in seen


@pytest.mark.parametrize(
    ("typed", "facts"),
    [
        ("digest schedule mon 9:00 every two weeks", {"rhythm": Rhythm.FORTNIGHTLY}),
        ("digest schedule Montag 9:00 Europe/Berlin monthly", {"rhythm": Rhythm.MONTHLY}),
        ("digest long", {"length": Length.LONG}),
        ("digest language Deutsch", {"language": "de"}),
    ],
)
def test_rhythm_length_and_language_are_chosen_by_words(
    world: World, typed: str, facts: dict[str, object]
) -> None:
    world.says(ANNA, "digest schedule mon 9:00")

    world.says(ANNA, typed)

    [own] = subscriptions(world)
    assert {name: getattr(own, name) for name in facts} == facts


def test_a_paused_digest_says_until_when_and_goes_on_when_asked(world: World) -> None:
    world.says(ANNA, "digest schedule mon 9:00")

    paused = world.says(ANNA, "digest pause 2w")
    state = world.says(ANNA, "digest")
    resumed = world.says(ANNA, "digest resume")
    refused = world.says(ANNA, "digest pause for ever")

    assert "7 December 2026" in paused
    assert "It is paused until Wednesday, 2 December 2026" in state
    assert "23 November 2026" in resumed
    assert "/voc digest pause 2w" in refused


def test_a_pause_does_not_bring_back_a_digest_that_was_ended(world: World) -> None:
    world.says(ANNA, "digest schedule mon 9:00")
    world.says(ANNA, "unsubscribe")

    answer = world.says(ANNA, "digest pause 2w")

    assert "At present none comes" in answer
    assert [one.next_at for one in subscriptions(world)] == [None]


def test_a_preview_speaks_the_digests_language(world: World) -> None:
    a_week_of_voices(world)
    world.says(ANNA, "digest schedule mon 9:00")
    world.says(ANNA, "digest language fr")

    assert "9–15 nov. 2026" in world.says(ANNA, "digest preview")
