"""Pieces: stored by ordinal, due until the matcher has spoken on their present words, read back as voices."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.domain.feedback import Exclusion, ReceivedCompany, ReceivedPerson
from bot.domain.match import AUTOMATIC, Candidate, Decision, MatchState, Reason, Verdict
from bot.domain.quote import Quote, Redaction, Span
from bot.repositories import Attributes, PieceDraft, UnitOfWork
from bot.storage import tables
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, conversation, decide, draft, piece, somebody, ticket, turn

VERDICT = Verdict(
    Decision.SUGGESTED, Candidate(1, 0.75, (Reason("words", "crash"),)), (Candidate(2, 0.5),), "model 1"
)


def due(unit: UnitOfWork) -> list[int]:
    return [voice.feedback_id for voice in unit.pieces.due_for_matching()]


def settle(unit: UnitOfWork, feedback_id: int, words_hash: str = "It crashes") -> None:
    unit.pieces.record_verdict(feedback_id, VERDICT, words_hash, NOON)


def test_a_new_piece_is_due_until_a_verdict_on_its_words_is_recorded(database: Database) -> None:
    with database.work() as unit:
        one, two = piece(unit, "c1"), piece(unit, "c2")
        before = due(unit)
        settle(unit, one.id)
        settle(unit, two.id, "other words, read a moment ago")

        assert before == [one.id, two.id]
        assert due(unit) == [two.id]
        assert unit.pieces.verdict(one.id) == VERDICT
        assert unit.pieces.verdict(4711) is None


def test_a_verdict_keeps_each_candidate_s_signals_and_older_ones_had_none(database: Database) -> None:
    said = replace(VERDICT, best=Candidate(1, 0.75, (), {"dense": 0.5}))
    with database.work() as unit:
        new, old = piece(unit, "c1"), piece(unit, "c2")
        for one in (new, old):
            unit.pieces.record_verdict(one.id, said, "It crashes", NOON)
        unit.commit()
    with database.engine.begin() as connection:
        its = update(tables.verdict).where(tables.verdict.c.feedback_id == old.id)
        connection.execute(its.values(best=[1, 0.75, []]))

    with database.reading() as unit:
        best = [verdict.best for one in (new, old) if (verdict := unit.pieces.verdict(one.id))]
    assert [one and one.signals for one in best] == [{"dense": 0.5}, {}]


def test_due_pieces_come_in_pages(database: Database) -> None:
    with database.work() as unit:
        ids = [piece(unit, f"c{n}").id for n in range(3)]

        first = unit.pieces.due_for_matching(limit=2)
        rest = unit.pieces.due_for_matching(after=first[-1].feedback_id, limit=2)

    assert [v.feedback_id for v in first + rest] == ids


def test_changed_words_are_due_again_and_unchanged_ones_are_not(database: Database) -> None:
    with database.work() as unit:
        one = piece(unit, "c1")
        settle(unit, one.id)
        unit.pieces.put(one.conversation_id, [draft()], NOON)
        same = due(unit)

        unit.pieces.put(one.conversation_id, [draft(words_hash="other")], NOON)

        assert same == []
        assert due(unit) == [one.id]


def test_a_missing_ordinal_is_gone_and_its_number_is_kept_for_it(database: Database) -> None:
    with database.work() as unit:
        text = "It crashes. It is slow."
        stored, _ = unit.conversations.save(conversation(somebody(unit), turn(text=text)), NOON)
        halves = [Span(0, 11), Span(12, 23)]
        drafts = [
            PieceDraft(ordinal=n, quote=Quote("t1", (half,)), said_at=NOON, words_hash=str(n))
            for n, half in enumerate(halves, start=1)
        ]
        first = unit.pieces.put(stored.id, drafts, NOON)

        fewer = unit.pieces.put(stored.id, drafts[1:], NOON)
        again = unit.pieces.put(stored.id, drafts, NOON)

    assert [(p.ordinal, p.excluded) for p in fewer] == [(1, Exclusion.GONE), (2, None)]
    assert [p.quote.spans for p in again] == [(halves[0],), (halves[1],)]
    assert again == first


def test_an_excluded_piece_is_never_due_and_one_taken_back_is(database: Database) -> None:
    with database.work() as unit:
        staff = piece(unit, "c1", excluded=Exclusion.STAFF)
        one = piece(unit, "c2")
        settle(unit, one.id)
        unit.pieces.exclude(one.id, Exclusion.NOT_FEEDBACK)
        unit.pieces.make_due([one.id, staff.id])
        excluded = due(unit)

        unit.pieces.exclude(one.id, None)

        assert excluded == []
        assert due(unit) == [one.id]


def test_what_a_person_said_is_no_feedback_stays_so_until_its_words_change(database: Database) -> None:
    with database.work() as unit:
        one = piece(unit)
        unit.pieces.exclude(one.id, Exclusion.NOT_FEEDBACK)

        same = unit.pieces.put(one.conversation_id, [draft()], NOON)
        changed = unit.pieces.put(one.conversation_id, [draft(words_hash="other")], NOON)

    assert same[0].excluded is Exclusion.NOT_FEEDBACK
    assert changed[0].excluded is None


def test_what_a_person_attached_is_not_due_and_what_voc_attached_is(database: Database) -> None:
    with database.work() as unit:
        by_person, by_voc = piece(unit, "c1"), piece(unit, "c2")
        about = ticket(unit)
        decide(unit, by_person.id, about.id, MatchState.ATTACHED, "U1")
        decide(unit, by_voc.id, about.id, MatchState.ATTACHED, AUTOMATIC)

        assert due(unit) == [by_voc.id]
        assert unit.pieces.counts()["due"] == 1


def test_only_what_has_no_ticket_is_looked_at_again_for_new_ones(database: Database) -> None:
    with database.work() as unit:
        names = ("none", "suggested", "attached", "refused", "old", "set aside")
        old = NOON - timedelta(days=90)
        pieces = {n: piece(unit, n, said_at=old if n == "old" else NOON).id for n in names}
        about = ticket(unit)
        decide(unit, pieces["suggested"], about.id, MatchState.SUGGESTED, AUTOMATIC)
        decide(unit, pieces["attached"], about.id, MatchState.ATTACHED, AUTOMATIC)
        decide(unit, pieces["refused"], about.id, MatchState.REJECTED, "U1")
        unit.pieces.exclude(pieces["set aside"], Exclusion.NOT_FEEDBACK)
        for feedback_id in pieces.values():
            settle(unit, feedback_id)

        unit.pieces.make_unmatched_due(NOON - timedelta(days=1))

        assert due(unit) == [pieces["none"], pieces["refused"]]


def test_a_voice_holds_all_that_is_needed_to_judge_and_show_it(database: Database) -> None:
    with database.work() as unit:
        acme = unit.people.company(
            "zendesk",
            ReceivedCompany(external_id="a", name="Acme", domains=("acme.test",)),
            Attributes(),
            NOON,
        )
        ann = unit.people.person(
            "zendesk", ReceivedPerson(external_id="p", name="Ann"), acme.id, Attributes(), NOON
        )
        hidden = (Redaction(0, 2, "name"),)
        stored, _ = unit.conversations.save(
            conversation(ann.id, turn(redactions=hidden), subject="Crash", tags=("a",), inbox="Support"), NOON
        )
        one = unit.pieces.put(stored.id, [draft()], NOON + HOUR)[0]
        unit.commit()
    with database.reading() as unit:
        voice = unit.pieces.voice(one.id)
        several = unit.pieces.voices([4711, one.id, one.id])

    assert voice.person == ann
    assert voice.person.company == acme
    assert (voice.words, voice.redactions, voice.quote) == ("It crashes", hidden, one.quote)
    assert (voice.said_at, voice.arrived_at) == (NOON, NOON + HOUR)
    assert (voice.source, voice.external_id, voice.ordinal) == ("zendesk", "c1", 1)
    assert (voice.subject, voice.tags, voice.inbox, voice.words_hash) == (
        "Crash",
        ("a",),
        "Support",
        "It crashes",
    )
    assert several == [voice, voice]


def test_an_unknown_voice_is_a_key_error(database: Database) -> None:
    with database.work() as unit, pytest.raises(KeyError):
        unit.pieces.voice(4711)


def test_a_quote_goes_on_pointing_into_the_revision_that_it_was_cut_from(database: Database) -> None:
    with database.work() as unit:
        one = piece(unit)
        person_id = unit.pieces.voice(one.id).person.id
        unit.conversations.save(conversation(person_id, turn(text="Oh")), NOON)
        before = unit.pieces.voice(one.id).words

        unit.pieces.put(one.conversation_id, [draft(text="Oh")], NOON)

        assert before == "It crashes"
        assert unit.pieces.voice(one.id).words == "Oh"


def test_voices_of_a_period_come_oldest_first_from_its_start_up_to_its_end(database: Database) -> None:
    with database.work() as unit:
        at = {
            "end": NOON + HOUR,
            "start": NOON,
            "before": NOON - HOUR,
            "aside": NOON,
            "middle": NOON + HOUR / 2,
        }
        ids = {name: piece(unit, name, said_at=moment).id for name, moment in at.items()}
        unit.pieces.exclude(ids["aside"], Exclusion.TAG)

        heard = unit.pieces.heard(NOON, NOON + HOUR)
        all_of_them = unit.pieces.heard(NOON, NOON + HOUR, include_excluded=True)

    assert [v.feedback_id for v in heard] == [ids["start"], ids["middle"]]
    assert [v.external_id for v in all_of_them] == ["start", "aside", "middle"]
    assert all_of_them[1].excluded is Exclusion.TAG


def test_pieces_are_counted_by_their_best_present_state(database: Database) -> None:
    with database.work() as unit:
        ids = [piece(unit, f"c{n}").id for n in range(5)]
        one, two = ticket(unit, "1"), ticket(unit, "2")
        decide(unit, ids[0], one.id, MatchState.REJECTED, "U1")
        decide(unit, ids[0], two.id, MatchState.ATTACHED, "U1")
        decide(unit, ids[1], one.id, MatchState.SUGGESTED, AUTOMATIC)
        decide(unit, ids[2], one.id, MatchState.REJECTED, "U1")
        unit.pieces.exclude(ids[3], Exclusion.NO_WORDS)

        counts = unit.pieces.counts()

    assert counts == {
        "pieces": 5,
        "due": 3,
        "attached": 1,
        "suggested": 1,
        "unmatched": 2,
        "excluded:no words": 1,
    }
