"""`python -m integrations.sandbox`: all stand-ins in one process.

Prints their URLs as one line of JSON, then serves.

It ends when its standard input closes, so it never outlives the process that started it.
"""

from __future__ import annotations

import argparse
import json
import sys
from datetime import datetime

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.registry import EXTRAS, STAND_INS
from integrations.sandbox.serving import Sandbox


def main() -> None:
    """Serve until standard input closes."""
    options = argparse.ArgumentParser(prog="python -m integrations.sandbox")
    options.add_argument("--profile", choices=["vendor", "open"], default="open")
    options.add_argument("--now", type=datetime.fromisoformat, help="the stand-ins' time, with an offset")
    options.add_argument("--frozen", action="store_true", help="time moves only on request")
    chosen = options.parse_args()
    clock = SandboxClock(chosen.now, frozen=chosen.frozen)
    sandbox = Sandbox(STAND_INS, clock=clock, profile=chosen.profile)
    sys.stdout.write(json.dumps(sandbox.start(EXTRAS)) + "\n")
    sys.stdout.flush()
    sys.stdin.read()
    sandbox.stop()


if __name__ == "__main__":
    main()
