"""Jira's stand-in: puts the endpoints together behind sign-in and limits."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any, ClassVar

from flask import Flask, Response, current_app, jsonify, request
from flask.typing import ResponseReturnValue

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.jira import loading
from integrations.sandbox.jira.about import About
from integrations.sandbox.jira.comments import Comments
from integrations.sandbox.jira.issues import Issues
from integrations.sandbox.jira.links import RemoteLinks
from integrations.sandbox.jira.state import Issue, Site
from integrations.sandbox.jira.wire import Refused, Wire
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
GATEWAY = re.compile(r"/ex/jira/[^/]+(?=/)")


class JiraStandIn(StandIn):
    """Jira Cloud for one account that is signed in with an e-mail address and an API token.

    load: {"settings": {state.Settings' fields}, "projects": [{"key", "name", "type", "hidden"}],
    "issues": [{"key", "summary", "description" (text or a document), "status", "statusCategory" (new,
    indeterminate, done), "created", "updated" (ISO 8601 with an offset), "labels", "components", "issuetype",
    "priority", "comments": [{"author", "body", "properties"}]}], "deleted": [key]}.
    All but key and summary may be left out. A known key is changed in what is given; a known "id" under
    another key has moved. The project of a key is made where it is missing.
    dump: {"projects": […], "issues": [{as loaded, "id", "comments": [{"id", "author", "body", "text",
    "properties", "public", "edits", "mails"}], "links": [{"id", "globalId", "relationship", "object"}]}]}.
    A wrong token makes the caller anonymous, as at Jira: reads find nothing, and a header says why.
    """

    name: ClassVar[str] = "jira"
    limits: ClassVar[tuple[Limit, ...]] = (*BURST.values(), *ON_ISSUE)

    def __init__(self, clock: SandboxClock, profile: str = "vendor") -> None:
        self.site = Site(clock)
        super().__init__(clock, profile)

    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        """Put records straight into the state."""
        return loading.load(self.site, data)

    def dump(self) -> dict[str, Any]:
        """Return the state."""
        return loading.dump(self.site)

    def make_app(self) -> Flask:
        """Return the application; it answers below the gateway's path too."""
        app = Flask("sandbox-jira")
        app.json.sort_keys = False  # type: ignore[attr-defined]
        wire = Wire(self.site, lambda: self.base_url)
        parts = (
            About(wire),
            Issues(wire),
            Comments(wire, self._count_write),
            RemoteLinks(wire, self._count_write),
        )
        for method, rule, view in (route for part in parts for route in part.routes()):
            served = self._served(method, rule, view)
            app.add_url_rule(
                rule, f"{method} {rule}", served, methods=[method], provide_automatic_options=False
            )
        app.register_error_handler(Refused, _refuse)
        app.register_error_handler(404, lambda _: (jsonify(errorMessages=["null for uri"], errors={}), 404))
        app.wsgi_app = _Gateway(app.wsgi_app)  # type: ignore[method-assign]
        return app

    def _served(
        self, method: str, rule: str, view: Callable[..., ResponseReturnValue]
    ) -> Callable[..., ResponseReturnValue]:
        def serve(**path: str) -> ResponseReturnValue:
            with self.lock:
                self._sign_in()
                if refusal := self.limiter.take(BURST[method], f"{method} {rule}"):
                    raise _limited(refusal, "jira-burst-based", self.clock)
                try:
                    answer = current_app.make_response(view(**path))
                except Refused as refused:
                    answer = _refuse(refused)
            if request.authorization and not self.site.knows_us:
                answer.headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"
            return answer

        return serve

    def _sign_in(self) -> None:
        settings = self.site.settings
        pair = base64.b64encode(f"{settings.email}:{settings.api_token}".encode()).decode()
        self.site.knows_us = request.headers.get("Authorization") == f"Basic {pair}"
        at_gateway = request.environ.get("voc.gateway", False)
        if self.site.knows_us and settings.scoped != at_gateway:
            raise Refused(401, "Unauthorized; scope does not match")

    def _count_write(self, issue: Issue) -> None:
        for limit in ON_ISSUE:
            if refusal := self.limiter.take(limit, str(issue.id)):
                raise _limited(refusal, "jira-per-issue-on-write", self.clock)


class _Gateway:
    """Takes api.atlassian.com's path off, so that one application serves site and gateway."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if found := GATEWAY.match(environ["PATH_INFO"]):
            environ["PATH_INFO"] = environ["PATH_INFO"][found.end() :]
            environ["voc.gateway"] = True
        return self._app(environ, start_response)


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
