"""Sources, subscriptions, switches, credentials, deliveries and vectors, on both databases."""

from __future__ import annotations

from bot.repositories import KeptEvent, SourceHealth, Switches
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON


def test_a_source_is_fresh_until_something_is_known_of_it(database: Database) -> None:
    with database.work() as unit:
        assert unit.sources.get("zendesk") == SourceHealth(name="zendesk")
        assert unit.sources.all() == []


def test_a_source_s_cursor_and_health_are_kept_apart(database: Database) -> None:
    with database.work() as unit:
        unit.sources.save_cursor("zendesk", "page 1", NOON, last_change_at=NOON - HOUR)
        unit.sources.failed("zendesk", "zendesk: read failed", NOON)
        unit.sources.failed("zendesk", "zendesk: read failed again", NOON)
        unit.sources.told("zendesk", NOON)
        unit.sources.save_cursor("zendesk", "page 2", NOON)
        unit.sources.schedule("zendesk", NOON + HOUR)
        failing = unit.sources.get("zendesk")
        unit.sources.succeeded("zendesk", NOON + HOUR)
        unit.sources.told("zendesk", None)

        assert failing == SourceHealth(
            name="zendesk",
            cursor="page 2",
            last_change_at=NOON - HOUR,
            failures=2,
            error="zendesk: read failed again",
            told_at=NOON,
            next_at=NOON + HOUR,
        )
        well = unit.sources.get("zendesk")
        assert (well.failures, well.error, well.told_at) == (0, "", None)
        assert (well.cursor, well.last_success_at) == ("page 2", NOON + HOUR)


def test_items_set_aside_are_counted_once_until_they_can_be_read(database: Database) -> None:
    with database.work() as unit:
        for source, item in (("zendesk", "1"), ("zendesk", "1"), ("zendesk", "2"), ("jira", "1")):
            unit.sources.set_aside(source, item, "no author", NOON)
        unit.sources.readable_again("zendesk", "2")
        unit.sources.readable_again("zendesk", "never seen")

        assert unit.sources.count_set_aside("zendesk") == 1
        assert unit.sources.count_set_aside() == 2


def test_a_project_s_switches_are_off_until_set(database: Database) -> None:
    with database.work() as unit:
        before = unit.projects.switches("APP")
        unit.projects.set("APP", attach=True, write=False, by="U1", now=NOON)
        unit.projects.set("APP", attach=True, write=True, by="", now=NOON)

        assert before == Switches(project="APP")
        assert unit.projects.switches("APP") == Switches(project="APP", attach=True, write=True)
        assert unit.projects.all() == [Switches(project="APP", attach=True, write=True)]


def test_a_credential_is_replaced(database: Database) -> None:
    with database.work() as unit:
        unit.credentials.put("zendesk", "acme", b"\x00one", NOON)
        unit.credentials.put("zendesk", "acme", b"\xfftwo", NOON)

        assert unit.credentials.get("zendesk", "acme") == b"\xfftwo"
        assert unit.credentials.get("zendesk", "other") is None


def test_a_delivery_is_new_once_until_it_is_forgotten(database: Database) -> None:
    with database.work() as unit:
        first = unit.deliveries.is_new("slack", "E1", NOON)
        again = unit.deliveries.is_new("slack", "E1", NOON + HOUR)
        elsewhere = unit.deliveries.is_new("zendesk", "E1", NOON + HOUR)
        unit.deliveries.forget_before(NOON + HOUR)

        assert (first, again, elsewhere) == (True, False, True)
        assert unit.deliveries.is_new("slack", "E1", NOON)
        assert not unit.deliveries.is_new("zendesk", "E1", NOON)


def test_vectors_are_kept_by_key_as_first_stored(database: Database) -> None:
    with database.work() as unit:
        many = {f"k{n}": n.to_bytes(4, "big") for n in range(1500)}
        unit.vectors.put_many(many)
        unit.vectors.put_many({"k0": b"other", "new": b"\x00"})
        unit.vectors.put_many({})

        found = unit.vectors.get_many([*many, "new", "unknown"])

    assert found == many | {"new": b"\x00"}


def test_other_embedders_vectors_are_dropped_some_at_a_time(database: Database) -> None:
    names = ["mini_lm%", "mini_lm%-2", "minixlm%", "mini_lm", "other"]
    with database.work() as unit:
        unit.vectors.put_many({f"{name}:{n}": b"row" for name in names for n in range(3)})

        dropped = [unit.vectors.drop_others("mini_lm%", limit=5) for _ in range(4)]

        kept = unit.vectors.which([f"{name}:{n}" for name in names for n in range(3)])

    assert dropped == [5, 5, 2, 0]
    assert kept == {f"mini_lm%:{n}" for n in range(3)}


def test_which_vectors_are_stored_is_told_without_them(database: Database) -> None:
    many = [f"k{n}" for n in range(1500)]
    with database.work() as unit:
        unit.vectors.put_many(dict.fromkeys(many[:1200], b"row"))

        assert unit.vectors.which(many) == frozenset(many[:1200])
        assert unit.vectors.which([]) == frozenset()


def test_an_event_is_kept_once_until_it_is_finished_and_then_known(database: Database) -> None:
    event = KeptEvent("Ev1", {"event": {"type": "message"}}, NOON)
    with database.quick() as unit:
        kept = [unit.deliveries.keep(event), unit.deliveries.keep(event)]
        unit.deliveries.keep(KeptEvent("Ev2", {}, NOON + HOUR))
        unit.commit()
    with database.work() as unit:
        left = unit.deliveries.unfinished(NOON + HOUR, limit=5)
        unit.deliveries.finish("Ev1", NOON, was_handled=True)
        unit.deliveries.finish("Ev2", NOON, was_handled=False)
        unit.commit()

    with database.work() as unit:
        again = [unit.deliveries.keep(event), unit.deliveries.keep(KeptEvent("Ev2", {}, NOON))]
        are_open = [unit.deliveries.is_open(name) for name in ("Ev1", "Ev2")]

    assert (kept, left) == ([True, False], [event])
    assert (again, are_open) == ([False, True], [False, True])
