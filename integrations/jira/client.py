"""Jira's HTTP: `jira`'s session, our retries, and Jira's answers classed by what to do next."""

from __future__ import annotations

import base64
import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

import requests

from bot.errors import AccessError, AnswerError, TransientError
from integrations.http import TIMEOUT_S, VendorHttp, retry_after_s

VENDOR = "jira"
API = "/rest/api/3"
QUOTA_RETURNS_S = 3600.0  # the hourly quota, where Jira does not say when it is back
REMEDY = (
    "Make a new API token at id.atlassian.com (they last a year at most) and set it, with its e-mail address."
)

Credentials = Callable[[], tuple[str, str]]


class JiraSession(requests.Session):
    """The session of a `jira` client without that client's own error handling.

    Its `request` would wait and retry by rules of its own, and print answers when the log level is DEBUG.
    """

    def __init__(self, base_url: str) -> None:
        super().__init__()
        self._base_url = base_url

    @cached_property
    def _client(self) -> Any:
        """The client, kept because its end closes the session; made late because `jira` is slow to import."""
        from jira import JIRA

        options: dict[str, Any] = {"server": self._base_url, "rest_api_version": "3"}
        client = JIRA(options=options, get_server_info=False, max_retries=0, timeout=TIMEOUT_S)
        client._session.trust_env = False
        return client

    def request(self, method: str | bytes, url: str | bytes, *args: Any, **kwargs: Any) -> requests.Response:
        """Send one request with the client's headers and connections."""
        return requests.Session.request(self._client._session, method, url, *args, **kwargs)


class JiraHttp(VendorHttp):
    """VendorHttp that knows Jira's ways to refuse.

    base_url: the site's, or for a scoped token https://api.atlassian.com/ex/jira/{cloudId}.
    credentials: e-mail address and API token, asked for each request.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        *,
        sleep: Callable[[float], None] = time.sleep,
        timeout_s: tuple[float, float] = TIMEOUT_S,
    ) -> None:
        def headers() -> dict[str, str]:
            pair = base64.b64encode(":".join(credentials()).encode()).decode()
            return {"Authorization": f"Basic {pair}"}

        session = JiraSession(base_url)
        super().__init__(
            VENDOR, base_url, headers, session=session, sleep=sleep, timeout_s=timeout_s, remedy=REMEDY
        )

    def asked_to_wait_s(self, answer: requests.Response) -> float | None:
        """Return the seconds asked for; an hour, as quotas are counted, for one that is used up."""
        is_quota = "quota" in answer.headers.get("RateLimit-Reason", "")
        return retry_after_s(answer) or (QUOTA_RETURNS_S if is_quota else None)

    def _raise_for(self, answer: requests.Response, doing: str, reads: bool) -> None:
        status = answer.status_code
        if "AUTHENTICATED_FAILED" in answer.headers.get("X-Seraph-LoginReason", ""):
            # With a wrong token Jira answers as to a stranger: nothing found, but no error.
            raise AccessError(VENDOR, doing, "Jira does not know the token", remedy=REMEDY)
        if status == 429:
            reason = answer.headers.get("RateLimit-Reason", "")
            wait = self.asked_to_wait_s(answer)
            raise TransientError(VENDOR, doing, f"429 {reason}".strip(), retry_after_s=wait)
        if status == 404 and answer.content and "json" not in answer.headers.get("Content-Type", ""):
            raise TransientError(VENDOR, doing, "the site is not there")  # its tickets may well be
        if status == 413:
            raise AnswerError(VENDOR, doing, "413: the ticket holds as many comments or links as Jira allows")
        if status == 400:
            raise AnswerError(VENDOR, doing, "400" + _fields_refused(answer))
        super()._raise_for(answer, doing, reads)


def _fields_refused(answer: requests.Response) -> str:
    """Return the names of the fields that Jira refuses; its messages may hold customers' words."""
    try:
        errors = answer.json().get("errors") or {}
        return f": {', '.join(sorted(errors))}" if errors else ""
    except (ValueError, AttributeError, TypeError):
        return ""
