"""What every unit of work promises: all or nothing, alone where it must be, by threads and by processes."""

from __future__ import annotations

import subprocess
import sys
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import DBAPIError

from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, conversation, somebody, ticket

CLAIMER = """
import sys
from datetime import datetime
from bot.storage.database import Database
from bot.storage.engine import open_database

database, now, until = Database(open_database(sys.argv[1])), *map(datetime.fromisoformat, sys.argv[2:4])
print("ready", flush=True)
sys.stdin.readline()
for effect_id in map(int, sys.argv[4:]):
    with database.work() as unit:
        if unit.effects.claim(effect_id, until=until, now=now):
            print(effect_id)
        unit.commit()
"""


def wanted(database: Database, how_many: int) -> list[int]:
    with database.work() as unit:
        ids = [unit.effects.want("link", "t", str(n), "v1", NOON).id for n in range(how_many)]
        unit.commit()
    return ids


def test_what_is_not_committed_never_was(database: Database) -> None:
    with database.work() as unit:
        unit.conversations.save(conversation(somebody(unit)), NOON)

    with database.work() as unit:
        assert unit.conversations.count() == 0


def test_an_error_rolls_back(database: Database) -> None:
    def fail() -> None:
        with database.work() as unit:
            ticket(unit)
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    with database.work() as unit:
        assert unit.tickets.count() == 0


def test_what_is_committed_is_seen_by_the_next_unit(database: Database) -> None:
    with database.work() as unit:
        ticket(unit)
        unit.commit()

    with database.reading() as unit:
        assert unit.tickets.count() == 1


def test_a_committed_unit_is_over(database: Database) -> None:
    with database.work() as unit:
        unit.commit()

        with pytest.raises(RuntimeError):
            unit.commit()


def test_a_reading_unit_waits_for_no_writer(database: Database) -> None:
    with database.work() as writer:
        ticket(writer)

        with database.reading() as reader:
            before = reader.tickets.count()
            writer.commit()

    assert before == 0


def test_a_reading_unit_sees_one_moment_from_its_first_look_on(database: Database) -> None:
    with database.reading() as reader:
        first = reader.tickets.count()
        with database.work() as writer:
            ticket(writer)
            writer.commit()

        assert reader.tickets.count() == first == 0


def test_a_reading_unit_may_not_write_and_the_next_one_may(database: Database) -> None:
    with database.reading() as reader, pytest.raises(DBAPIError):
        ticket(reader)

    with database.work() as unit:
        ticket(unit)
        unit.commit()


def test_a_unit_that_reads_first_and_writes_later_waits_its_turn_instead_of_failing(
    database: Database,
) -> None:
    gate = threading.Barrier(4)

    def count_up() -> None:
        gate.wait()
        for n in range(5):
            with database.work() as unit:
                unit.sources.get("zendesk")
                unit.sources.failed("zendesk", str(n), NOON)
                unit.commit()

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    with database.work() as unit:
        assert unit.sources.get("zendesk").failures == 20


def test_each_act_is_claimed_by_one_of_many_threads(database: Database) -> None:
    ids = wanted(database, 10)
    gate, taken = threading.Barrier(4), list[int]()

    def claim_all() -> None:
        gate.wait()
        for effect_id in ids:
            with database.work() as unit:
                if unit.effects.claim(effect_id, until=NOON + HOUR, now=NOON):
                    taken.append(effect_id)
                unit.commit()

    threads = [threading.Thread(target=claim_all) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(taken) == ids


def test_each_act_is_claimed_by_one_of_many_processes(
    database: Database, database_url: str, root: Path
) -> None:
    ids = wanted(database, 30)
    times = (NOON.isoformat(), (NOON + HOUR).isoformat())
    command = [sys.executable, "-c", CLAIMER, database_url, *times, *map(str, ids)]
    claimers = [
        subprocess.Popen(command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    for claimer in claimers:
        assert claimer.stdout is not None
        claimer.stdout.readline()

    for claimer in claimers:
        assert claimer.stdin is not None
        claimer.stdin.write("go\n")
        claimer.stdin.flush()
    taken = [int(line) for claimer in claimers for line in claimer.communicate()[0].split()]

    assert sorted(taken) == ids


def test_two_units_that_want_the_same_act_at_once_make_one_row(database: Database) -> None:
    gate, ids = threading.Barrier(4), set[int]()

    def want() -> None:
        gate.wait()
        with database.work() as unit:
            ids.add(unit.effects.want("comment", "t", "living", "v1", NOON).id)
            unit.commit()

    threads = [threading.Thread(target=want) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ids) == 1


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    with database.work() as unit, pytest.raises(Exception, match="aware"):
        unit.sources.schedule("zendesk", datetime(2026, 3, 1))  # noqa: DTZ001


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40)
@given(
    moment=st.datetimes(
        NOON.replace(year=1990, tzinfo=None), NOON.replace(year=2090, tzinfo=None), timezones=st.timezones()
    )
)
def test_times_come_back_as_the_same_moment_in_utc(database: Database, moment: datetime) -> None:
    with database.work() as unit:
        unit.sources.schedule("zendesk", moment)

        stored = unit.sources.get("zendesk").next_at

    assert stored == moment.astimezone(UTC)  # a local time in a gap equals nothing
    assert stored is not None
    assert stored.utcoffset() == timedelta()
