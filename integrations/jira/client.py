"""Jira's HTTP: `jira`'s session, our retries, and Jira's answers classed by what to do next."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

import requests

from bot.errors import AccessError, AnswerError, FieldsError, TransientError
from integrations.credentials import Credentials
from integrations.http import TIMEOUT_S, VendorHttp, retry_after_s
from integrations.jira.pacing import Pace
from integrations.jira.signing import Kind, is_gateway, kind_of

VENDOR = "jira"
QUOTA_RETURNS_S = 3600.0  # the hourly quota, where Jira does not say when it is back
MAY_NOT = "Grant the account what `python -m bot check` names, in the project's permission scheme."


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

    base_url: the site's, or https://api.atlassian.com/ex/jira/{cloudId} for a scoped token and for OAuth.
    now: seconds that only run forward.
    """

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        *,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        timeout_s: tuple[float, float] = TIMEOUT_S,
    ) -> None:
        super().__init__(
            VENDOR,
            base_url,
            credentials.headers,
            session=JiraSession(base_url),
            sleep=sleep,
            timeout_s=timeout_s,
            renew=credentials.renew,
        )
        self._credentials, self._pace = credentials, Pace(VENDOR, now, sleep)

    @property
    def kind(self) -> Kind:
        """What kind of credentials ours are."""
        return kind_of(self.base_url, self._credentials.headers().get("Authorization", ""))

    def asked_to_wait_s(self, answer: requests.Response) -> float | None:
        """Return the seconds asked for; an hour, as quotas are counted, for one that is used up."""
        is_quota = "quota" in answer.headers.get("RateLimit-Reason", "")
        return retry_after_s(answer) or (QUOTA_RETURNS_S if is_quota else None)

    def _once(self, method: str, url: str, doing: str, reads: bool, **request: Any) -> requests.Response:
        self._pace.wait(method, url.removeprefix(self.base_url), doing)
        return super()._once(method, url, doing, reads, **request)

    def _raise_for(self, answer: requests.Response, doing: str, reads: bool) -> None:
        status = answer.status_code
        if "AUTHENTICATED_FAILED" in answer.headers.get("X-Seraph-LoginReason", ""):
            # With a wrong token Jira answers as to a stranger: nothing found, but no error.
            raise AccessError(VENDOR, doing, "Jira does not know the token", remedy=self.kind.remedy)
        if status == 429:
            self._raise_limited(answer, doing)
        if status in (401, 403):
            self._raise_refused(answer, doing)
        if status == 404 and self._is_no_answer_of_jiras(answer):
            raise TransientError(VENDOR, doing, "the site is not there")  # its tickets may well be
        if status == 410:
            raise AnswerError(VENDOR, doing, "410: Jira has taken this request away")
        if status == 413:
            raise AnswerError(VENDOR, doing, "413: the ticket holds as many comments or links as Jira allows")
        if status == 400:
            if refused := _fields_refused(answer):
                # Named alone: what Jira says of them may hold customers' words.
                raise FieldsError(VENDOR, doing, f"400: {', '.join(sorted(refused))}", fields=refused)
            raise AnswerError(VENDOR, doing, "400")
        super()._raise_for(answer, doing, reads)

    def _is_no_answer_of_jiras(self, answer: requests.Response) -> bool:
        """Return whether something in front of Jira says that nothing is there: a page, or the gateway."""
        if not answer.content or "json" not in answer.headers.get("Content-Type", ""):
            return bool(answer.content)
        return is_gateway(self.base_url) and b"errorMessages" not in answer.content

    def _raise_limited(self, answer: requests.Response, doing: str) -> None:
        reason, wait_s = answer.headers.get("RateLimit-Reason", ""), self.asked_to_wait_s(answer)
        path = answer.url.removeprefix(self.base_url)
        self._pace.refused(answer.request.method or "", path, reason, wait_s)
        raise TransientError(VENDOR, doing, f"429 {reason}".strip(), retry_after_s=wait_s)

    def _raise_refused(self, answer: requests.Response, doing: str) -> None:
        status, kind = answer.status_code, self.kind
        if status == 401 and b"scope does not match" in answer.content:
            raise AccessError(VENDOR, doing, "401: scope does not match", remedy=kind.remedy)
        is_permission = status == 403 and b"Connect Session Auth Token" not in answer.content
        raise AccessError(VENDOR, doing, str(status), remedy=MAY_NOT if is_permission else kind.remedy)


def _fields_refused(answer: requests.Response) -> dict[str, str]:
    """Return what Jira says of each field that it refuses."""
    try:
        return {str(name): str(said) for name, said in (answer.json().get("errors") or {}).items()}
    except (ValueError, AttributeError, TypeError):
        return {}
