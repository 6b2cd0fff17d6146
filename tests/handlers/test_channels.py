"""Archived, renamed, removed from: told once where it can be read; what is for it waits, at no call."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.route import Route, Routes
from tests.handlers.shop import HOUR, MINUTE, Shop
from tests.handlers.world import ANNA, OWNERS, PRODUCT, RULES, World, shown

EVENTS = """channel_archive channel_unarchive channel_left channel_rename member_left_channel
    member_joined_channel""".split()
LAUNCH = "C0LAUNCH01"
NOW_DUE = timedelta(days=5)  # from Wednesday to after Monday at nine


class Watched(World):
    """The workspace, with an eye on what Slack is asked."""

    def calls(self, method: str = "chat.postMessage") -> int:
        """Return how often the method was called so far."""
        return sum(row["path"] == f"/api/{method}" for row in self.sandbox.ledger.rows())


@pytest.fixture
def world(tmp_path: Path, handlers_template: Path) -> Iterator[Watched]:
    made = Watched(tmp_path, handlers_template)
    made.slack.load({"app": {"events": EVENTS}})
    yield made
    made.close()


@pytest.fixture
def shop(world: Watched) -> Shop:
    """Return a workshop in which product's digest falls due on Monday."""
    made = Shop(world)
    world.says(ANNA, "digest schedule mon 9:00", PRODUCT)
    return made


def told(world: Watched) -> list[str]:
    """Return what the owners were told of channels."""
    return [text for m in world.messages(OWNERS) if "post in" in (text := shown(m)) or "called" in text]


@pytest.mark.parametrize(
    ("shut", "why"),
    [("archived", "it is archived"), ("removed", "Type /invite @voc there")],
)
def test_a_digest_waits_for_a_shut_channel_and_comes_once_it_is_open(
    world: Watched, shop: Shop, shut: str, why: str
) -> None:
    channel, scopes = world.slack.space.channels[PRODUCT], world.slack.space.app["scopes"]
    scopes[:] = [scope for scope in scopes if scope != "chat:write.public"]
    channel.is_archived, channel.is_member = shut == "archived", shut != "removed"
    shop.tick(NOW_DUE)
    after_first = world.calls()
    for _ in range(24):
        shop.tick(3 * HOUR)
    tried, said = world.calls() - after_first, told(world)
    channel.is_archived, channel.is_member = False, True
    for _ in range(9):
        shop.tick(3 * HOUR)

    assert tried <= 1 + 3  # the notice, and one look a day
    assert len(said) == 1
    assert said[0].startswith("⚠ Voc can’t post in #product")
    assert why in said[0]
    assert len(channel.messages) == 1
    assert "can post in #product again" in told(world)[-1]
    assert len(told(world)) == 2


def test_being_taken_out_is_told_before_any_post_fails_and_an_invitation_ends_it(
    world: Watched, shop: Shop
) -> None:
    before = world.calls()
    world.slack.talking.remove_app(ANNA, PRODUCT)
    world.pool.settle()
    world.pool.settle()
    shop.tick()
    first = world.calls() - before
    shop.tick(NOW_DUE)
    waited = world.messages(PRODUCT)
    world.slack.space.channels[PRODUCT].is_member = True
    invite(world)
    for _ in range(3):
        shop.tick(20 * MINUTE)

    assert first == 1  # the notice
    assert waited == []
    assert len(world.messages(PRODUCT)) == 1
    assert [("can’t" in text) for text in told(world)] == [True, False]


def test_archiving_is_told_once_however_often_slack_tells_it(world: Watched, shop: Shop) -> None:
    for _ in range(3):
        world.slack.talking.archive(ANNA, PRODUCT)
        world.pool.settle()
        shop.tick(MINUTE)

    assert len(told(world)) == 1


def test_a_channel_that_voc_never_posts_to_is_nobodys_news(world: Watched, shop: Shop) -> None:
    world.slack.load({"channels": [{"id": "C0LUNCH001", "name": "lunch"}]})

    world.slack.talking.archive(ANNA, "C0LUNCH001")
    world.pool.settle()
    shop.tick()

    assert told(world) == []


def test_a_channel_whose_digest_was_ended_is_nobodys_news_either(world: Watched) -> None:
    world.slack.load({"channels": [{"id": LAUNCH, "name": "launch"}]})
    shop = Shop(world)
    world.says(ANNA, "digest schedule mon 9:00", LAUNCH)
    world.says(ANNA, "unsubscribe", LAUNCH)

    world.slack.talking.archive(ANNA, LAUNCH)
    world.pool.settle()
    shop.tick()

    assert told(world) == []


