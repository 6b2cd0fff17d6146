"""Jira's stand-ins: put the endpoints together behind sign-in and limits."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, ClassVar, Protocol

from flask import Flask, Response, current_app, jsonify
from flask.typing import ResponseReturnValue

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.jira import loading
from integrations.sandbox.jira.about import About
from integrations.sandbox.jira.access import CloudAccess, Gateway, ServerAccess
from integrations.sandbox.jira.comments import Comments
from integrations.sandbox.jira.issues import Issues
from integrations.sandbox.jira.links import RemoteLinks
from integrations.sandbox.jira.making import CreateMeta
from integrations.sandbox.jira.markup import WikiText
from integrations.sandbox.jira.oauth import CLOUD_ID, CloudSite, OAuth
from integrations.sandbox.jira.refusals import Refused, Route
from integrations.sandbox.jira.search import CloudSearch, ServerSearch
from integrations.sandbox.jira.state import Issue, Site, Token
from integrations.sandbox.jira.wire import Wire
from integrations.sandbox.limits import Limit, Refusal
from integrations.sandbox.stand_in import StandIn

RATES = "developer.atlassian.com/cloud/jira/platform/rate-limiting, 2026-08-12"
BURST = {
    method: Limit(f"burst {method}", calls, 1, RATES)
    for method, calls in {"GET": 100, "POST": 100, "PUT": 50, "DELETE": 50}.items()
}
ON_ISSUE = (
    Limit("writes on an issue, short", 20, 2, RATES),
    Limit("writes on an issue, long", 100, 30, RATES),
)


class Part(Protocol):
    """Some of the endpoints."""

    def routes(self) -> Sequence[Route]:
        """Return method, rule and view of each."""
        ...


class JiraStandIn(StandIn):
    """Jira Cloud for one account: an API token at the site, or a scoped one or OAuth's at the gateway.

    load: {"settings": {state.Settings' fields}, "projects": [{"key", "name", "type", "hidden"}],
    "issues": [{"key", "summary", "description" (text or a document), "status", "statusCategory" (new,
    indeterminate, done), "created", "updated" (ISO 8601 with an offset), "labels", "components", "issuetype",
    "priority", "duplicates": [key], "comments": [{"author", "body", "properties"}]}], "deleted": [key],
    "tokens": {OAuth access token: [scope]}, "oauth_clients": [{"client_id", "secret", "redirect_uris"}]}.
    All but key and summary may be left out. A known key is changed in what is given; a known "id" under
    another key has moved. The project of a key is made where it is missing.
    dump: {"projects": […], "issues": [{as loaded, "id", "values", "mails", "comments": [{"id", "author",
    "body", "text", "properties", "public", "edits", "mails"}], "links": [{"id", "globalId", "relationship",
    "object"}]}]}.
    A wrong token at the site makes the caller anonymous, as at Jira: reads find nothing, a header says why.
    """

    name: ClassVar[str] = "jira"
    limits: ClassVar[tuple[Limit, ...]] = (*BURST.values(), *ON_ISSUE)

    def __init__(self, clock: SandboxClock, profile: str = "vendor") -> None:
        self.site = self._site(clock)
        super().__init__(clock, profile)

    def _site(self, clock: SandboxClock) -> Site:
        return Site(clock)

    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        """Put records straight into the state."""
        clients = data.get("oauth_clients", ())
        for client in clients:
            self.oauth.grants.add(client["client_id"], client["secret"], *client["redirect_uris"])
        made = {"oauth_clients": len(clients)} if clients else {}
        return loading.load(self.site, data) | made

    def dump(self) -> dict[str, Any]:
        """Return the state."""
        return loading.dump(self.site)

    def make_app(self) -> Flask:
        """Return the application; it answers below the gateway's path too."""
        app = Flask("sandbox-jira")
        app.json.sort_keys = False  # type: ignore[attr-defined]
        wire = Wire(self.site, lambda: self.base_url)
        about = About(wire)
        self.oauth = OAuth(self.clock, self._hand_out, lambda: [CloudSite(CLOUD_ID, self.base_url)])
        self._access = CloudAccess(self.site) if self.site.is_cloud else ServerAccess(self.site)
        unsigned = [*about.open_routes(), *(r for part in self.open_parts(wire) for r in part.routes())]
        signed = [r for part in self._parts(wire, about) for r in part.routes()]
        for routes, signs in ((unsigned, False), (signed, True)):
            for method, rule, view in routes:
                served = self._served(method, rule, view, signs=signs)
                app.add_url_rule(
                    rule, f"{method} {rule}", served, methods=[method], provide_automatic_options=False
                )
        app.register_error_handler(Refused, _refuse)
        app.register_error_handler(404, lambda _: (jsonify(errorMessages=["null for uri"], errors={}), 404))
        app.wsgi_app = Gateway(app.wsgi_app)  # type: ignore[method-assign]
        return app

    def open_parts(self, wire: Wire) -> Sequence[Part]:
        """Return endpoints that ask for no sign-in, beside the site's own facts."""
        return (self.oauth,) if self.site.is_cloud else ()

    def _hand_out(self, token: str, scopes: tuple[str, ...], until: datetime) -> None:
        self.site.tokens[token] = Token(frozenset(scopes), until)

    def _parts(self, wire: Wire, about: About) -> Sequence[Part]:
        search = CloudSearch(wire) if self.site.is_cloud else ServerSearch(wire)
        write = self._count_write
        return (
            about,
            search,
            CreateMeta(wire),
            Issues(wire, write),
            Comments(wire, write),
            RemoteLinks(wire, write),
        )

    def _served(
        self, method: str, rule: str, view: Callable[..., ResponseReturnValue], *, signs: bool
    ) -> Callable[..., ResponseReturnValue]:
        def serve(**path: str) -> ResponseReturnValue:
            with self.lock:
                if signs:
                    self._access.sign_in()
                self._count_call(method, rule)
                try:
                    answer = current_app.make_response(view(**path))
                except Refused as refused:
                    answer = _refuse(refused)
                return self._access.marked(answer) if signs else answer

        return serve

    def _count_call(self, method: str, rule: str) -> None:
        quota = self.site.settings.quota
        if quota is not None and (over := self.limiter.take(Limit("quota", quota, 3600, RATES))):
            raise _limited(over, "jira-quota-tenant-based", self.clock)
        if refusal := self.limiter.take(BURST[method], f"{method} {rule}"):
            raise _limited(refusal, "jira-burst-based", self.clock)

    def _count_write(self, issue: Issue) -> None:
        for limit in ON_ISSUE:
            if refusal := self.limiter.take(limit, str(issue.id)):
                raise _limited(refusal, "jira-per-issue-on-write", self.clock)


class JiraServerStandIn(JiraStandIn):
    """Jira Data Center 9.12 for one account with a personal access token: version 2 alone, wiki text.

    load and dump: as for Cloud; descriptions and comments are wiki text. What limits of rate there are is up
    to each site's administrator: here there are none.
    """

    limits: ClassVar[tuple[Limit, ...]] = ()

    def _site(self, clock: SandboxClock) -> Site:
        return Site(clock, "/rest/api/2", WikiText(), is_cloud=False)

    def _count_call(self, method: str, rule: str) -> None:
        """Count nothing."""

    def _count_write(self, issue: Issue) -> None:
        """Count nothing."""


def _limited(refusal: Refusal, reason: str, clock: SandboxClock) -> Refused:
    reset = clock.now() + timedelta(seconds=refusal.retry_after_s)
    headers = {
        "Retry-After": str(refusal.retry_after_s),
        "RateLimit-Reason": reason,
        "X-RateLimit-Limit": str(refusal.limit.calls),
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": f"{reset:%Y-%m-%dT%H:%MZ}",
    }
    return Refused(429, "Rate limit exceeded.", headers=headers)


def _refuse(refused: Refused) -> Response:
    answer = jsonify(refused.body)
    answer.status_code = refused.status
    answer.headers.extend(refused.headers)
    return answer
