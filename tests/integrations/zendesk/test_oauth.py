"""Connecting to Zendesk, and tokens that rotate while several threads and processes use them."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import pytest
import requests

from bot.errors import AccessError, RequestError, TransientError
from integrations.oauth import Challenge, OAuthClient, OAuthTokens
from integrations.oauth import authorization_url as url_of
from integrations.oauth import received_code as code_of
from integrations.zendesk.oauth import auth_server
from integrations.zendesk.source import ZendeskSource
from tests.contracts.feedback_sources import Zendesk
from tests.integrations.authorities import Store
from tests.integrations.openapi import Description

CLIENT = OAuthClient("voc", "hush", "http://127.0.0.1:8765/callback")


def authorization_url(url: str, client: OAuthClient, challenge: Challenge) -> str:
    return url_of(auth_server(url), client, challenge)


def received_code(answer: str, challenge: Challenge) -> str:
    return code_of(auth_server("https://acme.zendesk.com"), answer, challenge)


@pytest.fixture
def store(tool: Zendesk) -> Store:
    client = {"identifier": "voc", "secret": "hush", "redirect_uri": [CLIENT.redirect_uri]}
    tool.client.load("zendesk", {"oauth_clients": [client]})
    return Store()


def tokens(tool: Zendesk, store: Store, client: OAuthClient = CLIENT) -> OAuthTokens:
    return OAuthTokens(auth_server(tool.url), client, store, tool.clock, sleep=tool.sleep)


def allowed(tool: Zendesk, challenge: Challenge, client: OAuthClient = CLIENT) -> str:
    """Return the address that the browser is sent to once the admin has pressed Allow."""
    answer = requests.get(authorization_url(tool.url, client, challenge), allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def connected(tool: Zendesk, store: Store) -> OAuthTokens:
    challenge = Challenge.make()
    made = tokens(tool, store)
    made.connect(received_code(allowed(tool, challenge), challenge), challenge)
    return made


def exchanges(tool: Zendesk) -> int:
    return sum(1 for row in tool.client.requests("zendesk") if row["path"] == "/oauth/tokens")


def test_a_connected_account_can_be_read(tool: Zendesk, store: Store) -> None:
    external_id = tool.write("Words")
    tool.settle()

    source = ZendeskSource(tool.url, connected(tool, store), tool.clock, sleep=tool.sleep)

    assert source.fetch(external_id).external_id == external_id
    assert all(finding.is_ok for finding in source.check())


def test_the_token_answer_has_the_vendors_shape(tool: Zendesk, store: Store, specs_dir: Path) -> None:
    challenge = Challenge.make()
    code = received_code(allowed(tool, challenge), challenge)
    body = {"grant_type": "authorization_code", "code": code, "redirect_uri": CLIENT.redirect_uri}
    body |= {"client_id": "voc", "client_secret": "hush", "code_verifier": challenge.verifier}

    answer = requests.post(f"{tool.url}/oauth/tokens", json=body, timeout=10)

    zendesk = Description(specs_dir / "zendesk" / "support-oas.yaml")
    assert zendesk.refusals("POST", "/oauth/tokens", answer.status_code, answer.json()) == []
    assert answer.json()["expires_in"] == 1800


def test_an_answer_to_another_authorisation_is_refused(tool: Zendesk, store: Store) -> None:
    answer = allowed(tool, Challenge.make())

    with pytest.raises(RequestError, match="start again"):
        received_code(answer, Challenge.make())


def test_a_declined_authorisation_says_so() -> None:
    challenge = Challenge.make()

    with pytest.raises(RequestError, match="access_denied"):
        received_code(
            f"http://127.0.0.1:8765/callback?error=access_denied&state={challenge.state}", challenge
        )


@pytest.mark.parametrize("pasted", ["", "http://127.0.0.1:8765/callback", "not an address"])
def test_a_pasted_text_without_our_state_is_refused(pasted: str) -> None:
    with pytest.raises(RequestError):
        received_code(pasted, Challenge.make())


def test_a_code_is_good_once(tool: Zendesk, store: Store) -> None:
    challenge = Challenge.make()
    code = received_code(allowed(tool, challenge), challenge)
    made = tokens(tool, store)
    made.connect(code, challenge)

    with pytest.raises(AccessError):
        made.connect(code, challenge)


def test_a_code_is_good_for_two_minutes(tool: Zendesk, store: Store) -> None:
    challenge = Challenge.make()
    code = received_code(allowed(tool, challenge), challenge)
    tool.clock.advance(121)

    with pytest.raises(AccessError):
        tokens(tool, store).connect(code, challenge)


@pytest.mark.parametrize(
    "wrong", [{"client_secret": "guess"}, {"redirect_uri": "http://127.0.0.1:9/elsewhere"}]
)
def test_another_client_can_not_spend_the_code(tool: Zendesk, store: Store, wrong: dict[str, str]) -> None:
    challenge = Challenge.make()
    code = received_code(allowed(tool, challenge), challenge)

    with pytest.raises(AccessError):
        tokens(tool, store, replace(CLIENT, **wrong)).connect(code, challenge)


def test_a_code_without_its_verifier_is_worth_nothing(tool: Zendesk, store: Store) -> None:
    challenge = Challenge.make()
    code = received_code(allowed(tool, challenge), challenge)

    with pytest.raises(AccessError):
        tokens(tool, store).connect(code, Challenge(challenge.state, "another verifier"))


def test_an_unregistered_address_gets_no_code(tool: Zendesk, store: Store) -> None:
    client = replace(CLIENT, redirect_uri="http://evil.example/callback")

    answer = requests.get(
        authorization_url(tool.url, client, Challenge.make()), allow_redirects=False, timeout=10
    )

    assert answer.status_code == 400


def test_a_token_is_refreshed_before_it_ends(tool: Zendesk, store: Store) -> None:
    made = connected(tool, store)
    before = made.headers()
    tool.clock.advance(24 * 3600 - 200)

    after = made.headers()

    assert after != before
    assert ZendeskSource(tool.url, made, tool.clock).check()[0].is_ok
    assert exchanges(tool) == 2


def test_a_refused_token_is_refreshed_once_and_the_request_repeated(tool: Zendesk, store: Store) -> None:
    external_id = tool.write("Words")
    source = ZendeskSource(tool.url, connected(tool, store), tool.clock, sleep=tool.sleep)
    tool.client.fault("status", path=r"/api/v2/tickets/\d+", status=401, body="{}")

    found = source.fetch(external_id)

    assert found.external_id == external_id
    assert exchanges(tool) == 2


def test_a_token_refused_for_good_is_an_access_error(tool: Zendesk, store: Store) -> None:
    source = ZendeskSource(tool.url, connected(tool, store), tool.clock, sleep=tool.sleep)
    tool.client.fault("status", path=r"/api/v2/.*", status=401, body="{}", times=None)

    with pytest.raises(AccessError):
        source.fetch("1")

    assert exchanges(tool) == 2


def test_threads_that_meet_one_ending_token_refresh_it_once(tool: Zendesk, store: Store) -> None:
    made = connected(tool, store)
    tool.clock.advance(24 * 3600)
    seen: list[str] = []
    threads = [
        threading.Thread(target=lambda: seen.append(made.headers()["Authorization"])) for _ in range(8)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert exchanges(tool) == 2


def test_a_process_that_loses_the_race_takes_what_the_other_stored(tool: Zendesk, store: Store) -> None:
    first = connected(tool, store)
    stale = store.get()
    tool.clock.advance(24 * 3600)
    newest = first.headers()
    fresh, store.pair = store.pair, stale

    def other_process_commits(_: float) -> None:
        store.pair = fresh

    second = OAuthTokens(auth_server(tool.url), CLIENT, store, tool.clock, sleep=other_process_commits)

    assert second.headers() == newest


def test_a_spent_refresh_token_asks_to_connect_again(tool: Zendesk, store: Store) -> None:
    made = connected(tool, store)
    stale = store.get()
    tool.clock.advance(24 * 3600)
    made.headers()
    store.pair = stale

    with pytest.raises(AccessError) as caught:
        made.headers()

    assert "connect zendesk" in caught.value.remedy


def test_a_refresh_whose_answer_was_lost_is_tried_again_later(tool: Zendesk, store: Store) -> None:
    made = connected(tool, store)
    tool.clock.advance(24 * 3600)
    tool.client.fault("reset", path="/oauth/tokens")

    with pytest.raises(TransientError):
        made.headers()

    assert made.headers() == made.headers()


def test_an_account_that_was_never_connected_is_an_access_error(tool: Zendesk, store: Store) -> None:
    with pytest.raises(AccessError, match="not connected"):
        tokens(tool, store).headers()


def test_the_stand_in_gives_no_scope_that_was_not_allowed(tool: Zendesk, store: Store) -> None:
    challenge = Challenge.make()
    code = received_code(allowed(tool, challenge), challenge)
    asked = {"grant_type": "authorization_code", "code": code, "code_verifier": challenge.verifier}
    client = {"client_id": "voc", "client_secret": "hush", "redirect_uri": CLIENT.redirect_uri}

    answer = requests.post(
        f"{tool.url}/oauth/tokens", json=asked | client | {"scope": "read write"}, timeout=10
    )

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")
