"""Pieces find their tickets as far as each project allows.

People's answers count from the very next piece.
"""

from __future__ import annotations

import pytest

from bot.domain.feedback import AuthorRole, ReceivedTurn
from bot.domain.match import Candidate, Decision, MatchState, Reason, Verdict
from bot.matching.decide import Thresholds
from bot.matching.matcher import Matcher
from bot.matching.model import load_model
from bot.services.marks import ANNOTATION, CARD, marked
from bot.services.matching import Desk, StoredVectors, act_on
from bot.services.review import attach, undo
from tests.builders import conversation, person, ticket, turn
from tests.fakes.embedder import wordllama
from tests.services.conftest import RULES, Store


@pytest.fixture
def desk(store: Store) -> Desk:
    matcher = Matcher(wordllama(), load_model(), Thresholds(0.9, 0.05), StoredVectors(store.work, store.work))
    return Desk(store.work, store.clock, RULES, matcher)


def states(store: Store, piece: int) -> dict[str, MatchState]:
    with store.work() as unit:
        pairs = unit.matches.of_feedback(piece)
        return {unit.tickets.get(p.ticket_id).key: p.state for p in pairs}


def keys_marked(store: Store, kind: str) -> list[int]:
    return sorted(int(effect.key) for effect in marked(store.work, kind, store.clock.now()))


def clear_marks(store: Store) -> None:
    with store.work() as unit:
        for kind in (ANNOTATION, CARD):
            for effect in unit.effects.due(store.clock.now(), [kind]):
                unit.effects.postpone([effect.id], store.clock.now().replace(year=2030))
        unit.commit()


def judge(store: Store, piece: int, decision: Decision, ticket_id: int | None) -> None:
    best = Candidate(ticket_id, 0.95) if ticket_id else None
    with store.work() as unit:
        act_on(unit, unit.pieces.voice(piece), Verdict(decision, best), store.clock.now())
        unit.commit()


def test_a_named_ticket_is_attached_where_the_project_allows_it(store: Store, desk: Desk) -> None:
    store.ticket(ticket())
    store.allow()
    [piece] = store.add(conversation("Is there any news about APP-1? It fails again."))

    matched = desk.match_due()

    assert matched == 1
    assert states(store, piece) == {"APP-1": MatchState.ATTACHED}
    assert keys_marked(store, CARD) == [piece]


def test_in_shadow_mode_the_same_is_only_proposed(store: Store, desk: Desk) -> None:
    store.ticket(ticket())
    [piece] = store.add(conversation("Is there any news about APP-1? It fails again."))

    desk.match_due()

    assert states(store, piece) == {"APP-1": MatchState.SUGGESTED}
    assert keys_marked(store, ANNOTATION) == []


def test_what_an_agent_noted_counts_as_a_reference(store: Store, desk: Desk) -> None:
    store.ticket(ticket())
    store.allow()
    said = turn("Printing takes ages since the last update.", "a")
    note = turn("Linked to APP-1.", "b", role=AuthorRole.AGENT, public=False)
    [piece] = store.add(conversation("", turns=(said, note)))

    desk.match_due()

    assert states(store, piece) == {"APP-1": MatchState.ATTACHED}


def test_a_pair_that_was_undone_never_returns(store: Store, desk: Desk) -> None:
    store.ticket(ticket())
    store.allow()
    [piece] = store.add(conversation("Is there any news about APP-1? It fails again."))
    desk.match_due()

    undo(store.work, store.clock, piece, "U1")
    desk.match_due()

    assert states(store, piece) == {"APP-1": MatchState.DETACHED}


def test_a_confirmed_piece_helps_the_very_next_match(store: Store, desk: Desk) -> None:
    store.ticket(ticket(1, "Ledger reconciliation is inaccurate"))
    store.ticket(ticket(2, "Calendar view is slow"))
    first, second = "My cents go missing at month end", "Again my cents went missing this month end"
    [piece] = store.add(conversation(first, "1"))
    desk.match_due()
    with store.work() as unit:
        before = unit.pieces.verdict(piece)
    attach(store.work, store.clock, piece, "U1", ticket_key="APP-1")

    [other] = store.add(conversation(second, "2", customer=person("bo")))
    desk.match_due()

    with store.work() as unit:
        after = unit.pieces.verdict(other)
        app_1 = unit.tickets.by_key("APP-1")
    assert after is not None
    assert app_1 is not None
    assert after.best is not None
    assert after.best.ticket_id == app_1.id
    assert before is None or before.best is None or after.best.score > before.best.score


def test_a_new_ticket_gives_unmatched_pieces_another_chance(store: Store, desk: Desk) -> None:
    [piece] = store.add(conversation("The dark mode of the calendar hurts my eyes at night, see APP-2."))
    desk.match_due()
    store.clock.advance(minutes=1)

    store.ticket(ticket(2, "Dark mode of the calendar"))
    desk.match_due()

    assert states(store, piece)["APP-2"] is MatchState.SUGGESTED


def test_a_piece_that_no_longer_fits_leaves_its_ticket(store: Store) -> None:
    store.allow()
    ticket_id = store.ticket(ticket())
    [piece] = store.add(conversation("The export fails."))
    judge(store, piece, Decision.ATTACHED, ticket_id)
    clear_marks(store)

    judge(store, piece, Decision.UNMATCHED, ticket_id)

    assert MatchState.ATTACHED not in states(store, piece).values()


