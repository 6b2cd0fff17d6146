"""Threads that people take as feedback: what they picked, and whose company it is."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.capture import Capture
from bot.domain.feedback import ReceivedCompany, ReceivedPerson
from bot.services.capture import keep, take
from tests.builders import conversation, turn
from tests.services.conftest import RULES, Store

SAID = "Hi all. The export drops every second row since Monday. We also pay for seats that nobody uses."


def test_what_a_second_person_picks_is_added_to_what_the_first_one_did(store: Store) -> None:
    first = Capture(external_id="C1:1.0", by="U1", picked={"1.0": ""}, customer="Acme", area="export")

    take(store.work, store.clock, first)
    take(
        store.work,
        store.clock,
        Capture(external_id="C1:1.0", by="U2", picked={"2.0": "rows"}, area="billing"),
    )

    with store.work() as unit:
        kept = unit.captures.get("C1:1.0")
    assert kept == replace(first, picked={"1.0": "", "2.0": "rows"})


def test_another_part_that_is_picked_cuts_the_same_words_anew(store: Store) -> None:
    rows, seats = "The export drops every second row since Monday.", "We also pay for seats that nobody uses."

    heard = []
    for part in (rows, seats, "words that are not there"):
        picked = replace(turn(SAID, "1.0"), part=part)
        pieces = keep(store.work, store.clock, RULES, conversation("", "C1:1.0", turns=(picked,)))
        with store.work() as unit:
            heard.append([v.words for v in unit.pieces.voices(pieces) if v.excluded is None])

    assert heard == [[rows], [seats], [f"{rows} {seats}"]]


def test_a_company_called_by_its_name_is_the_known_one(store: Store) -> None:
    store.add(conversation("The export drops rows."))
    company = ReceivedCompany(external_id="named:acme", name="ACME", is_name_alone=True)
    person = ReceivedPerson(external_id="named:acme", company=company)

    pieces = keep(
        store.work, store.clock, RULES, conversation("Rows are missing.", "C1:1.0", customer=person)
    )

    with store.work() as unit:
        companies = {unit.pieces.voice(i).person.company for i in (1, *pieces)}
        known = {company.id for company in companies if company}
    assert len(known) == 1
