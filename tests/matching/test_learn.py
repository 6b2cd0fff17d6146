"""Refitting: towards what answers tell, no further than they tell, and never for the worse."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.answer import Answer, AnswerKind, Proposal
from bot.domain.match import Candidate
from bot.matching.learn import (
    HELD_OUT,
    LOG_MEMBERS,
    PRIOR_ANSWERS,
    features_of,
    is_usable,
    loss,
    refit,
    taught_by,
)
from bot.matching.model import FEATURES, Doubles, Model, load_model, probabilities, signals
from bot.matching.signals import SIGNALS, Candidates

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SHIPPED = load_model()
NAMES = (*SIGNALS, LOG_MEMBERS)


def other_weights() -> Model:
    """Return a model that trusts other signals than the shipped one, as far apart as workspaces may be."""
    rank = (SHIPPED.rank + SHIPPED.rank[::-1]) / 2
    return Model("other", rank, SHIPPED.calibrate * np.where(np.array(FEATURES) == "one", 1.3, 1.0))


def answers_of(model: Model, count: int, seed: int = 1, candidates: int = 5) -> list[Answer]:
    """Return answers to random candidates as a workspace would give them for which the model is the truth."""
    draw = np.random.default_rng(seed)
    return [_answer(model, draw, number, candidates) for number in range(count)]


def _answer(model: Model, draw: np.random.Generator, number: int, candidates: int) -> Answer:
    measured = draw.uniform(0.3, 0.7, (candidates, len(NAMES)))
    found = tuple(
        Candidate(at, 0.5, (), dict(zip(NAMES, row.tolist(), strict=True))) for at, row in enumerate(measured)
    )
    unlabelled = said(number, found, AnswerKind.NOT_FEEDBACK, None)
    chance = scores(model, unlabelled)
    fits = np.flatnonzero(draw.uniform(size=candidates) < chance)
    if not len(fits):
        return unlabelled
    return said(number, found, AnswerKind.TICKET, int(fits[chance[fits].argmax()]))


def said(
    number: int, found: tuple[Candidate, ...], kind: AnswerKind, chosen: int | None, named: bool = False
) -> Answer:
    about = Proposal(ticket_id=found[0].ticket_id, candidates=found, is_named=named)
    at = NOON + timedelta(minutes=number)
    return Answer(feedback_id=number, kind=kind, ticket_id=chosen, by="U1", at=at, about=about)


def scores(model: Model, answer: Answer) -> Doubles:
    return probabilities(features_of(taught_by([answer]), model.rank)[0] @ model.calibrate)


ROWS = st.lists(
    st.tuples(
        st.lists(st.floats(0, 1, width=32), min_size=len(SIGNALS), max_size=len(SIGNALS)), st.integers(0, 40)
    ),
    min_size=1,
    max_size=6,
)


@given(st.lists(ROWS, min_size=1, max_size=4))
def test_scores_of_many_are_the_model_s_own_of_each(drawn: list[list[tuple[list[float], int]]]) -> None:
    each = [
        Candidates(
            np.arange(len(rows)),
            np.array([row for row, _ in rows], np.float32),
            np.array([members for _, members in rows]),
            np.zeros(len(rows), np.int64),
        )
        for rows in drawn
    ]
    answers = [
        said(
            n,
            tuple(Candidate(at, 0.5, (), signals(found, [at])[0]) for at in found.ticket_ids),
            AnswerKind.WRONG,
            None,
        )
        for n, found in enumerate(each)
    ]

    together = features_of(taught_by(answers), SHIPPED.rank)

    for found, row in zip(each, together, strict=True):
        chance = probabilities(row[: len(found.ticket_ids)] @ SHIPPED.calibrate)
        assert chance == pytest.approx(SHIPPED.scores(found), abs=1e-3)


def test_a_refit_comes_nearer_to_other_weights_and_beats_the_shipped_ones_on_new_answers() -> None:
    truth = other_weights()
    fresh = taught_by(answers_of(truth, 2_000, seed=2))

    learned = refit(answers_of(truth, 1_000), SHIPPED, SHIPPED, "refit-1")

    best, before, after = (loss(fresh, model) for model in (truth, SHIPPED, learned.model))
    assert learned.is_better
    assert learned.answers == 1_000
    assert after - best < 0.1 * (before - best)


def test_the_more_answers_the_further_from_the_shipped_weights() -> None:
    truth = other_weights()
    far = np.linalg.norm(truth.rank - SHIPPED.rank)

    models = [refit(answers_of(truth, n), SHIPPED, SHIPPED, "r").model for n in (30, 125, 3_000)]

    moved = [float(np.linalg.norm(model.rank - SHIPPED.rank) / far) for model in models]
    assert moved == sorted(moved)
    assert moved[0] < 0.5
    assert moved[2] > 0.7


def test_as_many_answers_as_the_prior_weighs_go_about_half_the_way() -> None:
    milder = replace(SHIPPED, rank=SHIPPED.rank * 0.7)
    taught = round(PRIOR_ANSWERS / (1 - HELD_OUT))

    shares = []
    for seed in range(40):
        fitted = refit(choices_of(milder, taught, seed), SHIPPED, SHIPPED, "r").model.rank
        shares.append((1 - fitted @ SHIPPED.rank / (SHIPPED.rank @ SHIPPED.rank)) / 0.3)

    assert 0.35 < float(np.mean(shares)) < 0.65


def choices_of(model: Model, count: int, seed: int) -> list[Answer]:
    """Return answers that choose one of the candidates, as likely as the model's ranking has it."""
    answers, draw = answers_of(model, count, seed), np.random.default_rng(seed)
    logits = taught_by(answers).signals @ model.rank
    chance = np.exp(logits - logits.max(axis=1, keepdims=True))
    chosen = [draw.choice(len(row), p=row / row.sum()) for row in chance]
    return [
        replace(one, kind=AnswerKind.TICKET, ticket_id=int(at))
        for one, at in zip(answers, chosen, strict=True)
    ]


