"""Answers, the sample of links, what projects have shown, and refitted models, on each database."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.answer import Answer, AnswerKind, Proposal
from bot.domain.match import AUTOMATIC, Candidate, Decision, MatchState
from bot.domain.precision import Share
from bot.domain.trust import Label, Trust
from bot.errors import AlreadyExists
from bot.repositories import Link, ModelVersion, UnitOfWork
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, decide, piece, ticket

TICKET, NOT_FEEDBACK = AnswerKind.TICKET, AnswerKind.NOT_FEEDBACK
WRONG, TAKEN_BACK = AnswerKind.WRONG, AnswerKind.TAKEN_BACK
SUGGESTED, ATTACHED = Decision.SUGGESTED, Decision.ATTACHED


def answer(
    unit: UnitOfWork, feedback_id: int, best: int | None, kind: AnswerKind = TICKET, **more: Any
) -> Answer:
    """Keep an answer to a proposal of APP, by default that it is right; "at" in hours after noon."""
    at = NOON + more.pop("at", 0) * HOUR
    chosen = more.pop("chosen", best if kind is TICKET else None)
    known: dict[str, Any] = {"stood": SUGGESTED, "ticket_id": best, "project": "APP", "score": 0.93}
    about = Proposal(**(known | more))
    said = Answer(feedback_id=feedback_id, kind=kind, ticket_id=chosen, by="U1", at=at, about=about)
    unit.answers.add(said)
    return said


def test_an_answer_is_read_as_it_was_kept_with_the_signals_of_its_time(database: Database) -> None:
    with database.work() as unit:
        best, other = ticket(unit, "1").id, ticket(unit, "2").id
        candidates = (Candidate(best, 0.93, (), {"dense": 0.7}), Candidate(other, 0.2, (), {"dense": 0.1}))
        facts: dict[str, Any] = {"model": "m+e", "is_named": True, "candidates": candidates}

        said = answer(unit, piece(unit).id, best, chosen=other, **facts)

        (read,) = unit.answers.counting()
        assert read == said
        assert [dict(one.signals) for one in read.about.candidates] == [{"dense": 0.7}, {"dense": 0.1}]
        assert not read.is_right


def test_of_the_answers_on_one_decision_the_latest_counts(database: Database) -> None:
    with database.work() as unit:
        one, first, second = piece(unit).id, ticket(unit, "1").id, ticket(unit, "2").id
        answer(unit, one, first, at=1)
        let_go = answer(unit, one, first, WRONG, at=2)
        confirmed = answer(unit, one, second, at=3)

        assert unit.answers.counting() == [let_go, confirmed]
        assert unit.answers.latest_of(one) == confirmed
        assert unit.answers.count_since(None) == 3
        assert unit.answers.count_since(NOON + HOUR) == 2


def test_what_was_taken_back_counts_no_more(database: Database) -> None:
    with database.work() as unit:
        one, about = piece(unit).id, ticket(unit).id
        answer(unit, one, about, NOT_FEEDBACK, at=1)
        answer(unit, one, about, TAKEN_BACK, at=2)

        assert unit.answers.counting() == []
        assert unit.answers.labels("APP", None) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 2), st.integers(0, 2), st.sampled_from(AnswerKind)), max_size=12))
def test_what_counts_is_the_last_word_on_each_decision(
    database: Database, said: list[tuple[int, int, AnswerKind]]
) -> None:
    with database.work() as unit:
        pieces = [piece(unit, f"c{n}").id for n in range(3)]
        best = [ticket(unit, "1").id, ticket(unit, "2").id, None]
        last: dict[tuple[int, int | None], Answer] = {}
        for at, (p, t, kind) in enumerate(said):
            last[pieces[p], best[t]] = answer(unit, pieces[p], best[t], kind, at=at)

        counting = unit.answers.counting()

    wanted = [one for one in last.values() if one.kind is not TAKEN_BACK]
    assert counting == sorted(wanted, key=lambda one: one.at)


def test_labels_are_a_project_s_weighed_proposals_and_sampled_links(database: Database) -> None:
    with database.work() as unit:
        pieces, about = [piece(unit, f"c{n}").id for n in range(8)], ticket(unit).id
        answer(unit, pieces[0], about, score=0.9)
        answer(unit, pieces[1], about, NOT_FEEDBACK, score=0.8)
        answer(unit, pieces[2], about, stood=ATTACHED, score=0.7)
        unit.audits.add(Link(pieces[2], about, NOON), NOON)
        answer(unit, pieces[3], about, WRONG, stood=ATTACHED)  # a link that nobody was asked about
        answer(unit, pieces[4], about, stood=Decision.UNMATCHED)
        answer(unit, pieces[5], about, is_named=True)
        answer(unit, pieces[6], about, project="WEB")

        labels = unit.answers.labels("APP", None)

        assert sorted(labels, key=lambda one: one.score) == [
            Label(0.7, True),
            Label(0.8, False),
            Label(0.9, True),
        ]
        assert unit.answers.projects() == ["APP", "WEB"]


def test_labels_begin_after_a_moment_of_the_answer_or_of_the_sampled_link(database: Database) -> None:
    with database.work() as unit:
        pieces, about = [piece(unit, f"c{n}").id for n in range(4)], ticket(unit).id
        for number, at in enumerate((0, 2)):
            answer(unit, pieces[number], about, score=0.5 + at / 10, at=at)
        for number, at in ((2, 0), (3, 2)):
            unit.audits.add(Link(pieces[number], about, NOON + at * HOUR), NOON)
            answer(unit, pieces[number], about, stood=ATTACHED, score=0.6 + at / 10, at=5)

        labels = unit.answers.labels("APP", NOON + HOUR)

        assert sorted(one.score for one in labels) == [0.7, 0.8]


def test_only_sampled_and_answered_links_are_checked_the_newest_first(database: Database) -> None:
    with database.work() as unit:
        pieces, about = [piece(unit, f"c{n}").id for n in range(6)], ticket(unit).id
        for number, feedback_id in enumerate(pieces[:4]):
            unit.audits.add(Link(feedback_id, about, NOON + number * HOUR), NOON)
        for number, kind in enumerate((WRONG, TICKET, NOT_FEEDBACK)):
            answer(unit, pieces[number], about, kind, stood=ATTACHED, at=number)
        answer(unit, pieces[4], about, WRONG, stood=ATTACHED)  # undone, but not of the sample

        assert unit.answers.checked(200) == Share(1, 3)
        assert unit.answers.checked(2) == Share(1, 2)
        assert unit.answers.checked(200, project="APP", since=NOON) == Share(1, 2)
        assert unit.answers.checked(200, project="WEB") == Share(0, 0)


def test_links_are_what_voc_attached_by_itself_undone_or_not(database: Database) -> None:
    with database.work() as unit:
        ids, about = [piece(unit, f"c{n}").id for n in range(5)], ticket(unit).id
        decide(unit, ids[0], about, MatchState.ATTACHED, AUTOMATIC, NOON)
        decide(unit, ids[0], about, MatchState.DETACHED, "U1", NOON + HOUR)
        decide(unit, ids[1], about, MatchState.ATTACHED, AUTOMATIC, NOON + HOUR)
        decide(unit, ids[1], about, MatchState.ATTACHED, AUTOMATIC, NOON + HOUR)  # looked at again
        decide(unit, ids[2], about, MatchState.ATTACHED, "U1", NOON)
        decide(unit, ids[3], about, MatchState.SUGGESTED, AUTOMATIC, NOON)
        decide(unit, ids[4], about, MatchState.ATTACHED, AUTOMATIC, NOON + 2 * HOUR)

        links = unit.audits.links(NOON, NOON + 2 * HOUR)

        assert links == [Link(ids[0], about, NOON), Link(ids[1], about, NOON + HOUR)]
        assert unit.audits.count_links(NOON, NOON + 2 * HOUR) == 2


def test_a_link_is_sampled_once_and_asked_about_while_it_is_voc_s_own(database: Database) -> None:
    with database.work() as unit:
        ids, about = [piece(unit, f"c{n}").id for n in range(3)], ticket(unit).id
        for feedback_id in ids:
            decide(unit, feedback_id, about, MatchState.ATTACHED, AUTOMATIC)
        added = [unit.audits.add(Link(feedback_id, about, NOON), NOON) for feedback_id in (*ids[:2], ids[0])]
        decide(unit, ids[1], about, MatchState.ATTACHED, "U1")

        assert added == [True, True, False]
        assert unit.audits.asked(ids) == {ids[0]}


def test_what_a_project_has_shown_is_fresh_until_saved_and_then_replaced(database: Database) -> None:
    shown = Trust(
        project="APP",
        threshold=0.93,
        shown=Share(61, 61),
        is_measured=True,
        turned_at=NOON,
        turned_by=Share(60, 60),
        is_told=False,
    )
    with database.work() as unit:
        before = unit.trusts.of("APP")
        unit.trusts.save(replace(shown, closed_at=NOON))
        unit.trusts.save(shown)
        unit.commit()

    with database.work() as unit:
        assert before == Trust(project="APP")
        assert unit.trusts.of("APP") == shown
        assert unit.trusts.all() == {"APP": shown}


def test_only_the_turn_that_was_told_is_marked_as_told(database: Database) -> None:
    with database.work() as unit:
        unit.trusts.save(Trust(project="APP", turned_at=NOON, is_told=False))

        unit.trusts.told("APP", NOON - HOUR)
        earlier = unit.trusts.of("APP").is_told
        unit.trusts.told("APP", NOON)

        assert (earlier, unit.trusts.of("APP").is_told) == (False, True)


def version(name: str, at: datetime = NOON, **more: Any) -> ModelVersion:
    known: dict[str, Any] = {"embedder": "e", "answers": 40, "loss_before": 0.3, "loss_after": 0.2}
    return ModelVersion(name=name, created_at=at, weights={"rank": {"dense": 1.5}}, **(known | more))


def test_one_model_is_active_or_the_shipped_one_is(database: Database) -> None:
    one, two = version("refit-1", is_active=True), version("refit-2", is_active=True)
    with database.work() as unit:
        unit.models.add(one)
        unit.models.add(two)
        by_adding = unit.models.active()
        unit.models.activate("refit-1")
        by_choice = unit.models.active()
        unit.models.activate(None)

        assert (by_adding, by_choice, unit.models.active()) == (two, one, None)
        assert [model.name for model in unit.models.all()] == ["refit-1", "refit-2"]


def test_an_unknown_model_can_not_be_used_and_a_name_is_given_once(database: Database) -> None:
    with database.work() as unit:
        unit.models.add(version("refit-1"))

        with pytest.raises(KeyError):
            unit.models.activate("refit-9")
        with pytest.raises(AlreadyExists):
            unit.models.add(version("refit-1"))
