"""When Jira wants to be asked: its limit of writes on one issue is kept, and what it refused is not repeated.

Limits: developer.atlassian.com/cloud/jira/platform/rate-limiting. Data Center has none of its own; one ticket
seldom gets so many writes, so it is treated alike.
"""

from __future__ import annotations

import re
import threading
from collections import deque
from collections.abc import Callable
from itertools import islice

from bot.errors import TransientError

WRITES_ON_AN_ISSUE = ((20, 2.0), (100, 30.0))  # so many within so many seconds
LONGEST_WAIT_S = 10.0  # a write is done under a claim that must outlive it
REMEMBERED_ISSUES = 1_000
ISSUE = re.compile(r"/issue/(\d+)/")
NAMED = re.compile(r"/(issue|comment|project|createmeta|issuetypes|properties|remotelink)/[^/?]+")
EVERYTHING = ""


class Pace:
    """Waits before a call, or refuses it where the wait is long. now: seconds that only run forward."""

    def __init__(self, vendor: str, now: Callable[[], float], sleep: Callable[[float], None]) -> None:
        self._vendor, self._now, self._sleep = vendor, now, sleep
        self._held_until: dict[str, float] = {}
        self._writes: dict[str, deque[float]] = {}
        self._lock = threading.Lock()

    def wait(self, method: str, path: str, doing: str) -> None:
        """Wait until Jira takes the call. Raises TransientError where that is not soon."""
        with self._lock:
            now = self._now()
            issue = _written_issue(method, path)
            holds = [EVERYTHING, _endpoint(method, path), *([issue] if issue else [])]
            starts_at = max(now, *(self._held_until.get(hold, now) for hold in holds))
            if issue:
                starts_at = max(starts_at, self._next_write(issue))
            wait_s = starts_at - now
            if wait_s <= LONGEST_WAIT_S and issue:
                self._note(issue, starts_at)
        if wait_s > LONGEST_WAIT_S:
            raise TransientError(self._vendor, doing, "waiting for a limit of Jira's", retry_after_s=wait_s)
        if wait_s > 0:
            self._sleep(wait_s)

    def refused(self, method: str, path: str, reason: str, wait_s: float | None) -> None:
        """Hold back what a refusal is about: everything, that issue, or that kind of call. reason: Jira's."""
        if not reason or wait_s is None:
            return
        held = _endpoint(method, path)
        if "quota" in reason:
            held = EVERYTHING
        elif "per-issue" in reason:
            held = _written_issue(method, path) or held
        with self._lock:
            now = self._now()
            self._held_until = {key: until for key, until in self._held_until.items() if until > now}
            self._held_until[held] = max(now + wait_s, self._held_until.get(held, now))

    def _next_write(self, issue: str) -> float:
        written = self._writes.get(issue, deque())
        full = [(most, per_s) for most, per_s in WRITES_ON_AN_ISSUE if len(written) >= most]
        return max((written[-most] + per_s for most, per_s in full), default=0.0)

    def _note(self, issue: str, at: float) -> None:
        """Remember a write, as many of an issue as the longest limit counts, of the issues written last."""
        written = self._writes.pop(issue, None) or deque(maxlen=max(most for most, _ in WRITES_ON_AN_ISSUE))
        written.append(at)
        self._writes[issue] = written
        if len(self._writes) > REMEMBERED_ISSUES:
            for stale in list(islice(self._writes, REMEMBERED_ISSUES // 2)):
                del self._writes[stale]


def _written_issue(method: str, path: str) -> str:
    found = ISSUE.search(path + "/") if method != "GET" else None
    return f"issue {found[1]}" if found else ""


def _endpoint(method: str, path: str) -> str:
    """Return the kind of call, whichever issue or comment it is about."""
    route = NAMED.sub(r"/\1/*", path.partition("?")[0])
    return f"{method} {route}"
