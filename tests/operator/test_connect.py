"""Connecting an account: a browser's redirect to this machine, or a pasted address."""

from __future__ import annotations

import io
from collections.abc import Iterator

import pytest
import requests

from bot.engine.clock import SystemClock
from bot.errors import AccessError, RequestError
from bot.operator.connect import Authorization, connect, listening
from bot.operator.credential_store import CredentialStore
from bot.operator.sealing import Sealer, new_key
from bot.operator.terminal import Terminal
from bot.storage.database import Database
from integrations.oauth import Challenge, OAuthClient, OAuthTokens, authorization_url, received_code
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.serving import Sandbox
from integrations.sandbox.zendesk.stand_in import ZendeskStandIn
from integrations.zendesk.oauth import auth_server
from tests.ports import free_port


@pytest.fixture
def callback() -> str:
    """Return an address on this machine."""
    return f"http://127.0.0.1:{free_port()}/callback"


class Browser(io.StringIO):
    """The operator's terminal, and a browser that opens the page as soon as its address is shown."""

    def __init__(self) -> None:
        super().__init__()
        self.landed: list[requests.Response] = []

    def write(self, text: str) -> int:
        """Take what is shown."""
        for word in text.split():
            if "/oauth/authorizations/" in word:
                self.landed.append(requests.get(word, timeout=10))
        return super().write(text)


@pytest.fixture
def zendesk(callback: str) -> Iterator[str]:
    """Return the address of a Zendesk with our client registered."""
    sandbox = Sandbox([ZendeskStandIn], clock=SandboxClock(), profile="vendor")
    url = sandbox.start()["zendesk"]
    client = {"identifier": "voc", "secret": "shh", "redirect_uri": [callback]}
    sandbox.stand_ins["zendesk"].load({"oauth_clients": [client]})
    yield url
    sandbox.stop()


def authorization(zendesk: str, callback: str, store: CredentialStore, secret: str = "shh") -> Authorization:
    """Return Zendesk's, as the composition root wires it."""
    client, challenge = OAuthClient("voc", secret, callback), Challenge.make()
    server = auth_server(zendesk)
    tokens = OAuthTokens(server, client, store, SystemClock())
    return Authorization(
        name="Zendesk",
        steps=("Make an OAuth client in the Admin Center.",),
        url=authorization_url(server, client, challenge),
        redirect_uri=callback,
        finish=lambda answer: tokens.connect(received_code(server, answer, challenge), challenge),
    )


@pytest.fixture
def store(database: Database, zendesk: str) -> CredentialStore:
    """Return where the account's tokens go."""
    return CredentialStore(database.work, Sealer([new_key()]), SystemClock(), "zendesk", zendesk)


def test_allowing_in_the_browser_stores_the_sealed_pair(
    zendesk: str, callback: str, store: CredentialStore
) -> None:
    browser = Browser()

    connect(authorization(zendesk, callback, store), Terminal(io.StringIO(), browser), timeout_s=10)

    pair = store.get()
    assert pair is not None
    assert pair["access_token"]
    assert pair["refresh_token"]
    assert pair["access_token"] not in browser.getvalue()
    assert browser.landed[0].status_code == 200
    assert "1. Make an OAuth client" in browser.getvalue()
    assert browser.getvalue().endswith("Zendesk is connected.\n")


def test_a_pasted_address_does_the_same(zendesk: str, callback: str, store: CredentialStore) -> None:
    asked = authorization(zendesk, callback, store)
    landed = requests.get(asked.url, allow_redirects=False, timeout=10).headers["Location"]

    connect(asked, Terminal(io.StringIO(landed + "\n"), io.StringIO()), paste=True)

    assert store.get() is not None


def test_an_answer_to_another_page_is_refused(zendesk: str, callback: str, store: CredentialStore) -> None:
    other = authorization(zendesk, callback, store)
    landed = requests.get(other.url, allow_redirects=False, timeout=10).headers["Location"]

    with pytest.raises(RequestError):
        connect(
            authorization(zendesk, callback, store),
            Terminal(io.StringIO(landed + "\n"), io.StringIO()),
            paste=True,
        )

    assert store.get() is None


def test_a_wrong_client_secret_stores_nothing(zendesk: str, callback: str, store: CredentialStore) -> None:
    with pytest.raises(AccessError):
        connect(
            authorization(zendesk, callback, store, "wrong"), Terminal(io.StringIO(), Browser()), timeout_s=10
        )

    assert store.get() is None


def test_only_the_callbacks_own_address_with_an_answer_counts(callback: str) -> None:
    base = callback.removesuffix("/callback")

    with listening(callback) as wait:
        others = [
            requests.get(base + path, timeout=10).status_code for path in ("/favicon.ico?x=1", "/callback")
        ]
        ours = requests.get(f"{callback}?code=1&state=2", timeout=10)
        answer = wait(5)

    assert others == [404, 404]
    assert ours.status_code == 200
    assert answer == "/callback?code=1&state=2"


def test_a_taken_port_is_told_with_the_way_out(callback: str) -> None:
    with (
        listening(callback),
        pytest.raises(RequestError, match="is taken: free it, or add --paste"),
        listening(callback),
    ):
        pass


def test_no_answer_ends_the_wait(callback: str) -> None:
    with listening(callback) as wait, pytest.raises(RequestError, match="No answer came"):
        wait(0.01)


def test_input_that_ends_is_told() -> None:
    with pytest.raises(RequestError, match="input ended"):
        Terminal(io.StringIO(""), io.StringIO()).ask("Paste that address")
