"""What it takes to start: the command line's help, and a process that only serves Slack."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import requests

from benchmarks import world
from benchmarks.figures import Figure, median
from benchmarks.processes import resident_mb, run, serving
from bot.demo.world import SIGNING_SECRET, USER
from integrations.sandbox.client import SandboxClient, running_sandbox

RUNS, ANSWERED_WITHIN_S = 7, 30
TYPER = "import typer; app = typer.Typer(rich_markup_mode=None); app.command()(lambda: None); app(['--help'])"
VERBS = ("help", "status", f"ticket {world.PROJECT}-1", "digest preview")


def help_seconds() -> Iterator[Figure]:
    """Yield how long the help takes; peer: the least that its library takes."""
    ours = median(
        "help_seconds", [run(["-m", "bot", "--help"]).seconds for _ in range(RUNS)], "s", wanted="< 0.5"
    )
    peer = median("", [run(["-c", TYPER]).seconds for _ in range(RUNS)], "s")
    yield replace(ours, peer="an empty typer command's help", peer_figure=peer.figure)


def serve_memory() -> Iterator[Figure]:
    """Yield how much memory `serve` has resident after each command was answered once."""
    with (
        tempfile.TemporaryDirectory(prefix="voc-bench-") as temporary,
        running_sandbox(profile="open") as sandbox,
    ):
        folder = Path(temporary)
        world.fill(sandbox, tickets=100, conversations=100)
        values = world.variables(sandbox.urls, folder)
        run(["-m", "bot", "migrate"], values, cwd=folder)
        run(["-m", "bot", "sync"], values, cwd=folder)
        with serving(values, cwd=folder) as (pid, address):
            bot = {"url": f"{address}/slack/events", "signing_secret": SIGNING_SECRET}
            sandbox.load("slack", {"bot": bot})
            for verb in VERBS:
                act = {"as": USER, "do": "command", "channel": world.OWNER, "text": verb}
                requests.post(f"{sandbox.urls['viewer']}/act", json=act, timeout=10).raise_for_status()
            _wait_for_answers(sandbox, len(VERBS))
            yield Figure(name="serve_memory_mb", figure=round(resident_mb(pid), 1), unit="MB", wanted="< 250")


def _wait_for_answers(sandbox: SandboxClient, expected: int) -> None:
    until = time.monotonic() + ANSWERED_WITHIN_S
    while len(sandbox.state("slack")["ephemerals"]) < expected:
        if time.monotonic() > until:
            raise RuntimeError("not every command was answered")
        time.sleep(0.2)
