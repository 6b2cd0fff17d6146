"""What was asked of others is remembered for a while, and not without end."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.remembered import Remembered

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
LASTS = timedelta(minutes=10)


def test_a_value_is_known_by_its_key_for_ten_minutes_and_as_the_last_for_ever() -> None:
    known = Remembered[str, int](LASTS)

    known.keep("APP", 1, NOON)

    assert known.recent("APP", NOON) == 1
    assert known.recent("WEB", NOON) is None
    assert known.recent("APP", NOON + LASTS - timedelta(seconds=1)) == 1
    assert known.recent("APP", NOON + LASTS) is None
    assert (known.last("APP"), known.last("WEB")) == (1, None)


def test_it_is_asked_for_where_none_is_recent() -> None:
    known, asked = Remembered[str, int](LASTS), list[int]()

    def ask() -> int:
        asked.append(len(asked))
        return len(asked)

    found = [known.of("APP", NOON + minutes * timedelta(minutes=1), ask) for minutes in (0, 9, 10, 19, 20)]

    assert found == [1, 1, 2, 2, 3]


def test_the_oldest_go_first() -> None:
    known = Remembered[str, int](LASTS, most=3)
    for number in range(3):
        known.keep(f"P{number}", number, NOON)

    known.keep("P0", 0, NOON)
    known.keep("NEW", 9, NOON)

    assert [known.recent(name, NOON) for name in ("P0", "P1", "NEW")] == [0, None, 9]