def test_a_renamed_channel_is_posted_to_as_before_and_the_settings_are_thought_of(
    world: Watched, shop: Shop
) -> None:
    world.slack.talking.rename(PRODUCT, "product-team")
    world.pool.settle()
    shop.tick(NOW_DUE)

    assert "is now called #product-team" in told(world)[0]
    assert len(world.messages(PRODUCT)) == 1


def test_a_renamed_channel_is_told_of_by_the_name_that_the_settings_have(
    tmp_path: Path, handlers_template: Path
) -> None:
    routes = Routes((Route(owner_channel="#voc", digest_channels=("#product",)),))
    world = Watched(tmp_path, handlers_template, rules=replace(RULES, routes=routes))
    world.context.presenter.messenger.channel_id("#product")

    world.slack.talking.rename(PRODUCT, "product-team")
    world.pool.settle()

    assert "The channel #product is now called #product-team" in told(world)[0]
    world.close()


def test_where_the_owners_channel_is_shut_itself_the_status_and_the_log_say_so(
    world: Watched, shop: Shop, caplog: pytest.LogCaptureFixture
) -> None:
    world.slack.talking.archive(ANNA, OWNERS)
    world.pool.settle()
    before = world.calls()
    shop.tick()

    assert world.calls() == before
    assert "channel trouble told to nobody" in [r.getMessage() for r in caplog.records]
    assert "C0OWNERS01 can’t be posted to" in world.says(ANNA, "status")


def test_without_an_open_owners_channel_who_subscribed_directly_is_told(world: Watched, shop: Shop) -> None:
    direct = world.context.slack.upsert("conversations.open", "opening", users=ANNA)["channel"]["id"]
    with world.context.work() as unit:
        due = world.clock.now() + NOW_DUE
        unit.subscriptions.put(direct, "weekly", cron="0 9 * * mon", zone="UTC", next_at=due)
        unit.commit()

    world.slack.talking.archive(ANNA, OWNERS)
    world.pool.settle()
    shop.tick()

    assert ["can’t post in #voc" in shown(message) for message in world.messages(direct)] == [True]


def test_a_digest_stops_where_another_organisation_reads_along_by_now(world: Watched) -> None:
    world.slack.load({"channels": [{"id": LAUNCH, "name": "launch"}]})
    shop, channel = Shop(world), world.slack.space.channels[LAUNCH]
    world.says(ANNA, "digest schedule mon 9:00", LAUNCH)
    channel.is_ext_shared = True
    asked = world.says(ANNA, "digest now", LAUNCH)
    shop.tick(NOW_DUE)
    for _ in range(24):
        shop.tick(3 * HOUR)
    shared, said = list(channel.messages), told(world)
    channel.is_ext_shared = False
    for _ in range(9):
        shop.tick(3 * HOUR)

    assert "People of another organisation read this channel" in asked
    assert shared == []
    assert len(said) == 1
    assert "can’t post in #launch: people of another organisation read it now" in said[0]
    assert len(channel.messages) == 1
    assert "can post in #launch again" in told(world)[-1]


def test_a_shared_channel_that_the_settings_name_is_meant(world: Watched, shop: Shop) -> None:
    world.slack.space.channels[PRODUCT].is_ext_shared = True
    asked = world.calls("conversations.info")

    shop.tick(NOW_DUE)

    assert world.calls("conversations.info") == asked
    assert len(world.messages(PRODUCT)) == 1
    assert told(world) == []


def test_a_name_in_the_settings_that_is_no_channel_is_told_and_not_asked_for_again(world: Watched) -> None:
    shop = Shop(world)
    with world.context.work() as unit:
        now = world.clock.now()
        unit.subscriptions.put("#gone", "weekly", cron="0 9 * * mon", zone="UTC", next_at=now)
        unit.commit()

    shop.tick(MINUTE)
    shop.tick(MINUTE)
    asked = world.calls("conversations.list")
    for _ in range(20):
        shop.tick(HOUR)

    assert len(told(world)) == 1
    assert "there is none of that name" in told(world)[0]
    assert world.calls("conversations.list") == asked


def invite(world: Watched) -> None:
    """Type /invite @voc in the product channel."""
    app = world.slack.space.app["user_id"]
    event = {"type": "member_joined_channel", "user": app, "channel": PRODUCT, "channel_type": "C"}
    world.slack.events.tell("member_joined_channel", event, world.slack.space.channels[PRODUCT])
    world.pool.settle()
