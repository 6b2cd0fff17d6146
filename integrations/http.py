"""One thin HTTP client for every vendor: timeouts, safe retries, and errors classed by what to do next.

| outcome                               | read or upsert                    | other write         |
|---------------------------------------|-----------------------------------|---------------------|
| refused before work (429, no connect) | wait as told, retry               | wait as told, retry |
| 401, 403                              | AccessError                       | AccessError         |
| 404, 410                              | NotFoundError                     | NotFoundError       |
| other 3xx, 4xx                        | AnswerError                       | AnswerError         |
| reset, read timeout, 5xx              | retry, then Transient / Uncertain | UncertainError      |
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import requests

from bot.errors import (
    AccessError,
    AnswerError,
    IntegrationError,
    NotFoundError,
    TransientError,
    UncertainError,
)

TIMEOUT_S = (5.0, 30.0)
TRIES = 4
LONGEST_WAIT_S = 65.0  # in all: a vendor's minute window; what takes longer is left for the next run
# A write is done under a claim that must outlive it, and the claim's owner comes back anyway.
WRITE_TRIES, LONGEST_WRITE_WAIT_S = 2, 10.0
SAFE = frozenset({"GET", "HEAD"})

Headers = Callable[[], Mapping[str, str]]
Renew = Callable[[Mapping[str, str]], bool]


class VendorHttp:
    """JSON over HTTP for one vendor and account.

    headers: called for each request, so that a rotated token is picked up. renew: called with the headers
    that met a 401; True means that there are others now, worth one more try. sleep: waits that many seconds.
    remedy: what the operator can do about a 401 or 403.
    """

    def __init__(
        self,
        vendor: str,
        base_url: str,
        headers: Headers,
        *,
        session: requests.Session | None = None,
        sleep: Callable[[float], None] = time.sleep,
        timeout_s: tuple[float, float] = TIMEOUT_S,
        remedy: str = "",
        renew: Renew = lambda refused: False,
    ) -> None:
        self.vendor, self.base_url = vendor, base_url.rstrip("/")
        self._headers, self._sleep, self._timeout_s, self._remedy = headers, sleep, timeout_s, remedy
        self._renew = renew
        self._session = session or plain_session()

    def get(self, path: str, doing: str, params: Mapping[str, Any] | None = None) -> Any:
        """Return the JSON answer to a read. path: below the base URL, or a whole URL of the same host."""
        return self.call("GET", path, doing, params=params).json()

    def call(
        self,
        method: str,
        path: str,
        doing: str,
        *,
        json: Any = None,
        params: Mapping[str, Any] | None = None,
        is_repeatable: bool = False,
        is_read: bool = False,
        data: bytes | None = None,
    ) -> requests.Response:
        """Send one request and return its 2xx answer, its JSON body checked.

        is_repeatable: doing it twice equals doing it once (an upsert), so an uncertain outcome is retried.
        is_read: a POST that only reads, such as a search.
        """
        reads = is_read or method in SAFE
        failure: IntegrationError | None = None
        left_s = LONGEST_WAIT_S if reads else LONGEST_WRITE_WAIT_S
        for attempt in range(TRIES if reads else WRITE_TRIES):
            if failure is not None:
                if (wait_s := _wait_s(failure, attempt)) > left_s:
                    break
                self._sleep(wait_s)
                left_s -= wait_s
            try:
                return self._renewed(
                    method, self._url(path), doing, reads, json=json, params=params, data=data
                )
            except TransientError as exc:
                failure = exc
            except UncertainError as exc:
                failure = exc
                if not is_repeatable:
                    break
        assert failure is not None  # noqa: S101 - the loop ran at least once
        raise failure

    def asked_to_wait_s(self, answer: requests.Response) -> float | None:
        """Return the seconds that a refusal asks for; a vendor with headers of its own overrides this."""
        return retry_after_s(answer)

    def _renewed(self, method: str, url: str, doing: str, reads: bool, **request: Any) -> requests.Response:
        """Send the request, and once more with renewed credentials where the first met a 401."""
        headers = dict(self._headers())
        try:
            return self._once(method, url, doing, reads, headers=headers, **request)
        except AccessError as exc:
            if exc.detail != "401" or not self._renew(headers):
                raise
        return self._once(method, url, doing, reads, headers=dict(self._headers()), **request)

    def _once(self, method: str, url: str, doing: str, reads: bool, **request: Any) -> requests.Response:
        try:
            answer = self._session.request(
                method, url, timeout=self._timeout_s, allow_redirects=False, **request
            )
            if answer.ok and answer.content:
                answer.json()
        except requests.exceptions.JSONDecodeError as exc:
            is_page = answer.headers.get("Content-Type", "").startswith("text/html")
            error = AnswerError if is_page else TransientError
            raise (error if reads else UncertainError)(self.vendor, doing, "not JSON") from exc
        except requests.exceptions.ConnectTimeout as exc:
            raise TransientError(self.vendor, doing, "no connection") from exc
        except requests.exceptions.RequestException as exc:
            if _was_never_sent(exc) or reads:
                raise TransientError(self.vendor, doing, type(exc).__name__) from exc
            raise UncertainError(self.vendor, doing, type(exc).__name__) from exc
        self._raise_for(answer, doing, reads)
        return answer

    def _raise_for(self, answer: requests.Response, doing: str, reads: bool) -> None:
        status = answer.status_code
        if 200 <= status < 300:
            return
        if status == 429:
            raise TransientError(self.vendor, doing, "429", retry_after_s=self.asked_to_wait_s(answer))
        if status in (401, 403):
            raise AccessError(self.vendor, doing, str(status), remedy=self._remedy)
        if status in (404, 410):
            raise NotFoundError(self.vendor, doing, str(status))
        if status >= 500 and reads:
            raise TransientError(self.vendor, doing, str(status), retry_after_s=self.asked_to_wait_s(answer))
        if status >= 500:
            raise UncertainError(self.vendor, doing, str(status))
        raise AnswerError(self.vendor, doing, str(status))

    def _url(self, path: str) -> str:
        if not path.startswith(("http://", "https://")):
            return self.base_url + path
        if not path.startswith(self.base_url + "/"):
            # A page link to another host would carry our token there.
            raise AnswerError(self.vendor, "following a link", "it leads to another host")
        return path


def _wait_s(failure: IntegrationError, attempt: int) -> float:
    """Return how long to wait before the next try: as long as the vendor asks, else longer each time."""
    asked = failure.retry_after_s if isinstance(failure, TransientError) else None
    backoff = min(0.5 * 2**attempt, 8.0) * random.uniform(0.7, 1.3)  # noqa: S311 - jitter, no secret
    return backoff if asked is None else asked


def plain_session() -> requests.Session:
    """Return a session without netrc or proxies from the environment."""
    session = requests.Session()
    session.trust_env = False
    return session


def retry_after_s(answer: requests.Response) -> float | None:
    """Return the seconds that a Retry-After header asks for, in seconds or as a date; None without one."""
    value = answer.headers.get("Retry-After", "").strip()
    if not value:
        return None
    if value.replace(".", "", 1).isdigit():
        return float(value)
    try:
        return max(0.0, (parsedate_to_datetime(value) - _vendors_now(answer)).total_seconds())
    except (ValueError, TypeError):
        return None


def _vendors_now(answer: requests.Response) -> datetime:
    """Return the time as the vendor has it, ours where it does not say: our clock may be wrong."""
    try:
        return parsedate_to_datetime(answer.headers["Date"])
    except (KeyError, ValueError):
        return datetime.now(UTC)


def _was_never_sent(exc: requests.exceptions.RequestException) -> bool:
    """Return whether the connection was refused before a byte of the request left."""
    seen: BaseException | None = exc
    while seen is not None:
        if type(seen).__name__ in ("NewConnectionError", "NameResolutionError", "ConnectTimeoutError"):
            return True
        reason = seen.args[0] if seen.args and isinstance(seen.args[0], BaseException) else None
        seen = getattr(seen, "reason", None) or reason or seen.__cause__ or seen.__context__
    return False
