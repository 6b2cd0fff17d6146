"""A handle on a sandbox that runs as a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import requests


class SandboxClient:
    """Speaks to a running sandbox's control port. urls: vendor name to base URL."""

    def __init__(self, urls: Mapping[str, str]) -> None:
        self.urls = dict(urls)
        self._session = requests.Session()
        self._session.trust_env = False

    def load(self, vendor: str, data: Mapping[str, Any]) -> dict[str, int]:
        """Put records straight into a stand-in's state; return how many of each kind."""
        return dict(self._call("POST", f"/load/{vendor}", data))

    def state(self, vendor: str) -> dict[str, Any]:
        """Return a stand-in's whole state."""
        return dict(self._call("GET", f"/state/{vendor}"))

    def fault(self, do: str, **rule: Any) -> None:
        """Add a fault rule (integrations.sandbox.faults.Fault)."""
        self._call("POST", "/faults", {"do": do, **rule})

    def clear_faults(self) -> None:
        """Drop all fault rules."""
        self._call("DELETE", "/faults")

    def requests(self, vendor: str | None = None) -> list[dict[str, Any]]:
        """Return the requests received, in order."""
        return list(self._call("GET", "/requests" + (f"?vendor={vendor}" if vendor else "")))

    def counts(self) -> dict[str, int]:
        """Return the number of requests received, by vendor."""
        return dict(self._call("GET", "/counts"))

    def about(self) -> dict[str, Any]:
        """Return profile, limits in force, time and URLs."""
        return dict(self._call("GET", "/about"))

    def advance(self, seconds: float) -> None:
        """Move the stand-ins' clock forward."""
        self._call("POST", "/clock", {"advance_s": seconds})

    def _call(self, method: str, path: str, body: Any = None) -> Any:
        answer = self._session.request(method, self.urls["control"] + path, json=body, timeout=120)
        if not answer.ok:
            raise ValueError(f"sandbox: {method} {path} answered {answer.status_code}: {answer.text[:500]}")
        return answer.json()


@contextmanager
def running_sandbox(
    *, profile: str = "vendor", now: datetime | None = None, frozen: bool = False
) -> Iterator[SandboxClient]:
    """Start a sandbox process, yield a client for it, and stop it at the end."""
    command = [sys.executable, "-m", "integrations.sandbox", "--profile", profile]
    if now:
        command += ["--now", now.isoformat()]
    if frozen:
        command += ["--frozen"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            if process.stdout is None or not (line := process.stdout.readline()):
                raise RuntimeError("the sandbox did not start")
            yield SandboxClient(json.loads(line))
        finally:
            process.terminate()
