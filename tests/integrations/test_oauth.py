"""Connecting to Jira and Linear, and pairs that rotate while several threads and processes use them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
import requests

from bot.errors import AccessError, RequestError, TransientError
from integrations.jira.oauth import cloud_id_of
from integrations.oauth import Challenge, OAuthTokens, authorization_url, received_code
from tests.integrations.authorities import CLIENT, SITE, Authority, Jira, Linear


@pytest.fixture(params=[Jira, Linear], ids=["jira", "linear"])
def authority(request: pytest.FixtureRequest) -> Iterator[Authority]:
    made = request.param()
    yield made
    made.close()


@pytest.fixture
def jira() -> Iterator[Jira]:
    made = Jira()
    yield made
    made.close()


@pytest.fixture
def linear() -> Iterator[Linear]:
    made = Linear()
    yield made
    made.close()


def test_a_connected_account_has_a_token_with_our_scopes(authority: Authority) -> None:
    tokens = authority.connected()

    granted = authority.grants.scopes_of(tokens.headers()["Authorization"])

    assert granted == authority.server().scopes


def test_the_state_comes_back_as_it_was_sent(authority: Authority) -> None:
    challenge = replace(Challenge.make(), state="ä&b=c d")

    assert authority.code(challenge)


def test_an_answer_to_another_authorisation_is_refused(authority: Authority) -> None:
    answer = authority.landing(Challenge.make())

    with pytest.raises(RequestError, match="start again"):
        received_code(authority.server(), answer, Challenge.make())


def test_a_declined_authorisation_says_who_declined(authority: Authority) -> None:
    with pytest.raises(RequestError, match=f"{authority.vendor.title()} answered access_denied"):
        received_code(authority.server(), "http://127.0.0.1/?error=access_denied", Challenge.make())


def test_a_code_is_good_once(authority: Authority) -> None:
    challenge = Challenge.make()
    code, tokens = authority.code(challenge), authority.tokens()
    tokens.connect(code, challenge)

    with pytest.raises(AccessError):
        tokens.connect(code, challenge)


def test_a_stale_code_is_refused(authority: Authority) -> None:
    challenge = Challenge.make()
    code = authority.code(challenge)
    authority.clock.advance(601)

    with pytest.raises(AccessError):
        authority.tokens().connect(code, challenge)


@pytest.mark.parametrize(
    "wrong", [{"client_secret": "guess"}, {"client_id": "x"}, {"redirect_uri": "http://127.0.0.1:9/x"}]
)
def test_another_client_can_not_spend_the_code(authority: Authority, wrong: dict[str, str]) -> None:
    challenge = Challenge.make()
    code = authority.code(challenge)

    with pytest.raises(AccessError):
        authority.tokens(replace(CLIENT, **wrong)).connect(code, challenge)

    assert authority.store.pair is None


@pytest.mark.parametrize(
    "changed",
    [
        {"client_id": "x"},
        {"redirect_uri": "http://evil.example/"},
        {"response_type": "token"},
        {"scope": "all"},
    ],
    ids=str,
)
def test_a_page_that_is_not_asked_for_as_the_vendor_says_gives_no_code(
    authority: Authority, changed: dict[str, str]
) -> None:
    assert authority.page(**changed).status_code == 400


def test_a_token_is_refreshed_before_it_ends(authority: Authority) -> None:
    tokens = authority.connected()
    before = tokens.headers()
    authority.clock.advance(authority.ends_after_s - 200)

    after = tokens.headers()

    assert after != before
    assert authority.grants.scopes_of(after["Authorization"])
    assert authority.exchanges() == 2


def test_a_refused_token_is_refreshed_once_however_often_it_was_refused(authority: Authority) -> None:
    tokens = authority.connected()
    refused = tokens.headers()

    assert tokens.renew(refused)
    assert tokens.renew(refused)

    assert tokens.headers() != refused
    assert authority.exchanges() == 2


def test_threads_that_meet_one_ending_token_refresh_it_once(authority: Authority) -> None:
    tokens = authority.connected()
    authority.clock.advance(authority.ends_after_s)
    seen: list[str] = []
    threads = [
        threading.Thread(target=lambda: seen.append(tokens.headers()["Authorization"])) for _ in range(8)
    ]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(seen) == 8
    assert len(set(seen)) == 1
    assert authority.exchanges() == 2


def test_a_refresh_whose_answer_was_lost_is_repeated_within_the_grace(authority: Authority) -> None:
    tokens = authority.connected()
    authority.clock.advance(authority.ends_after_s)
    authority.client.fault("lost", path=authority.server().path)

    with pytest.raises(TransientError):
        tokens.headers()
    authority.clock.advance(authority.grace_s - 60)

    assert authority.grants.scopes_of(tokens.headers()["Authorization"])


def test_a_spent_refresh_token_is_refused_after_the_grace_and_asks_to_connect_again(
    authority: Authority,
) -> None:
    tokens = authority.connected()
    stale = authority.store.pair
    authority.clock.advance(authority.ends_after_s)
    tokens.headers()
    authority.store.pair = stale
    authority.clock.advance(authority.grace_s + 1)

    with pytest.raises(AccessError) as caught:
        tokens.headers()

    assert f"python -m bot connect {authority.vendor}" in caught.value.remedy


def test_a_process_that_loses_the_race_takes_what_the_other_stored(authority: Authority) -> None:
    first = authority.connected()
    stale = authority.store.pair
    authority.clock.advance(authority.ends_after_s)
    newest = first.headers()
    fresh, authority.store.pair = authority.store.pair, stale
    authority.clock.advance(authority.grace_s + 1)

    def other_process_commits(_: float) -> None:
        authority.store.pair = fresh

    second = authority.tokens(sleep=other_process_commits)

    assert second.renew({"Authorization": f"Bearer {(stale or {})['access_token']}"})
    assert authority.store.pair == fresh
    assert newest["Authorization"].endswith((fresh or {})["access_token"])


def test_an_app_that_was_removed_asks_to_connect_again_and_works_once_it_was(authority: Authority) -> None:
    tokens = authority.connected()
    authority.grants.revoke()

    with pytest.raises(AccessError, match="refused"):
        tokens.renew(tokens.headers())
    challenge = Challenge.make()
    authority.tokens().connect(authority.code(challenge), challenge)

    assert authority.grants.scopes_of(tokens.headers()["Authorization"])


def test_an_account_that_was_never_connected_is_an_access_error(authority: Authority) -> None:
    with pytest.raises(AccessError, match="not connected"):
        authority.tokens().headers()


def test_a_record_of_another_way_to_sign_in_counts_as_no_connection(authority: Authority) -> None:
    authority.store.replace({"token": "lin_api_1"})

    with pytest.raises(AccessError, match="not connected"):
        authority.tokens().headers()


def test_a_scope_that_was_not_granted_is_named(authority: Authority) -> None:
    challenge, asked = Challenge.make(), authority.server()
    code = authority.code(challenge)
    wanting = replace(asked, scopes=(*asked.scopes, "moon:write"))

    with pytest.raises(AccessError, match="moon:write"):
        OAuthTokens(wanting, CLIENT, authority.store, authority.clock).connect(code, challenge)

    assert authority.store.pair is None


def test_linears_code_without_its_verifier_is_worth_nothing(linear: Linear) -> None:
    challenge = Challenge.make()
    code = linear.code(challenge)

    with pytest.raises(AccessError):
        linear.tokens().connect(code, replace(challenge, verifier="another"))


def test_linears_exchange_takes_no_json(linear: Linear) -> None:
    answer = requests.post(f"{linear.url}/oauth/token", json={"grant_type": "refresh_token"}, timeout=10)

    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_linear_lets_no_app_act_as_an_admin(linear: Linear) -> None:
    assert linear.page(scope="read,admin").status_code == 400


def test_linear_is_asked_to_let_the_app_act_by_one_fixed_set_of_scopes(linear: Linear) -> None:
    page = urlsplit(authorization_url(linear.server(), CLIENT, Challenge.make()))

    asked = parse_qs(page.query)

    assert asked["actor"] == ["app"]
    assert asked["scope"] == ["read,write,issues:create,comments:create,customer:read,customer:write"]
    assert asked["code_challenge_method"] == ["S256"]


def test_atlassian_gives_no_code_for_another_audience(jira: Jira) -> None:
    assert jira.page(audience="example.com").status_code == 400
    assert jira.page(prompt=None).status_code == 400


def test_jiras_site_is_found_by_its_address_and_kept_with_the_pair_when_it_rotates(jira: Jira) -> None:
    tokens = jira.connected(
        learn=lambda headers: {"cloud_id": cloud_id_of(jira.url, "https://ACME.atlassian.net/", headers)}
    )
    jira.clock.advance(3_600)

    tokens.headers()

    assert (jira.store.pair or {})["cloud_id"] == SITE.cloud_id


def test_access_to_other_sites_alone_names_them_and_stores_nothing(jira: Jira) -> None:
    def learn(headers: Mapping[str, str]) -> Mapping[str, str]:
        return {"cloud_id": cloud_id_of(jira.url, "https://third.atlassian.net", headers)}

    with pytest.raises(
        AccessError, match=r"https://acme\.atlassian\.net, https://other\.atlassian\.net"
    ) as caught:
        jira.connected(learn=learn)

    assert "https://third.atlassian.net" in caught.value.remedy
    assert jira.store.pair is None
