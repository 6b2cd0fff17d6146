"""Delivered twice, late, pressed twice, by two people at once: one effect, over HTTP and over a socket."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from handlers.commands import COMMAND, VERBS
from handlers.slack_app import LISTENERS, listen
from tests.handlers.deliveries.delivering import (
    anew,
    deliver,
    differences,
    effect,
    kept_back,
    send,
    settle,
    told,
)
from tests.handlers.deliveries.office import Office
from tests.handlers.deliveries.rows import NOTHING, ROWS
from tests.handlers.world import ANNA, BEN


@contextmanager
def socket(world: Office) -> Iterator[None]:
    """Let everything reach the app over a websocket."""
    close = listen(world.bolt, world.slack.space.app["app_token"])
    for _ in range(500):
        if world.slack.sockets.is_connected:
            break
        threading.Event().wait(0.01)
    yield
    close()


def test_every_listener_and_every_command_has_a_row() -> None:
    labels = {listener.label for listener in LISTENERS} - {f"command {COMMAND}"}

    assert {*labels, *(f"command {COMMAND} {verb}" for verb in VERBS)} == {*ROWS, *NOTHING}


@pytest.mark.parametrize("label", ROWS)
def test_what_is_delivered_again_late_pressed_twice_and_then_by_another_has_one_effect(
    world: Office, label: str
) -> None:
    row = ROWS[label]
    request = kept_back(world, row)
    again, by_another = anew(world, request, ANNA), anew(world, request, BEN)

    deliver(world, request)
    once, said = effect(world), told(world)
    deliver(world, request)
    deliver(world, request, late=True)
    repeated, said_again = effect(world), told(world)

    assert differences(once, repeated) == []
    assert said_again == said
    if not row.is_repeatable:
        deliver(world, again)
        # A dialog closes when it is submitted, so what a second submission shows in it is seen by nobody.
        is_submitted = request.payload.get("type") == "view_submission"
        assert differences(once, effect(world), shared=is_submitted) == []
        deliver(world, anew(world, request, ANNA) if row.is_personal else by_another)
        assert differences(once, effect(world), shared=True) == []


@pytest.mark.slow
@pytest.mark.parametrize("label", ROWS)
def test_over_a_socket_a_request_has_one_effect_too(world: Office, label: str) -> None:
    request = kept_back(world, ROWS[label])

    with socket(world):
        deliver(world, request)
        once, said = effect(world), told(world)
        deliver(world, request, late=True)

    assert differences(once, effect(world)) == []
    assert told(world) == said


@pytest.mark.slow
@pytest.mark.parametrize("label", [label for label, row in ROWS.items() if not row.is_repeatable])
def test_two_people_at_the_same_moment_have_one_effect(world: Office, label: str) -> None:
    row = ROWS[label]
    request = kept_back(world, row)
    another = anew(world, request, ANNA if row.is_personal else BEN)
    requests, together = [request, another], threading.Barrier(2)

    def press(number: int) -> None:
        together.wait()
        send(world, requests[number])

    people = [threading.Thread(target=press, args=(number,)) for number in range(2)]
    for person in people:
        person.start()
    for person in people:
        person.join()
    settle(world, request)
    settle(world, request)
    both = effect(world)
    deliver(world, anew(world, request, ANNA))

    assert differences(both, effect(world), shared=True) == []
    assert len(both.created) <= 1
