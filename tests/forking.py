"""Commands that start from a process with everything imported: by a fork, not by half a second of imports."""

from __future__ import annotations

import gc
import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing.context import ForkServerContext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Engine, event

from tests.preloading import modules

STREAMS = ("in", "out", "err")
TIMEOUT_S = 60.0


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str


def run_forked(words: Sequence[str], folder: Path, environment: Mapping[str, str], given: str = "") -> Ran:
    """Run `python -m bot` with the words in the folder to its end. given: its standard input."""
    with TemporaryDirectory(prefix="voc-run-") as name:
        streams = Path(name)
        (streams / "in").write_text(given, encoding="utf-8")
        process = _context().Process(target=_run, args=(list(words), folder, dict(environment), streams))
        process.start()
        process.join(TIMEOUT_S)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"{words} was not done within {TIMEOUT_S} s")
        out, err = ((streams / stream).read_text(encoding="utf-8") for stream in ("out", "err"))
    return Ran(process.exitcode, out, err)


@cache
def _context() -> ForkServerContext:
    context = multiprocessing.get_context("forkserver")
    # This module too: each fork looks up what it runs in it, and it stands on pytest.
    context.set_forkserver_preload([*modules(), __name__])
    return context


def _run(words: list[str], folder: Path, environment: dict[str, str], streams: Path) -> None:
    gc.freeze()  # its collections would copy every page of the process that it is forked from
    for number, name in enumerate(STREAMS):
        flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        os.dup2(os.open(streams / name, flags, 0o600), number)
    sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    sys.argv = ["python -m bot", *words]
    opened: list[Any] = []
    event.listen(Engine, "connect", lambda connection, _: opened.append(connection))
    from bot.__main__ import main

    try:
        main()
    finally:
        for connection in opened:  # as the end of an interpreter does: this one only ends as a fork
            connection.close()
