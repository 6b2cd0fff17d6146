"""Which deliveries are the tracker's own: signed bodies, and the token beside one."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.storage.database import Database
from handlers.signatures import JiraHooks, LinearHooks
from tests.handlers.hooks import (
    CLIENT_SECRET,
    JIRA,
    LINEAR,
    NOW,
    SECRET,
    Listening,
    hexed,
    jira_event,
    jira_headers,
    jwt,
    linear_event,
    linear_headers,
)

BODY, LINEARS = jira_event(), linear_event()


@pytest.fixture
def voc(database: Database) -> Listening:
    return Listening(database)


@pytest.mark.parametrize(
    ("path", "body", "headers"),
    [
        (JIRA, BODY, {}),
        (JIRA, BODY, jira_headers(BODY, secret="another")),
        (JIRA, BODY, jira_headers(BODY + b" ")),
        (JIRA, BODY, {"X-Hub-Signature": f"sha1={hexed(BODY, method=hashlib.sha1)}"}),
        (JIRA, BODY, {"X-Hub-Signature": f"sha1={hexed(BODY)}"}),
        (JIRA, BODY, {"X-Hub-Signature": hexed(BODY)}),
        (JIRA, BODY, {"X-Hub-Signature": "sha256="}),
        (JIRA, BODY, {"X-Hub-Signature": "sha256=é"}),
        (JIRA, BODY, linear_headers(BODY)),
        (JIRA, b"", jira_headers(b"x")),
        (LINEAR, LINEARS, {}),
        (LINEAR, LINEARS, linear_headers(LINEARS, secret="another")),
        (LINEAR, LINEARS, linear_headers(LINEARS + b" ")),
        (LINEAR, LINEARS, {"Linear-Signature": f"sha256={hexed(LINEARS)}"}),
        (LINEAR, LINEARS, {"Linear-Signature": "é"}),
        (LINEAR, LINEARS, {"Authorization": f"Bearer {jwt()}"}),
    ],
)
def test_what_the_tracker_did_not_sign_is_refused(
    voc: Listening, path: str, body: bytes, headers: dict[str, str]
) -> None:
    assert voc.post(path, body, headers) == 401
    assert voc.queue.submitted == []


@given(st.integers(0, len(BODY) - 1), st.integers(1, 255))
def test_no_byte_of_a_signed_body_can_be_changed(at: int, by: int) -> None:
    changed = BODY[:at] + bytes([BODY[at] ^ by]) + BODY[at + 1 :]

    signed = jira_headers(BODY) | linear_headers(BODY)

    assert not JiraHooks(SECRET).is_signed(changed, lambda name: signed.get(name, ""), NOW)
    assert not LinearHooks(SECRET).is_signed(changed, lambda name: signed.get(name, ""), NOW)


@given(st.binary(max_size=200))
def test_any_body_that_was_signed_is_known_again(body: bytes) -> None:
    signed = jira_headers(body) | linear_headers(body)

    assert JiraHooks(SECRET).is_signed(body, lambda name: signed.get(name, ""), NOW)
    assert LinearHooks(SECRET).is_signed(body, lambda name: signed.get(name, ""), NOW)


def test_the_token_of_jiras_dynamic_webhooks_is_taken_as_well(voc: Listening) -> None:
    assert voc.post(JIRA, BODY, {"Authorization": f"Bearer {jwt()}"}) == 200


LIVE = {"iat": NOW.timestamp(), "exp": NOW.timestamp() + 180}


@pytest.mark.parametrize(
    "token",
    [
        jwt(secret="another"),
        jwt(secret=SECRET),
        jwt(alg="none", sign=" "),
        jwt(alg="none"),
        jwt(alg="HS512"),
        jwt({**LIVE, "exp": NOW.timestamp() - 61}),
        jwt({**LIVE, "iat": NOW.timestamp() + 61}),
        jwt({"iat": LIVE["iat"]}),
        jwt({"exp": LIVE["exp"]}),
        jwt({**LIVE, "exp": "later"}),
        jwt().rpartition(".")[0],
        "a.b",
        "..",
        "é.é.é",
    ],
)
def test_a_token_that_jira_did_not_just_make_is_refused(voc: Listening, token: str) -> None:
    assert voc.post(JIRA, BODY, {"Authorization": f"Bearer {token}"}) == 401


def test_a_right_token_does_not_make_up_for_a_wrong_signature(voc: Listening) -> None:
    headers = jira_headers(BODY, secret="another") | {"Authorization": f"Bearer {jwt()}"}

    assert voc.post(JIRA, BODY, headers) == 401


@pytest.mark.parametrize("secret", [SECRET, ""])
def test_only_what_a_secret_is_set_for_is_taken(database: Database, secret: str) -> None:
    voc = Listening(database, JiraHooks(secret, "" if secret else CLIENT_SECRET))
    signed, borne = {"X-Hub-Signature": f"sha256={hexed(BODY, secret)}"}, {"Authorization": f"Bearer {jwt()}"}
    unkeyed = {"Authorization": f"Bearer {jwt(secret='')}"}

    answers = [voc.post(JIRA, BODY, headers) for headers in (unkeyed, signed, borne)]

    assert answers == ([401, 200, 401] if secret else [401, 401, 200])
