"""Every worker takes over the model in use and the thresholds that projects have earned."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.domain.match import MatchState
from bot.domain.trust import Trust
from bot.matching.decide import Thresholds
from bot.matching.matcher import Matcher
from bot.matching.model import FEATURES, Model, load_model, weights_of
from bot.repositories import ModelVersion
from bot.services.learning import School, use
from bot.services.matching import Desk, StoredVectors
from bot.services.review import undo
from tests.builders import conversation, ticket
from tests.fakes.embedder import wordllama
from tests.matching.test_learn import SHIPPED, other_weights
from tests.services.conftest import RULES, Store


@pytest.fixture
def desk(store: Store) -> Desk:
    """Return a desk that by itself attaches only what names its ticket."""
    vectors = StoredVectors(store.work, store.work)
    matcher = Matcher(wordllama(), load_model(), Thresholds(1.0, 0.05), vectors)
    return Desk(store.work, store.clock, RULES, matcher)


def verdict_model(store: Store, piece: int) -> str:
    with store.work() as unit:
        verdict = unit.pieces.verdict(piece)
    assert verdict is not None
    return verdict.model.partition("+")[0]


def activate(store: Store, name: str, model: Model) -> None:
    """Have another process put a version to use."""
    with store.work() as unit:
        unit.models.add(
            ModelVersion(
                name=name,
                created_at=store.clock.now(),
                embedder=wordllama().name,
                weights=weights_of(model),
                answers=50,
                loss_before=0.3,
                loss_after=0.2,
                is_active=True,
            )
        )
        unit.commit()


def test_a_worker_takes_over_the_active_version_at_its_next_run_and_gives_it_back(
    store: Store, desk: Desk
) -> None:
    store.ticket(ticket(1, "Exports fail"))
    pieces = []
    for number in range(3):
        pieces += store.add(conversation(f"The export fails on page {number}.", str(number)))
        if number == 1:
            activate(store, "refit-1", other_weights())
        if number == 2:
            use(School(store.work, store.work, store.clock, SHIPPED, wordllama().name), SHIPPED.name)
        desk.match_due()

    models = [verdict_model(store, piece) for piece in pieces]
    assert models == [SHIPPED.name, "refit-1", SHIPPED.name]


def test_a_verdict_keeps_the_signals_that_a_refit_needs(store: Store, desk: Desk) -> None:
    for number in range(1, 4):
        store.ticket(ticket(number, f"Exports fail on page {number}"))
    [piece] = store.add(conversation("The export fails on page two."))

    desk.match_due()

    with store.work() as unit:
        verdict = unit.pieces.verdict(piece)
    assert verdict is not None
    assert verdict.best is not None
    wanted = set(weights_of(SHIPPED)["rank"]) | {"log_members"}
    assert [set(one.signals) for one in (verdict.best, *verdict.others)] == [wanted] * 3


def test_a_project_s_own_threshold_decides_about_its_tickets_alone(store: Store, desk: Desk) -> None:
    for number, project in ((1, "APP"), (2, "WEB")):
        title = f"{project} exports fail on every page"
        store.ticket(ticket(number, title, project=project, key=f"{project}-{number}"))
    with store.work() as unit:
        for project in ("APP", "WEB"):
            unit.projects.set(project, attach=True, write=False, by="U1", now=store.clock.now())
        unit.trusts.save(Trust(project="APP", threshold=0.06))
        unit.commit()
    mine, theirs = store.add(
        *(conversation(f"The {project} exports fail on every page.", project) for project in ("APP", "WEB"))
    )

    desk.match_due()

    with store.work() as unit:
        states = [unit.matches.of_feedback(piece)[0].state for piece in (mine, theirs)]
    assert states == [MatchState.ATTACHED, MatchState.SUGGESTED]


def test_a_rejected_pair_never_returns_neither_after_a_refit_nor_after_the_ticket_changed(
    store: Store, desk: Desk
) -> None:
    store.ticket(ticket(1, "Exports fail"))
    store.allow()
    [piece] = store.add(conversation("The exports fail, see APP-1."))
    desk.match_due()
    undo(store.work, store.clock, piece, "U1")

    eager = replace(SHIPPED, calibrate=SHIPPED.calibrate + 9 * (np.array(FEATURES) == "one"))
    activate(store, "refit-1", eager)
    store.clock.advance(minutes=1)
    store.ticket(ticket(1, "The exports fail, see APP-1"))
    with store.work() as unit:
        unit.pieces.make_due([piece])
        unit.commit()
    desk.match_due()

    with store.work() as unit:
        pairs = unit.matches.of_feedback(piece)
    assert verdict_model(store, piece) == "refit-1"
    assert [pair.state for pair in pairs] == [MatchState.DETACHED]
