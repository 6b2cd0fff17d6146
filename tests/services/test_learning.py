"""The model is refitted from stored answers, kept in versions, and taken over by every worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import pytest

from bot.domain.answer import Answer, AnswerKind
from bot.domain.match import Candidate
from bot.errors import RequestError
from bot.matching.model import Model, weights_of
from bot.repositories import ModelVersion
from bot.services.learning import School, model_in_use, refit_if_worth_it, refit_now, use
from tests.builders import conversation, ticket
from tests.matching.test_learn import SHIPPED, answers_of, other_weights
from tests.services.conftest import Store


@pytest.fixture
def school(store: Store) -> School:
    return School(store.work, store.work, store.clock, SHIPPED, "words")


@pytest.fixture(scope="module")
def answers() -> Sequence[Answer]:
    return answers_of(other_weights(), 300)


def give(store: Store, answers: Sequence[Answer], embedder: str = "words") -> None:
    """Keep the answers, about pieces and tickets that are there."""
    with store.work() as unit:
        first = unit.conversations.count()
    ids = [store.ticket(ticket(number)) for number in range(1, 6)]
    names = [str(first + number) for number in range(len(answers))]
    pieces = store.add(*(conversation(f"The export fails on page {name}.", name) for name in names))
    with store.work() as unit:
        for piece, one in zip(pieces, answers, strict=True):
            found = tuple(Candidate(ids[c.ticket_id], c.score, (), c.signals) for c in one.about.candidates)
            about = replace(one.about, ticket_id=ids[0], candidates=found, model=f"m+{embedder}")
            chosen = None if one.ticket_id is None else ids[one.ticket_id]
            unit.answers.add(
                replace(one, feedback_id=piece, ticket_id=chosen, about=about, at=store.clock.now())
            )
            store.clock.advance(seconds=1)
        unit.commit()


def versions(store: Store) -> list[ModelVersion]:
    with store.work() as unit:
        return unit.models.all()


def in_use(school: School) -> Model:
    with school.work() as unit:
        return model_in_use(school.shipped, school.embedder, unit.models.active())


def test_a_refit_that_is_better_is_kept_and_used(
    store: Store, school: School, answers: Sequence[Answer]
) -> None:
    give(store, answers)

    version = refit_now(school)

    assert version is not None
    assert versions(store) == [version]
    assert (version.name, version.answers, version.is_active) == ("refit-1", 300, True)
    assert version.loss_after < version.loss_before
    assert weights_of(in_use(school)) == version.weights


def test_a_refit_that_is_no_better_is_kept_and_not_used(
    store: Store, school: School, answers: Sequence[Answer]
) -> None:
    upside_down = [replace(one, kind=AnswerKind.TICKET, ticket_id=4) for one in answers[:240]]
    agreeing = answers_of(SHIPPED, 60, seed=3)
    give(store, [*upside_down, *agreeing])

    version = refit_now(school)

    assert version is not None
    assert (version.is_active, version.is_better) == (False, False)
    assert in_use(school) is SHIPPED


def test_25_new_answers_are_worth_a_refit_and_24_are_not(
    store: Store, school: School, answers: Sequence[Answer]
) -> None:
    give(store, answers[:24])
    too_few = refit_if_worth_it(school)
    give(store, answers[24:25])
    first = refit_if_worth_it(school)
    again = refit_if_worth_it(school)
    store.clock.advance(minutes=1)
    give(store, answers[25:49])
    store_of_24 = refit_if_worth_it(school)
    give(store, answers[49:50])
    second = refit_if_worth_it(school)

    assert (too_few, again, store_of_24) == (None, None, None)
    assert [one.answers for one in (first, second) if one] == [25, 50]


def test_what_was_corrected_teaches_as_corrected(
    store: Store, school: School, answers: Sequence[Answer]
) -> None:
    give(store, answers[:30])
    with store.work() as unit:
        wrong, *_ = unit.answers.counting()
        unit.answers.add(replace(wrong, kind=AnswerKind.TAKEN_BACK, ticket_id=None))
        unit.commit()

    version = refit_now(school)

    assert version is not None
    assert version.answers == 29


def test_answers_of_another_embedder_teach_nothing(
    store: Store, school: School, answers: Sequence[Answer]
) -> None:
    give(store, answers[:40], embedder="numbers")

    assert refit_now(school) is None


def test_each_version_is_one_command_away(store: Store, school: School, answers: Sequence[Answer]) -> None:
    give(store, answers)
    refit_now(school)

    use(school, SHIPPED.name)
    shipped = in_use(school)
    use(school, "refit-1")

    assert shipped is SHIPPED
    assert in_use(school).name == "refit-1"


def test_a_version_that_is_not_there_is_named_with_those_that_are(school: School) -> None:
    with pytest.raises(RequestError, match=f"no model refit-7. There are: {SHIPPED.name}"):
        use(school, "refit-7")


@pytest.mark.parametrize("change", ["embedder", "signals"])
def test_a_version_for_other_vectors_or_signals_gives_way_to_the_shipped_one(
    store: Store, school: School, answers: Sequence[Answer], change: str
) -> None:
    give(store, answers)
    version = refit_now(school)
    assert version is not None
    if change == "embedder":
        school = replace(school, embedder="numbers")
    else:
        version = replace(version, weights={**version.weights, "rank": {"a signal of old": 1.0}})

    assert model_in_use(school.shipped, school.embedder, version) is school.shipped


def test_an_operator_s_choice_during_a_refit_has_the_last_word(
    store: Store, school: School, answers: Sequence[Answer]
) -> None:
    give(store, answers)
    refit_now(school)

    meddling = replace(school, clock=MeddlingClock(store, school))
    store.clock.advance(minutes=1)
    give(store, answers_of(other_weights(), 300, seed=8))

    refit_now(meddling)

    assert in_use(school) is SHIPPED


class MeddlingClock:
    """Shows the time; by then an operator has just chosen the shipped model."""

    def __init__(self, store: Store, school: School) -> None:
        self._store, self._school = store, school

    def now(self) -> datetime:
        """Return the moment."""
        use(self._school, SHIPPED.name)
        return self._store.clock.now()
