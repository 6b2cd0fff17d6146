"""Captures, and companies known by their name, on both databases."""

from __future__ import annotations

from bot.domain.capture import Capture
from bot.domain.feedback import ReceivedCompany
from bot.repositories import Attributes
from bot.storage.database import Database
from tests.storage.rows import NOON


def test_what_was_taken_is_kept_and_replaced_by_what_is_said_later(database: Database) -> None:
    first = Capture(external_id="C1:1.0", by="U1", picked={"1.0": "rows \0"}, customer="Acme", area="export")
    with database.work() as unit:
        unit.captures.put(first, NOON)
        unit.captures.put(Capture(external_id="C1:2.0", by="U2"), NOON)
        unit.captures.put(Capture(external_id="C1:2.0", by="U3", area="billing"), NOON)
        unit.commit()

    with database.work() as unit:
        kept = unit.captures.get("C1:1.0")
        again, unknown = unit.captures.get("C1:2.0"), unit.captures.get("C1:3.0")

    assert kept == Capture(
        external_id="C1:1.0", by="U1", picked={"1.0": "rows \ufffd"}, customer="Acme", area="export"
    )
    assert again == Capture(external_id="C1:2.0", by="U3", area="billing")
    assert unknown is None


def test_an_id_of_a_name_stands_for_the_one_company_of_that_name(database: Database) -> None:
    def company(source: str, external_id: str, name: str) -> int:
        received = ReceivedCompany(external_id=external_id, name=name)
        return unit.people.company(source, received, Attributes(), NOON).id

    with database.work() as unit:
        acme, twins = company("zendesk", "1", "Acme"), {company("zendesk", i, "Twin") for i in "23"}
        for name in ("acme", "acme", "twin", "new"):
            unit.people.know_company("slack", f"named:{name}", name)

        assert company("slack", "named:acme", "acme") == acme
        assert company("slack", "named:twin", "twin") not in twins
        assert company("slack", "named:new", "new") not in {acme, *twins}
