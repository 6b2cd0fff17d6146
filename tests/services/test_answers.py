"""What people decide becomes labelled pairs, with what Voc had decided by then."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.domain.answer import Answer, AnswerKind, Proposal
from bot.domain.match import AUTOMATIC, Candidate, Decision, Reason
from bot.matching.decide import Thresholds, decide
from bot.services.matching import act_on
from bot.services.review import attach, set_aside, undo
from tests.builders import conversation, ticket
from tests.services.conftest import Store

SIGNALS = {"dense": 0.7, "log_members": 0.0}


@pytest.fixture
def tickets(store: Store) -> list[int]:
    return [store.ticket(ticket(number, f"Title {number}")) for number in (1, 2)]


def decided(store: Store, best: int, *others: int, score: float = 0.93, named: bool = False) -> int:
    """Let Voc decide about a new piece as the project allows, and return the piece."""
    [piece] = said(store, 1)
    judge(store, piece, best, *others, score=score, named=named)
    return piece


def said(store: Store, many: int) -> list[int]:
    """Let so many customers say something new, and return the pieces."""
    with store.work() as unit:
        first = unit.conversations.count()
    numbers = range(first, first + many)
    return store.add(*(conversation(f"The export fails on page {n}.", str(n)) for n in numbers))


def judge(
    store: Store, piece: int, best: int, *others: int, score: float = 0.93, named: bool = False
) -> None:
    judge_all(store, [piece], best, *others, score=score, named=named)


def judge_all(
    store: Store, pieces: Sequence[int], best: int, *others: int, score: float = 0.93, named: bool = False
) -> None:
    """Let Voc decide about the pieces in one go."""
    reasons = (Reason("reference" if named else "words", "export"),)
    candidates = [Candidate(best, score, reasons, SIGNALS), *(Candidate(o, 0.2, (), SIGNALS) for o in others)]
    verdict = decide(candidates, Thresholds(), "linear+words")
    with store.work() as unit:
        for piece in pieces:
            act_on(unit, unit.pieces.voice(piece), verdict, store.clock.now())
        unit.commit()


def counting(store: Store) -> list[Answer]:
    with store.work() as unit:
        return unit.answers.counting()


def test_confirming_a_proposal_keeps_what_was_proposed_and_why(store: Store, tickets: list[int]) -> None:
    piece = decided(store, *tickets)

    attach(store.work, store.clock, piece, "U7")

    (answer,) = counting(store)
    assert (answer.kind, answer.ticket_id, answer.by) == (AnswerKind.TICKET, tickets[0], "U7")
    about = answer.about
    assert (about.stood, about.ticket_id, about.project) == (Decision.SUGGESTED, tickets[0], "APP")
    assert (about.score, about.model, about.is_named) == (0.93, "linear+words", False)
    assert [(one.ticket_id, dict(one.signals)) for one in about.candidates] == [(t, SIGNALS) for t in tickets]
    assert answer.is_right


def test_no_word_of_a_customer_is_kept_with_an_answer(store: Store, tickets: list[int]) -> None:
    attach(store.work, store.clock, decided(store, *tickets), "U7")

    assert [one.reasons for one in counting(store)[0].about.candidates] == [(), ()]


def test_another_ticket_and_not_feedback_are_wrong(store: Store, tickets: list[int]) -> None:
    attach(store.work, store.clock, decided(store, *tickets), "U7", ticket_key="APP-2")
    set_aside(store.work, store.clock, decided(store, *tickets), "U7")

    found = [(one.kind, one.ticket_id, one.is_right) for one in counting(store)]
    assert found == [(AnswerKind.TICKET, tickets[1], False), (AnswerKind.NOT_FEEDBACK, None, False)]


def test_an_answer_to_a_link_of_voc_s_own_says_so(store: Store, tickets: list[int]) -> None:
    store.allow()
    undo(store.work, store.clock, decided(store, *tickets), "U7")

    (answer,) = counting(store)
    assert (answer.kind, answer.about.stood) == (AnswerKind.WRONG, Decision.ATTACHED)


def test_a_second_thought_judges_the_same_decision_again(store: Store, tickets: list[int]) -> None:
    piece = decided(store, *tickets)
    attach(store.work, store.clock, piece, "U7")
    attach(store.work, store.clock, piece, "U8", ticket_key="APP-2")
    undo(store.work, store.clock, piece, "U8")

    (answer,) = counting(store)
    assert (answer.kind, answer.about.stood, answer.about.ticket_id) == (
        AnswerKind.WRONG,
        Decision.SUGGESTED,
        tickets[0],
    )


def test_a_right_second_try_does_not_hide_the_wrong_first_one(store: Store, tickets: list[int]) -> None:
    piece = decided(store, *tickets)
    undo(store.work, store.clock, piece, "U7")
    judge(store, piece, tickets[1])
    attach(store.work, store.clock, piece, "U7")

    assert [(one.about.ticket_id, one.is_right) for one in counting(store)] == [
        (tickets[0], False),
        (tickets[1], True),
    ]


def test_not_feedback_that_is_taken_back_tells_nothing_until_the_piece_is_decided(
    store: Store, tickets: list[int]
) -> None:
    piece = decided(store, *tickets)
    set_aside(store.work, store.clock, piece, "U7")
    undo(store.work, store.clock, piece, "U7")
    taken_back = counting(store)

    attach(store.work, store.clock, piece, "U7", ticket_key="APP-1")

    assert taken_back == []
    assert [one.is_right for one in counting(store)] == [True]


def test_a_ticket_given_to_what_voc_left_unmatched_is_learnt_from_but_was_no_proposal(
    store: Store, tickets: list[int]
) -> None:
    piece = decided(store, *tickets, score=0.1)
    attach(store.work, store.clock, piece, "U7", ticket_key="APP-2")

    (answer,) = counting(store)
    assert (answer.about.stood, len(answer.about.candidates)) == (Decision.UNMATCHED, 2)
    with store.work() as unit:
        assert unit.answers.labels("APP", None) == []


def test_a_piece_that_was_never_matched_has_an_answer_about_nothing(store: Store, tickets: list[int]) -> None:
    [piece] = store.add(conversation("The export fails."))

    attach(store.work, store.clock, piece, "U7", ticket_key="APP-1")

    assert [one.about for one in counting(store)] == [Proposal()]


def test_a_ticket_that_is_named_is_marked_as_not_weighed(store: Store, tickets: list[int]) -> None:
    attach(store.work, store.clock, decided(store, tickets[0], named=True, score=1.0), "U7")

    assert counting(store)[0].about.is_named


def test_what_nobody_decided_is_no_answer(store: Store, tickets: list[int]) -> None:
    store.allow()
    piece = decided(store, *tickets)
    judge(store, piece, tickets[1])

    assert counting(store) == []
    with store.work() as unit:
        assert [pair.decided_by for pair in unit.matches.of_feedback(piece)] == [AUTOMATIC] * 2
