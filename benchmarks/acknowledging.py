"""How soon Slack is acknowledged while the same machine and database sync."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import requests

from benchmarks import world
from benchmarks.figures import Figure
from benchmarks.processes import run, running, serving, start
from bot.app import Bot, build
from bot.demo.world import SIGNING_SECRET, USER
from bot.services.cards import show_marked
from bot.services.sync import sync_tickets
from config.settings import settings_of
from integrations.sandbox.client import SandboxClient, running_sandbox
from integrations.slack.blocks import ids

PIECES, TICKETS, TO_SYNC = 5_000, 2_500, 20_000
CARDS, PEOPLE, PAUSE_S, DONE_WITHIN_S = 60, 4, 0.2, 30
COMMANDS = ("help", "status", f"ticket {world.PROJECT}-1")
PREVIEW_EACH = 10  # a preview works for seconds, and people do not ask for one all the time


def slack_ack() -> Iterator[Figure]:
    """Yield the 95th percentile from a signed request to its acknowledgement, and the presses then done.

    Four people use commands and buttons without rest; a first sync of 20,000 conversations writes meanwhile.
    """
    with (
        tempfile.TemporaryDirectory(prefix="voc-bench-") as temporary,
        running_sandbox(profile="open") as sandbox,
    ):
        folder = Path(temporary)
        world.fill(sandbox, tickets=TICKETS, conversations=TO_SYNC)
        values = world.variables(sandbox.urls, folder)
        bot = _stored(sandbox, folder)
        acts = _acts(sandbox)
        with (
            serving(values, cwd=folder) as (_, address),
            running(start(["-m", "bot", "sync"], values, cwd=folder)) as sync,
        ):
            door = {"url": f"{address}/slack/events", "signing_secret": SIGNING_SECRET}
            sandbox.load("slack", {"bot": door})
            time.sleep(5)  # until the sync is under way
            with ThreadPoolExecutor(PEOPLE) as people:
                list(people.map(lambda act: _do(sandbox, act), acts))
            if sync.poll() is not None:
                raise RuntimeError("the sync ended before the measuring did")
            done = _decided(bot)
        bot.close()
        seconds = _seconds(sandbox, len(acts))
    yield Figure(
        name="slack_ack_p95_ms",
        figure=round(1000 * statistics.quantiles(seconds, n=20)[-1], 1),
        unit="ms",
        runs=len(seconds),
        wanted="< 1000",
    )
    yield Figure(name="slack_presses_done", figure=round(done / CARDS, 4), unit="share", wanted="≥ 1")


def _stored(sandbox: SandboxClient, folder: Path) -> Bot:
    """Store tickets and matched pieces, show some for review, and return the bot that did."""
    values = world.variables(sandbox.urls, folder)
    route = {"projects": [world.PROJECT], "owner_channel": world.OWNER}
    bot = build(settings_of({**world.values(sandbox.urls, folder), "routes": [route]}))
    (folder / "pieces.csv").write_text("\n".join(world.csv_rows(PIECES, CARDS)), encoding="utf-8")
    run(["-m", "bot", "migrate"], values, cwd=folder)
    sync_tickets(bot.work, bot.clock, bot.trackers["jira"])
    run(["-m", "bot", "import", "pieces.csv", "--source", "survey"], values, cwd=folder)
    show_marked(bot.presenter)
    return bot


def _decided(bot: Bot) -> int:
    """Return how many pieces people have attached, once all are or the time is up."""
    until = time.monotonic() + DONE_WITHIN_S
    while True:
        with bot.reading() as unit:
            attached = unit.pieces.counts()["attached"]
        if attached >= CARDS or time.monotonic() > until:
            return attached
        time.sleep(0.5)


def _acts(sandbox: SandboxClient) -> list[dict[str, Any]]:
    """Return a press for each card and as many of each command, mixed, with some previews of the digest."""
    acts: list[dict[str, Any]] = []
    for number, card in enumerate(_cards(sandbox)):
        acts.append({"do": "press", **card})
        texts = [*COMMANDS, "digest preview"] if number % PREVIEW_EACH == 0 else COMMANDS
        acts += [{"do": "command", "text": text} for text in texts]
    return [{"as": USER, "channel": world.OWNER, **act} for act in acts]


def _cards(sandbox: SandboxClient) -> list[dict[str, str]]:
    channel = next(c for c in sandbox.state("slack")["channels"] if c["id"] == world.OWNER)
    found = [
        {"ts": message["ts"], "block": block["block_id"], "action": ids.ATTACH}
        for message in channel["messages"]
        for block in message["blocks"]
        if any(element.get("action_id") == ids.ATTACH for element in block.get("elements", []))
    ]
    if len(found) < CARDS:
        raise RuntimeError(f"{len(found)} cards are shown, {CARDS} expected")
    return found[:CARDS]


def _do(sandbox: SandboxClient, act: dict[str, Any]) -> None:
    requests.post(f"{sandbox.urls['viewer']}/act", json=act, timeout=30).raise_for_status()
    time.sleep(PAUSE_S)


def _seconds(sandbox: SandboxClient, expected: int) -> list[float]:
    sent = sandbox.state("slack")["interactions"]
    failed = [act for act in sent if act["status"] != "ok"]
    if failed or len(sent) != expected:
        raise RuntimeError(f"{len(sent)} of {expected} sent, {len(failed)} not acknowledged: {failed[:1]}")
    return [act["seconds"] for act in sent]
