"""The demo as a newcomer runs it: a process of its own, and the page that it serves."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import textwrap
from collections.abc import Iterator
from contextlib import contextmanager
from html.parser import HTMLParser
from pathlib import Path
from urllib.request import urlopen

from bot.demo.world import DIGEST_CHANNEL
from integrations.sandbox.slack.journal import FOLDER as SANDBOX_JOURNAL
from tests.docs.pages import ROOT

NOW = "2026-11-23T12:00:00Z"
LINES = ("h3", "div", "blockquote", "hr")
WIDTH = 100


def bare_environment(folder: Path, **more: str) -> dict[str, str]:
    """Return an environment without settings, whose home is the folder; Voc runs from its source tree."""
    kept = {name: os.environ[name] for name in ("PATH", SANDBOX_JOURNAL) if name in os.environ}
    return {**kept, "HOME": str(folder), "PYTHONPATH": str(ROOT), "NO_COLOR": "1", **more}


@contextmanager
def demo_page(folder: Path) -> Iterator[str]:
    """Run the demo at NOW in an empty folder, yield its page's address, and end it as Ctrl-C does."""
    process = subprocess.Popen(
        [sys.executable, "-u", "-m", "bot", "demo", "--now", NOW],
        cwd=folder,
        env=bare_environment(folder),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    with process, process.stdout as told:
        try:
            yield next(found[1] for line in told if (found := re.match(r"Open (http://\S+)", line)))
        finally:
            process.send_signal(signal.SIGINT)
    assert process.returncode == 0


def posted_digest(address: str) -> str:
    """Return the digest that the page shows, as plain text; links show their words alone."""
    with urlopen(f"{address}/main?show=channel:{DIGEST_CHANNEL}", timeout=30) as answer:
        return as_text(answer.read().decode())


def as_text(html: str) -> str:
    """Return a channel's first message, without its thread, as lines of at most WIDTH characters."""
    reader = _Reader()
    reader.feed(html)
    return "\n".join(reader.lines).strip()


class _Reader(HTMLParser):
    """Reads from the first header to the thread: a line an element, quotes after >, buttons in brackets."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[str] = []
        self._line, self._prefix = "", ""
        self._reads = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kind = dict(attrs).get("class")
        self._reads = tag != "details" and (self._reads or (tag, kind) == ("h3", "header"))
        if tag not in LINES:
            self._line += " [" * (tag == "button")
            return
        self._flush()
        self._prefix = "> " * (tag == "blockquote")
        if kind in ("rich", "context") and self.lines and self.lines[-1]:
            self.lines.append("")

    def handle_endtag(self, tag: str) -> None:
        self._line += "] " * (tag == "button")
        if tag in LINES:
            self._flush()

    def handle_data(self, data: str) -> None:
        self._line += data if self._reads else ""

    def _flush(self) -> None:
        whole, self._line = " ".join(self._line.split()), ""
        width = WIDTH - len(self._prefix)
        wrapped = textwrap.wrap(whole, width, break_long_words=False, break_on_hyphens=False)
        self.lines += [self._prefix + line for line in wrapped]
        self._prefix = ""
