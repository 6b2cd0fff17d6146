"""The command model: versions listed, refitted, and put to use."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.domain.answer import Answer, AnswerKind
from bot.domain.trust import Trust
from bot.matching.embed import embedder_named
from bot.storage.database import Database
from bot.storage.engine import open_database
from tests.commands.operator import Operator
from tests.fakes.clock import StillClock
from tests.matching.test_learn import SHIPPED, answers_of, other_weights
from tests.services.conftest import Store
from tests.services.test_learning import give


def taught(shell: Operator, answers: list[Answer]) -> None:
    """Keep the answers in the shell's database."""
    database = Database(open_database(shell.settings["DATABASE_URL"]))
    embedder = embedder_named("minilm").name
    give(Store(database.work, StillClock()), answers, embedder)
    database.close()


def test_a_new_workspace_has_the_shipped_model_alone(shell: Operator) -> None:
    ran = shell.run("model")

    assert (ran.code, ran.out) == (0, f"* {SHIPPED.name}: as shipped\n")


def test_a_refit_without_answers_says_how_many_it_needs(shell: Operator) -> None:
    ran = shell.run("model", "refit")

    assert (ran.code, ran.out) == (1, "")
    assert ran.err == "voc: A refit needs 25 answers that carry their signals; there are fewer\n"


@pytest.mark.slow
def test_a_refit_is_used_and_the_model_before_is_one_command_away(shell: Operator) -> None:
    taught(shell, answers_of(other_weights(), 120))

    refitted = shell.run("model", "refit")
    during = shell.run("model").out.splitlines()
    back = shell.run("model", "use", SHIPPED.name)
    after = shell.run("model").out.splitlines()
    again = shell.run("model", "use", "refit-1")

    assert refitted.code == 0
    assert refitted.out.startswith("refit-1: 120 answers; log loss on the newest of them ")
    assert refitted.out.endswith("better, and used from every worker's next match on.\n")
    assert [line[:9] for line in during] == [f"  {SHIPPED.name}"[:9], "* refit-1"]
    assert back.out == f"{SHIPPED.name} is used from every worker's next match on.\n"
    assert [line[0] for line in after] == ["*", " "]
    assert again.code == 0
    assert "model: refit-1\n" in shell.run("status").out


def test_a_refit_that_is_no_better_is_not_used(shell: Operator) -> None:
    answers = answers_of(SHIPPED, 100)
    flat = [replace(answer, kind=AnswerKind.TICKET, ticket_id=4) for answer in answers[:80]]
    taught(shell, [*flat, *answers[80:]])

    ran = shell.run("model", "refit")

    assert ran.code == 1
    assert ran.out.endswith("no better, so it is kept but not used.\n")
    assert shell.run("model").out.startswith(f"* {SHIPPED.name}")


def test_a_word_that_the_command_does_not_know_is_refused(shell: Operator) -> None:
    runs = [
        shell.run("model", *words) for words in (["retrain"], ["use"], ["use", "refit-9"], ["refit", "x"])
    ]

    assert [(ran.code, ran.out) for ran in runs] == [(1, "")] * 4
    assert "model, model refit, or model use NAME" in runs[0].err
    assert f"There is no model refit-9. There are: {SHIPPED.name}." in runs[2].err


def test_the_status_for_programs_tells_the_same(shell: Operator) -> None:
    database = Database(open_database(shell.settings["DATABASE_URL"]))
    with database.work() as unit:
        unit.projects.set("APP", attach=False, write=True, by="", now=datetime.now(UTC))
        unit.trusts.save(Trust(project="APP", threshold=0.93))
        unit.commit()
    database.close()

    told = json.loads(shell.run("status", "--json").out)

    assert told["checked"] == {"right": 0, "of": 0, "interval95": None}
    assert told["links"] == {"days": 28, "made": 0, "undone": 0}
    assert told["model"] is None
    assert told["projects"] == [
        {
            "project": "APP",
            "attach": False,
            "write": True,
            "by": "",
            "why": "off (no answers yet)",
            "threshold": 0.93,
            "is_measured": False,
            "answers": {"right": 0, "of": 0, "interval95": None},
        }
    ]
