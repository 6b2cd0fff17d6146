"""Where Voc is installed, on each database."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.installation import Installation
from bot.repositories import Sealed
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON

ACME = Installation(
    team="T0ACME0001",
    name="Acme",
    bot_user="U0VOC00001",
    scopes=("chat:write", "commands"),
    installed_by="U0ANNA0001",
    installed_at=NOON,
    expires_at=NOON + 12 * HOUR,
)
TEAM = ACME.team


def test_an_installation_is_read_as_it_was_put_and_a_new_one_replaces_it(database: Database) -> None:
    again = replace(ACME, installed_by="U0BEN00001", installed_at=NOON + HOUR, scopes=("commands",))
    with database.work() as unit:
        unit.installations.put(ACME, b"one")
        first = unit.installations.get(TEAM)
        unit.installations.put(again, b"two")
        unit.commit()

    with database.reading() as unit:
        assert first == Sealed(ACME, b"one")
        assert unit.installations.all() == [Sealed(again, b"two")]
        assert unit.installations.get("T0OTHER001") is None


def test_one_worker_renews_a_pair_and_another_only_once_the_first_is_given_up(database: Database) -> None:
    with database.work() as unit:
        unit.installations.put(ACME, b"one")
        taken = [
            unit.installations.take(TEAM, b"one", until=NOON + HOUR, now=NOON),
            unit.installations.take(TEAM, b"one", until=NOON + HOUR, now=NOON),
            unit.installations.take(TEAM, b"one", until=NOON + 3 * HOUR, now=NOON + HOUR),
        ]
        renewed = [
            unit.installations.renew(TEAM, b"one", b"two", NOON + 24 * HOUR),
            unit.installations.renew(TEAM, b"one", b"three", NOON + 24 * HOUR),
        ]
        taken.append(unit.installations.take(TEAM, b"one", until=NOON + 9 * HOUR, now=NOON + 8 * HOUR))
        unit.commit()

    with database.reading() as unit:
        assert taken == [True, False, True, False]
        assert renewed == [True, False]
        assert unit.installations.get(TEAM) == Sealed(replace(ACME, expires_at=NOON + 24 * HOUR), b"two")


def test_an_old_goodbye_does_not_end_a_newer_installation(database: Database) -> None:
    with database.work() as unit:
        unit.installations.put(ACME, b"one")

        ended = [
            unit.installations.end(TEAM, NOON - HOUR),
            unit.installations.end(TEAM, NOON + HOUR),
            unit.installations.end(TEAM, NOON + 2 * HOUR),
        ]

        stored = unit.installations.get(TEAM)
        assert ended == [False, True, False]
        assert stored is not None
        assert stored.installation.ended_at == NOON + HOUR
