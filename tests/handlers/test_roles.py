"""Who may do what: members read, editors decide, admins set up; who is not known may nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.errors import RequestError
from bot.i18n import t
from config.scopes import SCOPES
from handlers.interaction import Interaction
from handlers.roles import must_administer, must_decide, must_read
from tests.handlers.world import ANNA, BEN, World

GUEST, STRANGER, CAROL = "U0GUEST001", "U0STRANGE1", "U0CAROL001"
EDITORS = {"id": "S0EDITORS1", "name": "Product", "handle": "product", "users": [ANNA]}


def act(user: str, **facts: Any) -> Interaction:
    """Return something that the person does."""
    about: dict[str, Any] = {"channel": "C1", "trigger_id": "", "is_own": True, "text": "", "block_id": ""}
    return Interaction(user=user, **{**about, "value": "", "reply": print, "body": {}, **facts})


@pytest.fixture
def grouped(tmp_path: Path, handlers_template: Path) -> Iterator[World]:
    """Return a workspace where @product decides and Carol administers."""
    world = World(tmp_path, handlers_template, editors=frozenset({"@Product"}), admins=frozenset({CAROL}))
    world.slack.load(
        {
            "usergroups": [EDITORS],
            "users": [
                {"id": CAROL, "name": "carol"},
                {"id": GUEST, "name": "guest", "is_restricted": True},
                {"id": STRANGER, "name": "stranger", "team_id": "T0ELSEWHERE"},
            ],
        }
    )
    yield world
    world.close()


def calls(world: World, method: str) -> int:
    return sum(row["path"] == f"/api/{method}" for row in world.sandbox.ledger.rows("slack"))


def test_without_settings_every_full_member_may_all_of_it(world: World) -> None:
    for must in (must_read, must_decide, must_administer):
        must(world.context, act(ANNA))

    assert calls(world, "usergroups.list") == 0


def test_guests_and_people_of_other_organisations_see_nothing(grouped: World) -> None:
    unknown = "U0NOBODY01"

    with pytest.raises(RequestError, match="Guests can’t"):
        must_read(grouped.context, act(GUEST))
    for user in (STRANGER, unknown):
        with pytest.raises(RequestError, match="Only members of this workspace"):
            must_read(grouped.context, act(user))
    with pytest.raises(RequestError, match="Only members of this workspace"):
        must_read(grouped.context, act(ANNA, is_own=False))


def test_a_colleague_of_another_workspace_of_the_organisation_is_a_member(grouped: World) -> None:
    home = grouped.slack.space.team["id"]
    colleague = {"team_id": "T0SISTER01", "enterprise_user": {"teams": ["T0SISTER01", home]}}
    grouped.slack.load({"users": [{"id": "U0SISTER01", "name": "sister", **colleague}]})

    must_read(grouped.context, act("U0SISTER01"))


def test_the_named_groups_decide_and_admins_set_up(grouped: World) -> None:
    for user in (ANNA, CAROL):
        must_decide(grouped.context, act(user))
    must_read(grouped.context, act(BEN))
    must_administer(grouped.context, act(CAROL))

    with pytest.raises(RequestError, match="Only Voc’s editors"):
        must_decide(grouped.context, act(BEN))
    with pytest.raises(RequestError, match="Only Voc’s admins"):
        must_administer(grouped.context, act(ANNA))


def test_who_is_in_a_group_is_remembered_for_ten_minutes(grouped: World) -> None:
    must_decide(grouped.context, act(ANNA))
    must_decide(grouped.context, act(ANNA))
    asked = calls(grouped, "usergroups.users.list")
    grouped.slack.load({"usergroups": [{**EDITORS, "users": [BEN]}]})

    grouped.clock.advance(599)
    must_decide(grouped.context, act(ANNA))
    grouped.clock.advance(2)

    assert asked == 1
    with pytest.raises(RequestError, match="Only Voc’s editors"):
        must_decide(grouped.context, act(ANNA))
    must_decide(grouped.context, act(BEN))


@pytest.mark.parametrize("method", ["users.info", "usergroups.list", "usergroups.users.list"])
def test_while_slack_does_not_say_who_is_who_nobody_decides(grouped: World, method: str) -> None:
    fault = {"do": "status", "vendor": "slack", "path": f"/api/{method}", "times": None}
    grouped.sandbox.faults.add(fault)

    with pytest.raises(RequestError, match="Slack doesn’t say right now who you are"):
        must_decide(grouped.context, act(ANNA))


@pytest.mark.parametrize("change", [{"date_delete": 1}, {"handle": "builders"}])
def test_a_group_that_is_gone_or_renamed_lets_nobody_in_and_is_named_with_what_helps(
    grouped: World, change: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    grouped.slack.load({"usergroups": [{**EDITORS, **change}]})

    with pytest.raises(RequestError) as refused:
        must_decide(grouped.context, act(ANNA))
    must_administer(grouped.context, act(CAROL))

    said = t(refused.value.message, **refused.value.facts)
    assert "no user group @product any more" in said
    assert "into the settings" in said
    assert [record.message for record in caplog.records].count("nobody known to be allowed") == 1


def test_where_one_group_is_gone_another_still_decides(tmp_path: Path, handlers_template: Path) -> None:
    world = World(tmp_path, handlers_template, editors=frozenset({"S0DELETED1", "@product"}))
    world.slack.load({"usergroups": [EDITORS]})

    must_decide(world.context, act(ANNA))
    with pytest.raises(RequestError, match="no user group"):
        must_decide(world.context, act(BEN))

    world.close()


def test_a_scope_that_is_missing_is_named_with_what_helps(grouped: World) -> None:
    grouped.slack.load({"app": {"scopes": [scope for scope in SCOPES if scope != "usergroups:read"]}})

    with pytest.raises(RequestError) as refused:
        must_decide(grouped.context, act(ANNA))

    said = t(refused.value.message, **refused.value.facts)
    assert "missing_scope usergroups:read" in said
    assert "reinstall the app" in said
