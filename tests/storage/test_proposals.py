"""What waits for people, and what admins set, on both databases."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.answer import Answer, AnswerKind, Proposal
from bot.domain.feedback import Exclusion
from bot.domain.match import MatchState
from bot.repositories import Origin, UnitOfWork, Waiting
from bot.storage.database import Database
from tests.storage.rows import HOUR, NOON, conversation, decide, draft, piece, somebody, ticket, turn

DAY = timedelta(days=1)
MAIL, CHAT = Origin("zendesk", "mail", ("app",)), Origin("zendesk", "chat", ())


def proposed(
    unit: UnitOfWork, name: str, origin: Origin, scores: dict[int, float], *, hours_ago: int = 0
) -> int:
    """Store a piece with a proposal for each of the tickets, made so many hours ago, and return its id."""
    of: dict[str, Any] = {"inbox": origin.inbox, "tags": origin.tags, "external_id": name}
    stored, _ = unit.conversations.save(conversation(somebody(unit, name), turn(), **of), NOON)
    [one] = unit.pieces.put(stored.id, [draft(said_at=NOON - hours_ago * HOUR)], NOON)
    at = NOON - hours_ago * HOUR
    for ticket_id, score in scores.items():
        unit.matches.decide(
            one.id, ticket_id, MatchState.SUGGESTED, score=score, reasons=(), by="voc", now=at
        )
    return one.id


def test_what_waits_is_counted_by_its_origin_each_piece_once(database: Database) -> None:
    with database.work() as unit:
        first, second = ticket(unit, "1").id, ticket(unit, "2").id
        proposed(unit, "a", MAIL, {first: 0.9, second: 0.8}, hours_ago=3)
        proposed(unit, "b", MAIL, {first: 0.7}, hours_ago=1)
        proposed(unit, "c", CHAT, {first: 0.7}, hours_ago=2)
        aside = proposed(unit, "d", CHAT, {first: 0.7})
        unit.pieces.exclude(aside, Exclusion.NOT_FEEDBACK)
        decide(unit, piece(unit, "e").id, first, MatchState.ATTACHED, "U1")
        decide(unit, piece(unit, "f").id, first, MatchState.REJECTED, "U1")
        unit.commit()

    with database.reading() as unit:
        waiting, counts = unit.proposals.waiting(), unit.proposals.counts()

    assert sorted(waiting, key=lambda one: one.origin.inbox, reverse=True) == [
        Waiting(MAIL, 2, NOON - HOUR),
        Waiting(CHAT, 1, NOON - 2 * HOUR),
    ]
    assert counts == {MAIL: 2, CHAT: 1}


@pytest.mark.parametrize("seed", range(5))
def test_the_surest_come_first_then_the_newest_words_and_only_ours(database: Database, seed: int) -> None:
    draw = random.Random(seed)
    with database.work() as unit:
        tickets = [ticket(unit, str(number)).id for number in range(3)]
        made: dict[int, tuple[float, int, Origin]] = {}
        for number in range(25):
            scores = {one: draw.choice([0.2, 0.5, 0.9]) for one in draw.sample(tickets, draw.randrange(1, 4))}
            origin, hours_ago = draw.choice([MAIL, CHAT]), draw.randrange(5)
            name = proposed(unit, f"c{number}", origin, scores, hours_ago=hours_ago)
            made[name] = max(scores.values()), hours_ago, origin
        unit.commit()
    but = draw.sample(sorted(made), 4)
    order = sorted(made, key=lambda one: (-made[one][0], made[one][1], -one))
    ours = [one for one in order if made[one][2] == MAIL and one not in but]

    with database.reading() as unit:
        found = unit.proposals.surest(6, lambda origin: origin == MAIL, but=but)
        every = unit.proposals.surest(100, lambda origin: True)

    assert found == ours[:6]
    assert every == order


def test_the_tickets_of_a_person_are_those_that_they_chose_the_latest_first(database: Database) -> None:
    with database.work() as unit:
        first, second, old, other = (ticket(unit, str(number)).id for number in range(4))
        said = piece(unit).id
        for ticket_id, by, days_ago in (
            (first, "U1", 5),
            (second, "U1", 4),
            (None, "U1", 3),
            (other, "U2", 2),
            (first, "U1", 1),
            (old, "U1", 90),
        ):
            kind = AnswerKind.NOT_FEEDBACK if ticket_id is None else AnswerKind.TICKET
            at = NOON - days_ago * DAY
            unit.answers.add(
                Answer(feedback_id=said, kind=kind, ticket_id=ticket_id, by=by, at=at, about=Proposal())
            )
        unit.commit()

    with database.reading() as unit:
        chosen = unit.proposals.decided_by("U1", NOON - 30 * DAY)

        assert chosen == [first, second]
        assert unit.proposals.decided_by("U3", NOON - 30 * DAY) == []


def test_new_voices_are_those_attached_that_count_and_were_said_since(database: Database) -> None:
    with database.work() as unit:
        busy, calm, quiet = (ticket(unit, str(number)).id for number in range(3))
        for number, hours_ago in enumerate((1, 2, 30)):
            said = piece(unit, f"c{number}", said_at=NOON - hours_ago * HOUR)
            decide(unit, said.id, busy, MatchState.ATTACHED, "U1")
        aside = piece(unit, "aside").id
        decide(unit, aside, busy, MatchState.ATTACHED, "U1")
        unit.pieces.exclude(aside, Exclusion.NOT_FEEDBACK)
        decide(unit, piece(unit, "open").id, calm, MatchState.SUGGESTED, "voc")
        unit.commit()

    with database.reading() as unit:
        assert unit.proposals.voices_since([busy, calm, quiet], NOON - DAY) == {busy: 2}
        assert unit.proposals.voices_since([], NOON - DAY) == {}


def test_what_an_admin_sets_stands_until_it_is_set_anew_or_taken_back(database: Database) -> None:
    with database.work() as unit:
        unset = unit.preferences.get("quiet")
        unit.preferences.put("quiet", "18:00-8:00", by="U1", now=NOON)
        unit.preferences.put("other", "x", by="U1", now=NOON)
        first = unit.preferences.get("quiet")
        unit.preferences.put("quiet", "", by="U2", now=NOON + HOUR)
        unit.commit()

    with database.work() as unit:
        second = unit.preferences.get("quiet")
        unit.preferences.put("quiet", None, by="U2", now=NOON + HOUR)
        unit.preferences.put("quiet", None, by="U2", now=NOON + HOUR)
        unit.commit()

    assert (unset, first, second) == (None, "18:00-8:00", "")
    with database.reading() as unit:
        assert unit.preferences.get("quiet") is None
        assert unit.preferences.get("other") == "x"