def test_people_outrank_the_matcher(store: Store) -> None:
    store.allow()
    store.ticket(ticket())
    other = store.ticket(ticket(2, "Reports are slow"))
    [piece] = store.add(conversation("The export fails."))
    attach(store.work, store.clock, piece, "U1", ticket_key="APP-1")

    judge(store, piece, Decision.ATTACHED, other)

    assert states(store, piece)["APP-1"] is MatchState.ATTACHED


def test_a_language_that_the_matcher_does_not_understand_is_proposed_and_never_attached(
    store: Store, desk: Desk
) -> None:
    store.ticket(ticket(1, "Passwort vergessen auf dem neuen Telefon"))
    store.allow()
    words = "Ich habe mein Passwort vergessen und kann mich auf dem neuen Telefon nicht anmelden."
    [confirmed] = store.add(conversation(words, "1"))
    attach(store.work, store.clock, confirmed, "U1", ticket_key="APP-1")

    [piece, named] = store.add(
        conversation(words, "2", customer=person("bo")),
        conversation(f"{words} Siehe APP-1.", "3", customer=person("cy")),
    )
    desk.match_due()

    with store.work() as unit:
        assert unit.pieces.voice(piece).language == "de"
    assert states(store, piece) == {"APP-1": MatchState.SUGGESTED}
    assert states(store, named) == {"APP-1": MatchState.ATTACHED}


def both(store: Store, *turns: ReceivedTurn, subject: str = "") -> list[dict[str, MatchState]]:
    """Return the states of a conversation's asks after matching."""
    store.ticket(ticket(1, "Ledger reconciliation"))
    store.ticket(ticket(2, "Calendar view"))
    store.allow()
    pieces = store.add(conversation("", turns=turns, subject=subject))
    matcher = Matcher(wordllama(), load_model(), Thresholds(0.9, 0.9))
    Desk(store.work, store.clock, RULES, matcher).match_due()
    return [states(store, piece) for piece in pieces]


NOTE = turn("Linked to APP-1.", "n", role=AuthorRole.AGENT, public=False)


def test_a_key_within_an_ask_is_about_that_ask_alone(store: Store) -> None:
    said = turn("Is there news about APP-1?\n\nAnother question: when does APP-2 ship?")

    assert both(store, said) == [{"APP-1": MatchState.ATTACHED}, {"APP-2": MatchState.ATTACHED}]


def test_a_key_in_the_subject_is_about_the_first_ask_alone(store: Store) -> None:
    said = turn("My cents go missing.\n\nAnother question: can guests open the gate?")

    assert both(store, said, subject="APP-1 again") == [{"APP-1": MatchState.ATTACHED}, {}]


def test_an_agents_key_is_proposed_for_each_of_several_asks_and_attached_to_none(store: Store) -> None:
    said = turn("My cents go missing.\n\nAnother question: can guests open the gate?")

    assert both(store, said, NOTE) == [{"APP-1": MatchState.SUGGESTED}, {"APP-1": MatchState.SUGGESTED}]
    with store.work() as unit:
        [pair] = unit.matches.of_feedback(1)
    assert pair.reasons[:2] == (Reason("asks", "2"), Reason("reference", "APP-1"))


def test_an_agents_key_is_not_about_an_ask_that_came_later(store: Store) -> None:
    later = turn("Another question: can guests open the gate?", "t2")

    assert both(store, turn("My cents go missing."), NOTE, later) == [{"APP-1": MatchState.ATTACHED}, {}]


def test_an_ask_that_was_withdrawn_shares_no_key(store: Store) -> None:
    other = "Another question: can guests open the gate?"
    store.add(conversation("", turns=(turn(f"My cents go missing.\n\n{other}"),)))

    assert both(store, turn(other), NOTE) == [{}, {"APP-1": MatchState.ATTACHED}]


def test_an_ask_counts_in_its_own_language_not_its_conversations_and_says_why_it_is_only_proposed(
    store: Store, desk: Desk
) -> None:
    german = "Noch eine Frage: Ich habe mein Passwort auf dem neuen Telefon vergessen, was kann ich tun?"
    english = "The calendar shows every event of my team one day early since the update last week."
    store.ticket(ticket(1, german))
    store.ticket(ticket(2, english))
    store.allow()
    before = store.add(
        conversation(german, "1", customer=person("al")), conversation(english, "2", customer=person("bo"))
    )
    for piece, key in zip(before, ("APP-1", "APP-2"), strict=True):
        attach(store.work, store.clock, piece, "U1", ticket_key=key)

    first, second = store.add(conversation(f"{english}\n\n{german}", "3", customer=person("cy")))
    desk.match_due()

    assert states(store, first) == {"APP-2": MatchState.ATTACHED}
    assert states(store, second) == {"APP-1": MatchState.SUGGESTED}
    with store.work() as unit:
        [pair] = unit.matches.of_feedback(second)
        assert unit.pieces.voice(first).language == "de"
    assert pair.reasons[0] == Reason("language", "German: Voc matches English best")
