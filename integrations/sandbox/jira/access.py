"""Who asks: API tokens at the site, scoped and OAuth's at the gateway, personal ones on Data Center."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Iterable
from typing import Any

from flask import Response, request

from integrations.sandbox.jira.oauth import CLOUD_ID
from integrations.sandbox.jira.refusals import Refused
from integrations.sandbox.jira.state import Site

GATEWAY = re.compile(r"/ex/jira/([^/]+)(?=/)")
READING_POSTS = re.compile(r"/(search/jql|comment/list|issue/bulkfetch)$")
ABOUT_US = re.compile(r"/(myself|configuration)$")
STRANGER = "Client must be authenticated to access this resource."


class CloudAccess:
    """Sign-in on Cloud. A wrong token at the site makes the caller anonymous, and a header says why."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def sign_in(self) -> None:
        """Note whether it is us who ask; refuse a token in the wrong place or without the scope."""
        settings, given = self._site.settings, request.headers.get("Authorization", "")
        pair = base64.b64encode(f"{settings.email}:{settings.api_token}".encode()).decode()
        self._site.knows_us = given == f"Basic {pair}"
        if not request.environ.get("voc.gateway", False):
            if given.startswith("Bearer "):
                raise Refused(403, raw={"error": "Failed to parse Connect Session Auth Token"})
            if self._site.knows_us and settings.scoped:
                raise Refused(401, "Unauthorized; scope does not match")
            return
        if given.startswith("Bearer "):
            self._bear(given.removeprefix("Bearer "))
        elif not (self._site.knows_us and settings.scoped):
            raise _unauthorized("Unauthorized")
        elif _scope() not in settings.scopes:
            raise _unauthorized("Unauthorized; scope does not match")

    def marked(self, answer: Response) -> Response:
        """Return the answer with the header that tells of a wrong token."""
        if request.authorization and not self._site.knows_us:
            answer.headers["X-Seraph-LoginReason"] = "AUTHENTICATED_FAILED"
        return answer

    def _bear(self, text: str) -> None:
        token = self._site.tokens.get(text)
        if token is None or (token.expires_at is not None and token.expires_at <= self._site.clock.now()):
            raise _unauthorized("Unauthorized")
        if _scope() not in token.scopes:
            raise _unauthorized("Unauthorized; scope does not match")
        self._site.knows_us = True


class ServerAccess:
    """Sign-in on Data Center: a personal access token, or nobody."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def sign_in(self) -> None:
        """Note whether it is us who ask; refuse a wrong token."""
        given = request.headers.get("Authorization", "")
        self._site.knows_us = given == f"Bearer {self._site.settings.personal_token}"
        if given and not self._site.knows_us:
            reason = {"X-Seraph-LoginReason": "AUTHENTICATED_FAILED"} if given.startswith("Basic ") else {}
            raise Refused(401, raw={"message": STRANGER, "status-code": 401}, headers=reason)

    def marked(self, answer: Response) -> Response:
        """Return the answer as it is."""
        return answer


class Gateway:
    """Takes api.atlassian.com's path off, so that one application serves site and gateway."""

    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        """Answer one request."""
        if found := GATEWAY.match(environ["PATH_INFO"]):
            if found[1] != CLOUD_ID:
                return _no_such_site(environ, start_response)
            environ["PATH_INFO"] = environ["PATH_INFO"][found.end() :]
            environ["voc.gateway"] = True
        return self._app(environ, start_response)


def _no_such_site(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer as the gateway does for a cloud id that it does not know."""
    body = {"status": 404, "error": "Not Found", "message": "No message available"}
    answer = Response(json.dumps(body), status=404, mimetype="application/json")
    return answer(environ, start_response)


def _scope() -> str:
    """Return the scope that the request needs."""
    if ABOUT_US.search(request.path):
        return "read:jira-user"
    is_read = request.method == "GET" or READING_POSTS.search(request.path)
    return "read:jira-work" if is_read else "write:jira-work"


def _unauthorized(message: str) -> Refused:
    return Refused(401, raw={"code": 401, "message": message})
