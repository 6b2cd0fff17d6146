"""Linear's stand-in: one GraphQL address behind sign-in, scopes, complexity and hourly limits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from email.utils import format_datetime
from typing import Any, ClassVar

from flask import Flask, Response, jsonify, request

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.limits import Limit
from integrations.sandbox.linear import loading
from integrations.sandbox.linear.limits import API_KEY, OAUTH, Budget
from integrations.sandbox.linear.oauth import OAuth
from integrations.sandbox.linear.reading import Reading
from integrations.sandbox.linear.refusals import Refused, rate_limited, unknown_caller
from integrations.sandbox.linear.requests import Requests
from integrations.sandbox.linear.serving import Serving
from integrations.sandbox.linear.state import Token, Workspace
from integrations.sandbox.linear.writing import Writing
from integrations.sandbox.stand_in import StandIn


class LinearStandIn(StandIn):
    """One Linear workspace.

    load: {"settings": {state.Settings' fields}, "tokens": [{"token", "scopes", "expires_at"}],
    "teams": [{"key", "name", "hidden"}], "labels": [{"name", "team" (key), "is_group",
    "parent" (a group's name)}], "projects": [{"name", "teams" (keys), "status" (its type)}],
    "issues": [{"identifier", "title", "description" (Markdown), "state" (a key of planning.STATES),
    "state_since", "created", "updated" (ISO 8601 with an offset), "labels" (names), "priority", "archived",
    "trashed", "duplicate_of" (identifier), "related_to" (identifiers), "comments": [{"id", "author",
    "body"}], "attachments": [{"url", "title", "subtitle", "metadata"}]}], "deleted": [identifier],
    "removed_comments": [id], "customers": [{"name", "domains", "external_ids"}],
    "deleted_customers": [name], "oauth_clients": [{"client_id", "secret", "redirect_uris"}]}.
    All but identifier and title may be left out. A known identifier is changed in what is given; a known "id"
    under another identifier has moved. The team of an identifier is made where it is missing.
    dump: {"teams": […], "customers": […], "issues": [{as loaded, "id", "url", "comments": [{"id", "author",
    "body", "edited"}], "attachments": [{"id", …}], "needs": [{"id", "body", "url", "priority", "customer",
    "created", "archived"}]}]}.
    OAuth access tokens are those loaded, and those that its own /oauth/token hands out.
    """

    name: ClassVar[str] = "linear"
    limits: ClassVar[tuple[Limit, ...]] = (*API_KEY, *OAUTH)

    def __init__(self, clock: SandboxClock, profile: str = "vendor") -> None:
        self.workspace = Workspace(clock)
        parts = (Reading(self.workspace), Writing(self.workspace), Requests(self.workspace))
        self._serving = Serving({name: view for part in parts for name, view in part.fields().items()})
        self._budget = Budget(profile)
        super().__init__(clock, profile)

    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        """Put records straight into the state."""
        clients = data.get("oauth_clients", ())
        for client in clients:
            self.oauth.grants.add(client["client_id"], client["secret"], *client["redirect_uris"])
        made = {"oauth_clients": len(clients)} if clients else {}
        return loading.load(self.workspace, data) | made

    def dump(self) -> dict[str, Any]:
        """Return the state."""
        return loading.dump(self.workspace)

    def make_app(self) -> Flask:
        """Return the application."""
        app = Flask("sandbox-linear")
        app.json.sort_keys = False  # type: ignore[attr-defined]
        app.add_url_rule("/graphql", "graphql", self._serve, methods=["POST"])
        self.oauth = OAuth(self.clock, self._hand_out)
        for method, rule, view in self.oauth.routes():
            app.add_url_rule(rule, rule, view, methods=[method])
        return app

    def _hand_out(self, token: str, scopes: tuple[str, ...], until: datetime) -> None:
        self.workspace.tokens[token] = Token(scopes, until)

    def _serve(self) -> Response:
        with self.lock:
            try:
                caller, scopes = self._sign_in()
                answer, limits = self._answer(caller, scopes)
            except Refused as refused:
                answer, limits = jsonify(errors=[refused.formatted]), {}
                answer.status_code = refused.status
                if refused.extensions and refused.extensions["code"] == "RATELIMITED":
                    limits = self._limits(request.headers["Authorization"])
            answer.headers.extend(limits)
            answer.headers["Date"] = format_datetime(self.clock.now(), usegmt=True)
            return answer

    def _answer(self, caller: str, scopes: tuple[str, ...] | None) -> tuple[Response, dict[str, str]]:
        asked = self._serving.read(request.get_json(silent=True) if request.is_json else None)
        is_within = self._budget.take(caller, self.clock.now(), asked.points, is_oauth=_is_oauth(caller))
        if not is_within:
            raise rate_limited()
        answer = jsonify(self._serving.answer(asked, scopes, is_app=_is_oauth(caller)))
        return answer, {**self._limits(caller), "X-Complexity": str(asked.points)}

    def _limits(self, caller: str) -> dict[str, str]:
        return self._budget.headers(caller, self.clock.now(), is_oauth=_is_oauth(caller))

    def _sign_in(self) -> tuple[str, tuple[str, ...] | None]:
        """Return who asks, and their scopes: an API key stands bare, an OAuth token after "Bearer"."""
        given = request.headers.get("Authorization", "")
        if given == self.workspace.settings.api_key:
            return given, self.workspace.settings.api_key_scopes
        scheme, _, value = given.partition(" ")
        token = self.workspace.tokens.get(value) if scheme == "Bearer" else None
        if token is None or (token.expires_at and token.expires_at <= self.clock.now()):
            raise unknown_caller()
        return given, token.scopes


def _is_oauth(caller: str) -> bool:
    return caller.startswith("Bearer ")
