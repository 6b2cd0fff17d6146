"""Trackers made of the settings and of what was stored, while processes come and go."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from typing import Any

import pytest

from bot.adapters.accounts import token_set, tokens_of
from bot.adapters.trackers import credentials_of
from bot.app import Bot, build
from bot.commands.pasting import paste_token
from bot.errors import AccessError
from bot.operator.sealing import new_key
from bot.operator.terminal import Terminal
from bot.storage.database import Database
from config.settings import Settings, settings_of
from integrations.credentials import StaticCredentials, StoredCredentials
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.jira.oauth import CLOUD_ID
from integrations.sandbox.jira.stand_in import JiraServerStandIn
from integrations.sandbox.serving import Sandbox

KEY = new_key()
CLIENT = {"client_id": "voc", "client_secret": "hush"}
BASIC = "Basic " + base64.b64encode(b"voc@acme.example:token").decode()


def settings(jira: dict[str, Any] | None = None, linear: dict[str, Any] | None = None) -> Settings:
    own = {"jira": {"url": "https://acme.atlassian.net", "projects": ["FLD"], **(jira or {})}}
    others = {"linear": {"teams": ["APP"], **linear}} if linear is not None else {}
    return settings_of({"secret_key": KEY, **own, **others})


def bot(database: Database, chosen: Settings) -> Bot:
    return build(chosen, work=database.work, reading=database.reading)


@pytest.fixture
def data_center() -> Iterator[SandboxClient]:
    sandbox = Sandbox([JiraServerStandIn], clock=SandboxClock(), profile="open")
    yield SandboxClient(sandbox.start())
    sandbox.stop()


@pytest.mark.parametrize(
    ("vendor", "chosen", "header", "variable"),
    [
        ("jira", settings({"email": "voc@acme.example", "api_token": "token"}), BASIC, "VOC_JIRA__API_TOKEN"),
        ("jira", settings({"personal_token": "token"}), "Bearer token", "VOC_JIRA__PERSONAL_TOKEN"),
        ("linear", settings(linear={"api_key": "lin_api_1"}), "lin_api_1", "VOC_LINEAR__API_KEY"),
    ],
    ids="api-token personal-token api-key".split(),
)
def test_a_token_that_is_set_signs_requests(
    database: Database, vendor: str, chosen: Settings, header: str, variable: str
) -> None:
    credentials = credentials_of(vendor, chosen, lambda: bot(database, chosen).stores)

    assert credentials.headers() == {"Authorization": header}
    assert token_set(chosen, vendor) == variable


@pytest.mark.parametrize("vendor", ["jira", "linear"])
def test_a_stored_token_signs_requests_and_a_newer_one_at_once(database: Database, vendor: str) -> None:
    chosen = settings(linear={})
    stores = bot(database, chosen).stores
    credentials = credentials_of(vendor, chosen, lambda: stores)
    with pytest.raises(AccessError, match="not connected") as caught:
        credentials.headers()

    stores.of(vendor).replace(StoredCredentials.record(StaticCredentials.raw("first")))
    first = credentials.headers()
    stores.of(vendor).replace(StoredCredentials.record(StaticCredentials.raw("second")))

    assert f"python -m bot connect {vendor}" in caught.value.remedy
    assert first == {"Authorization": "first"}
    assert credentials.renew(first)
    assert credentials.headers() == {"Authorization": "second"}
    assert not credentials.renew(credentials.headers())


@pytest.mark.slow
def test_a_running_bot_follows_to_the_site_that_is_connected_meanwhile(database: Database) -> None:
    chosen = settings(CLIENT)
    running, command = bot(database, chosen), bot(database, chosen)
    before = running.trackers["jira"]

    pair = {"access_token": "a", "refresh_token": "r", "expires_s": None, "cloud_id": CLOUD_ID}
    command.stores.of("jira").replace(pair)

    after = running.trackers["jira"]
    assert [finding.is_ok for finding in before.check()] == [False]
    assert after is not before
    assert running.trackers["jira"] is after


def test_what_another_way_stored_counts_as_no_connection(database: Database) -> None:
    by_token, by_client = settings(), settings(CLIENT)
    stores = bot(database, by_token).stores
    stores.of("jira").replace(StoredCredentials.record(StaticCredentials.raw("token")))

    with pytest.raises(AccessError, match="not connected"):
        tokens_of("jira", bot(database, by_client).stores).headers()


def test_both_trackers_are_there_side_by_side_and_none_is_made_unasked(database: Database) -> None:
    both = bot(database, settings({"personal_token": "t"}, {"api_key": "lin_api_1"}))

    assert list(both.trackers) == ["jira", "linear"]
    assert "github" not in both.trackers
    assert [both.trackers[name].name for name in both.trackers] == ["jira", "linear"]
    assert both.ticketing.projects == {"FLD": "jira", "APP": "linear"}


def test_a_pasted_personal_access_token_of_data_center_is_tried_and_stored(
    database: Database, data_center: SandboxClient
) -> None:
    data_center.load("jira", {"projects": [{"key": "FLD"}], "settings": {"personal_token": "mine"}})
    ours = bot(database, settings({"url": data_center.urls["jira"], "deployment": "server"}))
    shown = io.StringIO()

    paste_token(ours, "jira", Terminal(io.StringIO("mine\n"), shown))

    assert shown.getvalue().endswith("Jira is connected.\n")
    assert all(finding.is_ok for finding in ours.trackers["jira"].check())
