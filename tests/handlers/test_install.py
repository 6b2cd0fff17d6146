"""Several workspaces: the pages that let them in, requests from each, and how they leave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.sandbox.slack.events import Events
from integrations.sandbox.slack.interactor import Interactor
from integrations.slack.blocks import ids
from integrations.slack.blocks.modals import another_ticket_view
from tests.handlers.several import STRANGER, Several
from tests.handlers.world import ANNA, PRODUCT, shown
from tests.integrations.slack.teams import BRANCH, BRANCH_CHANNEL, CLARA, HOME

EVENTS = ["app_uninstalled", "tokens_revoked"]


@pytest.fixture
def several(tmp_path: Path, handlers_template: Path) -> Iterator[Several]:
    made = Several(tmp_path, handlers_template)
    yield made
    made.close()


def test_a_workspace_is_installed_and_then_served_with_its_own_token_alone(several: Several) -> None:
    first, second = several.install(HOME), several.install(BRANCH)
    branch = several.slack.spaces[BRANCH]

    several.says(ANNA, "digest schedule mon 9:00", PRODUCT)
    Interactor(several.slack, BRANCH).command(CLARA, BRANCH_CHANNEL, "digest schedule mon 9:00")
    several.pool.settle()

    assert "Voc is installed in Sandbox." in first
    assert "Voc is installed in Branch." in second
    assert "comes here every Monday at 9:00\u202fam (Asia/Tokyo)" in shown(branch.ephemerals[-1])
    with several.context.reading() as unit:
        zones = {subscription.channel: subscription.zone for subscription in unit.subscriptions.all()}
    assert zones == {PRODUCT: "Europe/Berlin", f"{BRANCH}/{BRANCH_CHANNEL}": "Asia/Tokyo"}


def test_the_page_says_what_was_not_granted_and_speaks_the_browsers_language(several: Several) -> None:
    browser = several.browser("de-DE,de;q=0.9")

    page = browser.finish(browser.allow(BRANCH, skips=["commands"]))

    assert page.status_code == 200
    assert "commands" in page.text
    assert "<html lang=de>" in page.text


def test_nothing_of_a_strangers_workspace_is_kept_and_its_token_is_given_back(several: Several) -> None:
    stranger = str(STRANGER["team"]["id"])

    said = several.install(stranger)

    assert f"adds {stranger} to VOC_SLACK__WORKSPACES" in said
    assert several.installs.get(stranger) is None
    assert several.slack.oauth.living(stranger) == 0


def test_a_state_is_good_once_for_the_browser_that_was_given_it_and_for_ten_minutes(several: Several) -> None:
    mine, other = several.browser(), several.browser()
    other.offer()
    query = mine.allow(BRANCH)
    code = query.partition("code=")[2].partition("&")[0]

    answers = [
        other.finish(query),
        mine.finish(f"code={code}&state=made-up"),
        mine.finish(f"code={code}"),
    ]
    late = mine.allow(BRANCH)
    several.clock.advance(601)
    answers.append(mine.finish(late))
    kept = several.installs.get(BRANCH)
    good = mine.allow(BRANCH)
    answers += [mine.finish(good), mine.finish(good)]

    assert [answer.status_code for answer in answers] == [400, 400, 400, 400, 200, 400]
    assert kept is None
    assert several.installs.get(BRANCH) is not None


def test_who_says_no_at_slack_installs_nothing(several: Several) -> None:
    browser = several.browser()

    page = browser.finish(browser.allow(BRANCH, declines=True))

    assert page.status_code == 400
    assert "Nothing was installed" in page.text


def test_slacks_failure_is_told_under_a_reference_and_logged_once(
    several: Several, caplog: pytest.LogCaptureFixture
) -> None:
    browser = several.browser()
    query = browser.allow(BRANCH)
    several.sandbox.faults.add({"do": "status", "vendor": "slack", "path": "/api/oauth.*", "status": 500})

    page = browser.finish(query)

    (logged,) = [record for record in caplog.records if record.getMessage() == "workspace not installed"]
    assert page.status_code == 502
    assert f"reference {logged.__dict__['reference']}" in page.text


def test_the_pages_are_kept_nowhere_and_framed_by_nobody(several: Several) -> None:
    page = several.browser().offer()

    assert page.headers["Cache-Control"] == "no-store"
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert "HttpOnly" in page.headers["Set-Cookie"]
    assert "SameSite=Lax" in page.headers["Set-Cookie"]


def test_the_database_holds_no_readable_token(several: Several) -> None:
    several.install(BRANCH)
    grant = several.installs.get(BRANCH)

    with several.context.reading() as unit:
        stored = unit.installations.get(BRANCH)

    assert grant is not None
    assert stored is not None
    assert grant.access_token.encode() not in stored.tokens
    assert grant.refresh_token.encode() not in stored.tokens


def test_a_request_from_where_voc_is_not_installed_is_told_so_and_does_nothing(several: Several) -> None:
    outcome = Interactor(several.slack, BRANCH).command(CLARA, BRANCH_CHANNEL, "digest schedule mon 9:00")
    several.pool.settle()

    assert outcome["status"] == "ok"
    assert "not installed in this workspace" in shown(several.slack.spaces[BRANCH].ephemerals[-1])
    with several.context.reading() as unit:
        assert unit.subscriptions.all() == []


@pytest.mark.parametrize(
    "event",
    [
        {"type": "app_uninstalled"},
        {"type": "tokens_revoked", "tokens": {"bot": ["U0VOCBRAN1"]}},
    ],
    ids=lambda event: event["type"],
)
def test_a_workspace_that_takes_voc_out_is_left_and_the_other_served_on(
    several: Several, event: dict[str, Any]
) -> None:
    several.install(HOME)
    several.install(BRANCH)
    several.slack.load({"app": {"events": EVENTS}})
    several.slack.spaces[BRANCH].app["events"] = EVENTS

    several.slack.oauth.revoke(BRANCH)
    Events(several.slack, BRANCH).tell(event["type"], event)
    several.pool.settle()

    assert [several.workspaces.is_in(team) for team in (HOME, BRANCH)] == [True, False]
    assert several.says(ANNA, "help")


def test_users_tokens_that_are_taken_back_change_nothing(several: Several) -> None:
    several.install(BRANCH)
    several.slack.spaces[BRANCH].app["events"] = EVENTS

    Events(several.slack, BRANCH).tell(
        "tokens_revoked", {"type": "tokens_revoked", "tokens": {"oauth": ["U1"]}}
    )
    several.pool.settle()

    assert several.workspaces.is_in(BRANCH)


def test_a_goodbye_that_comes_after_a_new_installation_does_not_end_it(several: Several) -> None:
    several.install(BRANCH)
    several.slack.spaces[BRANCH].app["events"] = EVENTS
    events = Events(several.slack, BRANCH)
    several.sandbox.faults.clear()
    old = {"type": "app_uninstalled"}
    callback = events.tell("app_uninstalled", old)
    several.pool.settle()
    several.clock.advance(60)
    several.install(BRANCH)

    assert callback is not None
    events.repeat({**callback, "event_id": "Ev0LATE001"})
    several.pool.settle()

    assert several.workspaces.is_in(BRANCH)


def test_a_select_offers_tickets_in_each_workspace_and_none_once_it_has_left(
    several: Several,
) -> None:
    several.install(BRANCH)
    several.ticket("FLD-1", "Export all rows")
    piece, space = several.piece("The export drops rows."), several.slack.spaces[BRANCH]
    opened = several.workspaces.at(BRANCH).write(
        "views.open",
        "opening",
        trigger_id=space.new_trigger(CLARA),
        view=another_ticket_view(piece, None),
    )["view"]

    def offered() -> list[dict[str, Any]]:
        block = opened["blocks"][0]["block_id"]
        person = Interactor(several.slack, BRANCH)
        return list(person.suggest(CLARA, opened["id"], block, ids.TICKET, "export")["options"])

    assert "FLD-1" in str(offered())
    several.workspaces.end(BRANCH, several.clock.now())
    assert offered() == []
