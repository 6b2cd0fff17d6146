"""Imports the modules named as arguments and prints, a line each, what their module level did to the world.

Run as a process of its own: an audit hook cannot be removed, and modules must not be loaded yet.
"""

from __future__ import annotations

import importlib
import os
import sys
import threading
from types import FrameType

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
OURS = tuple(os.path.join(ROOT, package, "") for package in ("bot", "handlers", "integrations", "config"))
WATCHED = ("open", "socket.", "subprocess.", "sqlite3.", "os.", "shutil.", "tempfile.")
HARMLESS = {"os.listdir", "os.scandir"}  # how the import system finds modules
seen: list[str] = []


def author(frame: FrameType | None) -> str | None:
    """Return the file of ours that runs as a module's body, or None when a library's own body runs.

    Between an event and the nearest frame of the import system lies what one module's body did.
    """
    while frame is not None and not frame.f_code.co_filename.startswith("<frozen importlib"):
        if frame.f_code.co_filename.startswith(OURS):
            return frame.f_code.co_filename.removeprefix(ROOT)
        frame = frame.f_back
    return None


def watch(event: str, arguments: tuple[object, ...]) -> None:
    """Note an event of the kinds watched that a module of ours caused."""
    if event.startswith(WATCHED) and event not in HARMLESS and (culprit := author(sys._getframe(1))):
        seen.append(f"{culprit}: {event}{arguments!r}")


class WatchedThread(threading.Thread):
    """A thread that tells who starts it: Python 3.11 has no audit event for that."""

    def start(self) -> None:
        """Start it and note a module of ours that does so."""
        if culprit := author(sys._getframe(1)):
            seen.append(f"{culprit}: thread {self.name} started")
        super().start()


if __name__ == "__main__":
    threading.Thread = WatchedThread  # type: ignore[misc]
    sys.addaudithook(watch)
    for name in sys.argv[1:]:
        importlib.import_module(name)
    seen += [f"thread {thread.name} runs" for thread in threading.enumerate() if thread.name != "MainThread"]
    sys.stdout.writelines(f"{line}\n" for line in seen)
