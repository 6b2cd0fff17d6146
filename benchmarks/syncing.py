"""Whether a sync's memory grows with what there is to read."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmarks import world
from benchmarks.figures import Figure
from benchmarks.processes import Ran, run
from integrations.sandbox.client import running_sandbox

FEW, MANY = 10_000, 100_000


def sync_memory() -> Iterator[Figure]:
    """Yield how much more memory the sync and match of ten times the conversations take, at their peaks."""
    few, many = _synced(FEW), _synced(MANY)
    yield Figure(
        name="sync_memory",
        figure=round(many.peak_mb, 1),
        unit="MB",
        peer=f"{FEW:,} conversations",
        peer_figure=round(few.peak_mb, 1),
        wanted=f"≤ {1.2 * few.peak_mb:.1f}",
    )
    yield Figure(
        name="sync_conversations_per_second", figure=round(MANY / many.seconds, 1), unit="conversations/s"
    )


def _synced(conversations: int) -> Ran:
    with (
        tempfile.TemporaryDirectory(prefix="voc-bench-") as temporary,
        running_sandbox(profile="open") as sandbox,
    ):
        folder = Path(temporary)
        world.fill(sandbox, tickets=100, conversations=conversations)
        values = world.variables(sandbox.urls, folder)
        run(["-m", "bot", "migrate"], values, cwd=folder)
        return run(["-m", "bot", "sync"], values, cwd=folder)
