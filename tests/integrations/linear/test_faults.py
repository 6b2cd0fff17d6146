"""A fifth of all calls fails in one way or another: afterwards each piece is there once, and one comment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.annotation import Reach
from bot.errors import TransientError, UncertainError
from tests.contracts.ticket_trackers import ANNOTATION
from tests.integrations.linear.conftest import Linear
from tests.integrations.linear.test_requests import PIECE

TICKETS, PIECES, MOST_TRIES = 6, 60, 60
KEYS = [f"voc:zendesk:{number}:0" for number in range(PIECES)]
FAULTS: list[dict[str, Any]] = [
    {"do": "status", "status": 429, "retry_after_s": 1},
    {"do": "status", "status": 503},
    {"do": "reset"},
    {"do": "lost"},
]


def until_done(act: Callable[..., Any], *arguments: Any) -> Any:
    """Do it again as the effect ledger would: until it is told to be done."""
    for _ in range(MOST_TRIES):
        try:
            return act(*arguments)
        except (TransientError, UncertainError):
            continue
    pytest.fail("was never done")


@pytest.mark.parametrize("has_requests", [True, False])
def test_each_piece_and_each_comment_is_there_once_whatever_fails(linear: Linear, has_requests: bool) -> None:
    linear.load(settings={"customers_enabled": has_requests})
    refs = [linear.ref(f"ENG-{n}") for n in range(1, TICKETS + 1)]
    for seed, fault in enumerate(FAULTS):
        linear.client.fault(vendor="linear", share=0.05, seed=seed, times=None, **fault)
    tracker, places = linear.tracker(), dict(zip(KEYS, refs * (PIECES // TICKETS), strict=True))

    for key, ref in places.items():
        until_done(tracker.link, ref, replace(PIECE, key=key))
    for ref in refs:
        known = until_done(tracker.annotate, ref, ANNOTATION, None)
        until_done(tracker.annotate, ref, replace(ANNOTATION, reach=Reach(9, 2)), known or None)
    for key in KEYS[::2]:
        until_done(tracker.link, places[key], replace(PIECE, key=key, words="Other words"))
    for key in KEYS[::3]:
        until_done(tracker.unlink, places[key], key)
    linear.client.clear_faults()

    linked = [one.key for ref in refs for one in tracker.linked(ref)]
    comments = [len(linear.issue(f"ENG-{n}")["comments"]) for n in range(1, TICKETS + 1)]
    assert sorted(linked) == sorted(set(KEYS) - set(KEYS[::3]))
    assert comments == [0 if has_requests else 1] * TICKETS
    assert len(linear.client.state("linear")["customers"]) == has_requests
