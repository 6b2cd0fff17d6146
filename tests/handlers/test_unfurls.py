"""Links that people post show who asks: to members alone, of what Voc knows, once."""

from __future__ import annotations

import pytest

from bot.services.ingest import ingest
from tests.builders import conversation
from tests.handlers.world import ANNA, BEN, NOW, PRODUCT, RULES, World, shown

CARA, DAN, ACME = "U0CARA0001", "U0DAN00001", "C0EXTACME1"
JIRA = "https://acme.atlassian.net"


@pytest.fixture
def linked(world: World) -> World:
    """Return a workspace whose links to the tracker and the support tool are told to Voc."""
    domains = ["acme.atlassian.net", "acme.zendesk.com", "linear.app"]
    world.slack.load(
        {
            "app": {"unfurl_domains": domains},
            "users": [
                {"id": CARA, "name": "cara", "team_id": "T0OTHER001"},
                {"id": DAN, "name": "dan", "is_restricted": True},
            ],
            "channels": [{"id": ACME, "name": "acme", "is_ext_shared": True}],
        }
    )
    world.slack.space.channels[PRODUCT].people = [ANNA, BEN]
    ticket = world.ticket("FLD-1", "Export drops rows")
    world.suggest(world.piece("The export drops <rows> of a@b.example"), ticket, attached=True)
    world.suggest(world.piece("Rows are missing.", person="2"), ticket, attached=True)
    return world


def says(world: World, user: str, text: str, channel: str = PRODUCT) -> dict[str, str]:
    """Write a message and return, by link, what is shown under it."""
    ts = world.slack.talking.say(user, channel, text)
    world.hears()
    message = world.slack.space.channels[channel].message(ts)
    assert message is not None
    return {url: shown(one) for url, one in message.get("unfurls", {}).items()}


def test_a_tickets_link_shows_who_asks_and_one_quote_without_private_data(linked: World) -> None:
    url = f"{JIRA}/browse/FLD-1"

    found = says(linked, ANNA, f"Look at {url}?focusedId=1 please")

    assert list(found) == [f"{url}?focusedId=1"]
    (said,) = found.values()
    assert "FLD-1 Export drops rows" in said
    assert "2 people, 1 company" in said
    assert "a@b.example" not in said
    assert "[e-mail]" in said or "Rows are missing." in said


def test_a_ticket_is_shown_once_however_it_is_linked(linked: World) -> None:
    board = f"{JIRA}/jira/software/projects/FLD/boards/1?selectedIssue=FLD-1"

    found = says(linked, ANNA, f"{JIRA}/browse/FLD-1 {board}")

    assert list(found) == [f"{JIRA}/browse/FLD-1"]


def test_a_conversations_link_shows_its_words_and_its_ticket(linked: World) -> None:
    address = "https://acme.zendesk.com/agent/tickets/4711"
    received = conversation("The import loses rows.", "4711", url=address)
    with linked.context.work() as unit:
        ingest(unit, RULES, "zendesk", received, NOW)
        unit.commit()

    found = says(linked, ANNA, f"From {address} and https://other.zendesk.com/agent/tickets/4711")

    assert list(found) == [address]
    assert "No ticket yet" in found[address]
    assert "The import loses rows." in found[address]


def test_what_voc_does_not_know_shows_nothing(linked: World) -> None:
    linked.ticket("FLD-2", "Nobody asks for it")
    links = [f"{JIRA}/browse/FLD-2", f"{JIRA}/browse/FLD-9", "https://linear.app/acme/issue/FLD-1/x"]

    links += [f"{JIRA}/wiki/12", "https://acme.zendesk.com/agent/tickets/99"]

    assert says(linked, ANNA, " ".join(links)) == {}


@pytest.mark.parametrize(("user", "channel"), [(CARA, PRODUCT), (DAN, PRODUCT), (ANNA, ACME)])
def test_people_from_elsewhere_guests_and_shared_channels_see_nothing(
    linked: World, user: str, channel: str
) -> None:
    assert says(linked, user, f"{JIRA}/browse/FLD-1", channel) == {}


@pytest.mark.parametrize("other", [CARA, DAN, "U0NEW00001"])
def test_where_a_guest_or_a_stranger_reads_along_nothing_is_shown(linked: World, other: str) -> None:
    linked.slack.space.channels[PRODUCT].people = [ANNA, BEN, other]

    assert says(linked, ANNA, f"{JIRA}/browse/FLD-1") == {}


def test_where_slack_does_not_tell_who_reads_along_nothing_is_shown(linked: World) -> None:
    rule = {"do": "status", "vendor": "slack", "path": "/api/conversations.members", "status": 200}
    linked.sandbox.faults.add({**rule, "body": '{"ok": false, "error": "channel_not_found"}'})

    assert says(linked, ANNA, f"{JIRA}/browse/FLD-1") == {}


def test_who_is_of_the_workspace_is_asked_once_in_ten_minutes(linked: World) -> None:
    for _ in range(3):
        says(linked, ANNA, f"{JIRA}/browse/FLD-1")

    asked = [row["path"] for row in linked.sandbox.ledger.rows("slack")]
    assert asked.count("/api/users.list") == asked.count("/api/conversations.members") == 1


def test_an_event_that_comes_again_shows_nothing_twice(linked: World) -> None:
    said = says(linked, ANNA, f"{JIRA}/browse/FLD-1")
    calls = [row for row in linked.sandbox.ledger.rows("slack") if row["path"] == "/api/chat.unfurl"]

    linked.slack.events.repeat(linked.slack.events.sent[-1])
    linked.hears()

    again = [row for row in linked.sandbox.ledger.rows("slack") if row["path"] == "/api/chat.unfurl"]
    assert len(said) == len(calls) == len(again) == 1
