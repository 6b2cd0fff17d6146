"""`python -m bot …` as a person or a service manager runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from tests.conftest import ROOT
from tests.forking import Ran, run_forked
from tests.journeys.company import DIGEST, PROJECTS, SOME, USER, Said
from tests.journeys.outside import Outside, outside
from tests.ports import free_port

GRACE_S = 10.0


class Installation:
    """One installed bot: its environment and its folder."""

    def __init__(self, world: Outside, database_url: str, folder: Path, **more: str) -> None:
        self.outside, self.folder, self.port = world, folder, free_port()
        led = world.environment(database_url, folder, VOC_WEB__PORT=str(self.port), **more)
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "MPLCONFIGDIR") if name in os.environ}
        self.environment = {**kept, **led, "PYTHONPATH": str(ROOT)}
        # The person who presses and types reaches the bot here.
        world.load("slack", bot={"url": f"http://127.0.0.1:{self.port}/slack/events"})

    def run(self, *arguments: str) -> Ran:
        """Run a command to its end."""
        return run_forked(arguments, self.folder, self.environment)

    def must(self, *arguments: str) -> str:
        """Run a command that succeeds, and return what it says."""
        ended = self.run(*arguments)
        assert ended.code == 0, ended.err
        return ended.out

    def set_up(self) -> None:
        """Bring the database up to date and turn both switches of each project on."""
        self.must("migrate")
        for project in PROJECTS:
            self.must("switch", project, "--attach", "--write")

    @contextmanager
    def running(self, command: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run a command that keeps running; it is ended as a service manager ends it."""
        with (self.folder / "bot.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot", command],
                cwd=self.folder,
                env=self.environment,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            if process.poll() is None:
                terminate(process)

    def say(self, text: str, channel: str = DIGEST) -> str:
        """Type `/voc …` in a channel and return how Slack saw it acknowledged."""
        slack = self.outside.sandbox.stand_ins["slack"]
        return str(slack.interactor.command(USER, channel, text)["status"])  # type: ignore[attr-defined]

    @property
    def log(self) -> str:
        """The end of what was logged."""
        return (self.folder / "bot.log").read_text(encoding="utf-8")[-3000:]


@contextmanager
def installed(
    database_url: str, folder: Path, said: tuple[Said, ...] = SOME, **more: str
) -> Iterator[Installation]:
    """Yield a bot on the machine's time, and a world around it."""
    with outside(said, now=datetime.now(UTC)) as world:
        yield Installation(world, database_url, folder, **more)


def terminate(process: subprocess.Popen[bytes]) -> float:
    """Send SIGTERM and return the seconds that the process took to end by itself."""
    began = time.monotonic()
    process.send_signal(signal.SIGTERM)
    try:
        process.wait(GRACE_S + 5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        raise
    return time.monotonic() - began


def wait_for(holds: Callable[[], bool], why: Callable[[], str], *, at_most_s: float = 30.0) -> None:
    """Wait until it holds; fail with the reason when it does not in time."""
    deadline = time.monotonic() + at_most_s
    while not holds():
        assert time.monotonic() < deadline, why()
        time.sleep(0.05)


def wait_until_quiet(world: Outside, *, for_s: float = 2.5) -> None:
    """Wait until nobody has been asked anything for that long: two ticks found nothing due."""
    seen, since = -1, time.monotonic()
    while time.monotonic() - since < for_s:
        if (now := len(world.sandbox.ledger.rows())) != seen:
            seen, since = now, time.monotonic()
        time.sleep(0.05)
