"""Where webhooks are taken: for the accounts whose secrets are set, at addresses that stay."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.hooks import connection_id, endpoints, hooks
from bot.operator.sealing import new_key
from config.settings import Settings, settings_of
from handlers.signatures import JiraHooks, LinearHooks

KEY = new_key()


def settings(jira: dict[str, Any] | None = None, linear: dict[str, Any] | None = None) -> Settings:
    sections = {
        "jira": {"url": "https://acme.atlassian.net", "projects": ["FLD"], **(jira or {})},
        "linear": {"teams": ["APP"], **(linear or {})},
    }
    return settings_of({"secret_key": KEY, **sections})


@pytest.mark.parametrize("vendor", ["jira", "linear"])
def test_an_account_keeps_its_address_and_another_has_another(vendor: str) -> None:
    elsewhere = settings({"url": "https://other.atlassian.net"}, {"site": "https://linear.app/other"})
    other_way = settings({"url": "https://ACME.atlassian.net/", "personal_token": "t"}, {"api_key": "k"})

    assert connection_id(settings(), vendor) == connection_id(other_way, vendor)
    assert connection_id(settings(), vendor) != connection_id(elsewhere, vendor)
    assert connection_id(settings(), "jira") != connection_id(settings(), "linear")


def test_only_what_has_a_secret_is_taken_and_the_missing_one_is_named() -> None:
    chosen = settings(linear={"webhook_secret": "lin_wh_1"})

    assert [(hook.tracker, hook.dialect) for hook in hooks(chosen)] == [("linear", LinearHooks("lin_wh_1"))]
    assert [(e.tracker, e.missing) for e in endpoints(chosen)] == [
        ("jira", "VOC_JIRA__WEBHOOK_SECRET"),
        ("linear", ""),
    ]


def test_an_oauth_apps_own_webhooks_need_no_other_secret() -> None:
    chosen = settings({"client_id": "voc", "client_secret": "hush"})

    assert [hook.dialect for hook in hooks(chosen)] == [JiraHooks("", "hush")]


def test_the_addresses_shown_are_those_that_are_taken() -> None:
    chosen = settings({"webhook_secret": "s"}, {"webhook_secret": "l"})

    assert [e.path for e in endpoints(chosen)] == [f"/webhooks/{h.tracker}/{h.id}" for h in hooks(chosen)]


def test_a_tracker_that_is_not_set_up_has_no_webhook() -> None:
    assert endpoints(settings_of({})) == []
