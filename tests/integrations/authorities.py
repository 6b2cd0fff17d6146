"""The authorisation servers of Jira and Linear, each served alone."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

import requests
from flask import Flask

from integrations.jira import oauth as jira
from integrations.linear import oauth as linear
from integrations.oauth import (
    AuthServer,
    Challenge,
    OAuthClient,
    OAuthTokens,
    authorization_url,
    received_code,
)
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.grants import Grants
from integrations.sandbox.jira.oauth import CLOUD_ID, CloudSite
from integrations.sandbox.jira.oauth import OAuth as JiraOAuth
from integrations.sandbox.linear.oauth import OAuth as LinearOAuth
from integrations.sandbox.serving import Sandbox
from integrations.sandbox.stand_in import StandIn

CLIENT = OAuthClient("voc", "hush", "http://127.0.0.1:8766/callback")
SITE = CloudSite(CLOUD_ID, "https://acme.atlassian.net")


class Store:
    """A credential store in memory."""

    def __init__(self) -> None:
        self.pair: Mapping[str, Any] | None = None

    def get(self) -> Mapping[str, Any] | None:
        return self.pair

    def replace(self, pair: Mapping[str, Any]) -> None:
        self.pair = dict(pair)


def _take_note(token: str, scopes: tuple[str, ...], until: datetime) -> None:
    """Tell nobody: nothing else is served here."""


class _Served(StandIn):
    """The routes of one."""

    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        raise NotImplementedError

    def dump(self) -> dict[str, Any]:
        return {}


class ServedJira(_Served):
    name: ClassVar[str] = "jira"

    def make_app(self) -> Flask:
        app = Flask("sandbox-atlassian")
        others = CloudSite("other", "https://other.atlassian.net")
        self.oauth = JiraOAuth(self.clock, _take_note, lambda: [SITE, others])
        for method, rule, view in self.oauth.routes():
            app.add_url_rule(rule, rule, view, methods=[method])
        return app


class ServedLinear(_Served):
    name: ClassVar[str] = "linear"

    def make_app(self) -> Flask:
        app = Flask("sandbox-linear")
        self.oauth = LinearOAuth(self.clock, _take_note)
        for method, rule, view in self.oauth.routes():
            app.add_url_rule(rule, rule, view, methods=[method])
        return app


class Authority(ABC):
    """One vendor's, with our client registered."""

    vendor: ClassVar[str]
    served: ClassVar[type[ServedJira | ServedLinear]]
    ends_after_s: ClassVar[int]
    grace_s: ClassVar[int]

    def __init__(self) -> None:
        self.clock, self.store = SandboxClock(), Store()
        self._sandbox = Sandbox([self.served], clock=self.clock, profile="vendor")
        self.url = self._sandbox.start()[self.vendor]
        self.client = SandboxClient(self._sandbox.urls)
        stand_in = self._sandbox.stand_ins[self.vendor]
        assert isinstance(stand_in, ServedJira | ServedLinear)
        self.oauth = stand_in.oauth
        self.grants.add(CLIENT.client_id, CLIENT.client_secret, CLIENT.redirect_uri)

    def close(self) -> None:
        self._sandbox.stop()

    @property
    def grants(self) -> Grants:
        return self.oauth.grants

    @abstractmethod
    def server(self) -> AuthServer:
        """Return what the adapter knows of it."""

    def tokens(self, client: OAuthClient = CLIENT, **more: Any) -> OAuthTokens:
        return OAuthTokens(self.server(), client, self.store, self.clock, **{"sleep": lambda _: None, **more})

    def landing(self, challenge: Challenge, client: OAuthClient = CLIENT) -> str:
        """Return the address that the browser is sent to once the access is allowed."""
        page = authorization_url(self.server(), client, challenge)
        answer = requests.get(page, allow_redirects=False, timeout=10)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    def code(self, challenge: Challenge) -> str:
        return received_code(self.server(), self.landing(challenge), challenge)

    def connected(self, **more: Any) -> OAuthTokens:
        challenge, tokens = Challenge.make(), self.tokens(**more)
        tokens.connect(self.code(challenge), challenge)
        return tokens

    def page(self, **changed: str | None) -> requests.Response:
        """Open the page with some of the query's values changed, None leaving one out."""
        address = urlsplit(authorization_url(self.server(), CLIENT, Challenge.make()))
        asked: dict[str, str | None] = {k: v[0] for k, v in parse_qs(address.query).items()}
        return requests.get(
            f"{self.url}{address.path}", params={**asked, **changed}, allow_redirects=False, timeout=10
        )

    def exchanges(self) -> int:
        return sum(1 for row in self.client.requests(self.vendor) if row["path"] == self.server().path)


class Jira(Authority):
    vendor, served, ends_after_s, grace_s = "jira", ServedJira, 3_600, 600

    def server(self) -> AuthServer:
        return jira.auth_server(self.url)


class Linear(Authority):
    vendor, served, ends_after_s, grace_s = "linear", ServedLinear, 86_399, 1_800

    def server(self) -> AuthServer:
        return linear.auth_server(self.url, f"{self.url}/graphql")