def test_answers_that_agree_with_the_shipped_model_do_not_make_it_worse() -> None:
    learned = refit(answers_of(SHIPPED, 3_000), SHIPPED, SHIPPED, "r")

    fresh = taught_by(answers_of(SHIPPED, 2_000, seed=9))
    assert loss(fresh, learned.model) < 1.02 * loss(fresh, SHIPPED)


def test_a_refit_that_learnt_garbage_is_worse_on_the_newest_answers_and_says_so() -> None:
    good = answers_of(SHIPPED, 400)
    draw = np.random.default_rng(4)
    garbage = [replace(one, kind=AnswerKind.TICKET, ticket_id=int(draw.integers(0, 5))) for one in good[:320]]

    learned = refit([*garbage, *good[320:]], SHIPPED, SHIPPED, "r")

    assert not learned.is_better
    assert learned.after > learned.before


@settings(max_examples=20)
@given(st.integers(2, 60), st.integers(1, 5), st.integers(0, 100))
def test_any_answers_give_finite_weights_and_the_same_twice(count: int, candidates: int, seed: int) -> None:
    answers = answers_of(other_weights(), count, seed, candidates)

    one, other = (refit(answers, SHIPPED, SHIPPED, "r").model for _ in range(2))

    assert np.isfinite([*one.rank, *one.calibrate]).all()
    assert np.array_equal(one.rank, other.rank)
    assert np.array_equal(one.calibrate, other.calibrate)


def test_a_signal_that_never_differs_keeps_its_shipped_weight() -> None:
    answers = answers_of(other_weights(), 300)
    for one in answers:
        for candidate in one.about.candidates:
            dict.update(candidate.signals, {SIGNALS[0]: 0.4})

    model = refit(answers, SHIPPED, SHIPPED, "r").model

    assert model.rank[0] == pytest.approx(SHIPPED.rank[0])


def test_not_that_ticket_tells_of_the_best_candidate_alone() -> None:
    (one,) = answers_of(SHIPPED, 1)

    tells = [
        taught_by([replace(one, kind=kind)]).known[0].tolist() for kind in AnswerKind if kind != "taken back"
    ]

    assert tells == [[True] * 5, [True] * 5, [True, False, False, False, False]]


def test_an_answer_without_signals_or_about_a_named_ticket_teaches_nothing() -> None:
    (one,) = answers_of(SHIPPED, 1)
    old = tuple(replace(candidate, signals={}) for candidate in one.about.candidates)

    usable = [one, replace(one, about=replace(one.about, candidates=old))]
    usable += [replace(one, about=Proposal()), replace(one, about=replace(one.about, is_named=True))]

    assert [is_usable(answer) for answer in usable] == [True, False, False, False]
