"""Channels that can't be posted to, on each database."""

from __future__ import annotations

from bot.domain.channel import ChannelTrouble
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON

CHANNEL = "T0BRANCH01/C0PRODUCT1"
TROUBLE = ChannelTrouble(channel=CHANNEL, reason="is_archived", since=NOON, look_at=NOON + HOUR)


def test_a_trouble_is_news_once_and_looked_at_later_each_time(database: Database) -> None:
    with database.work() as unit:
        news = [
            unit.channels.note(CHANNEL, "is_archived", NOON, NOON + HOUR),
            unit.channels.note(CHANNEL, "not_in_channel", NOON + HOUR, NOON + 2 * HOUR),
        ]
        known = unit.channels.get(CHANNEL)

    assert news == [True, False]
    assert known is not None
    assert (known.reason, known.since, known.look_at) == ("is_archived", NOON, NOON + 2 * HOUR)


def test_an_end_is_kept_until_whoever_heard_of_the_trouble_hears_of_it(database: Database) -> None:
    with database.work() as unit:
        unit.channels.note(CHANNEL, "is_archived", NOON, NOON + HOUR)
        first = unit.channels.untold()
        unit.channels.told(CHANNEL, NOON)
        silent = unit.channels.untold()
        over = [unit.channels.over(CHANNEL, NOON + HOUR), unit.channels.over(CHANNEL, NOON + HOUR)]
        (end,) = unit.channels.untold()
        seen = unit.channels.get(CHANNEL), unit.channels.all()
        unit.channels.told(CHANNEL, NOON + HOUR)

        assert first == [TROUBLE]
        assert silent == []
        assert over == [True, False]
        assert end.back_at == NOON + HOUR
        assert seen == (None, [])
        assert unit.channels.untold() == []


def test_what_nobody_heard_of_ends_unheard_and_a_new_trouble_is_news_again(database: Database) -> None:
    with database.work() as unit:
        unit.channels.note(CHANNEL, "is_archived", NOON, NOON + HOUR)
        unit.channels.over(CHANNEL, NOON + HOUR)
        untold = unit.channels.untold()

        assert untold == []
        assert unit.channels.note(CHANNEL, "not_in_channel", NOON + 2 * HOUR, NOON + 3 * HOUR)
