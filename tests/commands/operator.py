"""An operator at a shell: runs the real commands in a folder of their own, and reads what they print."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from integrations.sandbox.client import SandboxClient
from tests.conftest import ROOT
from tests.forking import Ran, run_forked
from tests.journeys.company import BOT_TOKEN, PROJECTS, SECRET

PLATFORM = ("PORT", "DATABASE_URL")


@dataclass
class Operator:
    """The shell. settings: variables of every command to come; the folder's files count as well."""

    folder: Path
    settings: dict[str, str] = field(default_factory=dict)

    def run(self, *words: str, given: str = "", **more: str) -> Ran:
        """Run a command to its end. given: its standard input; more: variables of this one alone."""
        return run_forked(words, self.folder, self._environment(more), given)

    def start(self, *words: str, **more: str) -> subprocess.Popen[str]:
        """Begin a command."""
        return subprocess.Popen(
            [sys.executable, "-m", "bot", *words],
            cwd=self.folder,
            env=self._environment(more),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def running(self, *words: str, **more: str) -> Iterator[subprocess.Popen[str]]:
        """Begin a command that is killed if the test leaves it running."""
        with self.start(*words, **more) as process:
            try:
                yield process
            finally:
                process.kill()

    def _environment(self, more: Mapping[str, str]) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith("VOC_") and k not in PLATFORM}
        return {**kept, "PYTHONPATH": str(ROOT), "COLUMNS": "80", **self.settings, **more}


def settings_for(sandbox: SandboxClient) -> dict[str, str]:
    """Return variables that lead to the stand-ins."""
    urls = sandbox.urls
    return {
        "VOC_ZENDESK__URL": urls["zendesk"],
        "VOC_ZENDESK__ACCESS_TOKEN": "stand-in-zendesk-admin",
        "VOC_INTERCOM__URL": urls["intercom"],
        "VOC_INTERCOM__ACCESS_TOKEN": "stand-in-intercom",
        "VOC_JIRA__URL": urls["jira"],
        "VOC_JIRA__EMAIL": "voc@acme.example",
        "VOC_JIRA__API_TOKEN": "jira-api-token",
        "VOC_JIRA__PROJECTS": ",".join(PROJECTS),
        "VOC_SLACK__API_URL": f"{urls['slack']}/api",
        "VOC_SLACK__BOT_TOKEN": BOT_TOKEN,
        "VOC_SLACK__SIGNING_SECRET": SECRET,
    }


def asked(sandbox: SandboxClient, vendor: str, path: str, since: int = 0) -> list[dict[str, Any]]:
    """Return the requests for a path, from the since-th of all on."""
    return [row for row in sandbox.requests(vendor)[since:] if row["path"] == path]


def status(operator: Operator, **more: str) -> dict[str, Any]:
    """Return what `status --json` tells."""
    return dict(json.loads(operator.run("status", "--json", **more).out))


def until(condition: Callable[[], object], timeout_s: float = 30.0) -> None:
    """Wait until it is so."""
    deadline = time.monotonic() + timeout_s
    while not condition():
        assert time.monotonic() < deadline, "it never came to that"
        time.sleep(0.05)
