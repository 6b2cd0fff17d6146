"""`python -m benchmarks.telling DATABASE FIGURES`: build the last week's digest, and write what it took."""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path

from benchmarks.processes import resident_mb
from benchmarks.stored import NOW
from bot.domain.digest import Subscription
from bot.domain.period import Rhythm, last_period
from bot.domain.route import Rules
from bot.services.digest import build
from bot.storage.database import Database
from bot.storage.engine import open_database

RUNS = 5


def main(url: str, figures: str) -> None:
    """Measure, and write the seconds of each run and the most memory as JSON."""
    database, seconds = Database(open_database(url)), list[float]()
    own = Subscription(id=0, channel="C0PRODUCT1", name="weekly", cron="0 9 * * mon", zone="Europe/Berlin")
    period = last_period(Rhythm.WEEKLY, NOW, own.zone)
    resident = 0.0
    for _ in range(RUNS):
        started = time.perf_counter()
        with database.reading() as unit:
            built = build(unit, Rules(), own, period, NOW)
        seconds.append(time.perf_counter() - started)
        resident = max(resident, resident_mb(os.getpid()))
        if not built.snapshot.counts.pieces:
            raise RuntimeError("nothing was told")
    database.close()
    Path(figures).write_text(json.dumps({"seconds": seconds, "resident_mb": resident}), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
