"""Two hundred tickets, two thousand voices, trackers that fail one call in five, and ten sudden deaths."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any

import pytest

from tests.journeys.company import DIGEST, REVIEW, Said
from tests.journeys.conftest import Stage
from tests.journeys.lives import Lives

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

PROJECTS = {"APP": 100, "OPS": 40, "WEB": 60}  # tickets; WEB is a team of Linear's, the others are in Jira
SWITCHES = {"APP": (True, True), "OPS": (True, False), "WEB": (True, True)}
VOICES_EACH, KILLS, SEED = 10, 10, 4
FAILING = 0.2
WAYS: tuple[dict[str, Any], ...] = (
    {"do": "status", "status": 429, "retry_after_s": 1},
    {"do": "status", "status": 503},
    {"do": "reset"},
    {"do": "lost"},
)
TICKETS = [f"{project}-{n}" for project, many in PROJECTS.items() for n in range(1, many + 1)]
SETTINGS = f"""
[jira]
projects = ["APP", "OPS"]
[linear]
teams = ["WEB"]
[[routes]]
projects = {list(PROJECTS)}
owner_channel = "{REVIEW}"
digest_channels = ["{DIGEST}"]
"""


def said() -> tuple[Said, ...]:
    about = [key for key in TICKETS for _ in range(VOICES_EACH)]
    words = "{}: for the {}th time this week the list stays empty and I have to call somebody."
    return tuple(
        Said("zendesk", number, number % 6 + 1, 1 + number % 40 / 10, words.format(key, number))
        for number, key in enumerate(about, start=1)
    )


def load(lives: Lives) -> None:
    created = lives.outside.sandbox.clock.now().isoformat()
    made = [{"title": f"The list of {key} stays empty", "created": created, "key": key} for key in TICKETS]
    in_jira = [{**one, "summary": one["title"]} for one in made if not one["key"].startswith("WEB")]
    in_linear = [{**one, "identifier": one["key"]} for one in made if one["key"].startswith("WEB")]
    lives.outside.load("jira", issues=in_jira)
    lives.outside.load("linear", issues=in_linear)
    (lives.folder / "voc.toml").write_text(SETTINGS, encoding="utf-8")


def fail_often(lives: Lives) -> None:
    """Let a fifth of all calls to the trackers fail, in each way as often."""
    share = FAILING / len(WAYS)
    for number, way in enumerate(WAYS):
        left = 1 - number * share  # what the rules before let through
        for vendor in ("jira", "linear"):
            rule = {**way, "vendor": vendor, "share": share / left, "seed": SEED + number, "times": None}
            lives.outside.sandbox.faults.add(rule)


def test_each_voice_is_shown_once_whatever_fails_and_whenever_the_bot_dies(stage: Stage) -> None:
    voices, moments = said(), random.Random(SEED)
    wanted = {key: sorted(v.key for v in voices if v.words.startswith(f"{key}:")) for key in TICKETS}
    with stage.unread_lives(voices) as lives:
        load(lives)
        lives.prepare(SWITCHES)
        lives.hurries = True
        fail_often(lives)

        for _ in range(KILLS):
            lives.work(dies_after_s=moments.uniform(1.0, 4.0))
        lives.drain_through_deaths()

        held = lives.outside.held()
        for key in TICKETS:
            is_written = not key.startswith("OPS")
            assert [link for link, _ in held.links[key]] == (wanted[key] if is_written else []), lives.log
            assert len(held.comments[key]) == key.startswith("APP")
        assert _failed(lives) == pytest.approx(FAILING, abs=0.03)


def _failed(lives: Lives) -> float:
    """Return the share of the trackers' calls that failed."""
    rows = [row for row in lives.outside.sandbox.ledger.rows() if row["vendor"] in ("jira", "linear")]
    faults = Counter(row["fault"] for row in rows)
    assert all(faults[way["do"]] for way in WAYS)
    return 1 - faults[""] / len(rows)
