"""The product as processes of its own: run to the end, or served and asked."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import requests

from benchmarks.figures import ROOT

UNIT = 1 << 20 if sys.platform == "darwin" else 1 << 10  # ru_maxrss: bytes there, kilobytes elsewhere
START_WITHIN_S = 30


@dataclass(frozen=True, slots=True)
class Ran:
    """A process that ended well. peak_mb: its highest resident size."""

    seconds: float
    peak_mb: float


def environment(values: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return this process's environment, its VOC_ variables replaced by the given."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("VOC_")}
    for name in ("PORT", "DATABASE_URL"):
        inherited.pop(name, None)
    return inherited | {"PYTHONPATH": str(ROOT)} | dict(values or {})


def run(arguments: Sequence[str], values: Mapping[str, str] | None = None, *, cwd: Path = ROOT) -> Ran:
    """Run Python with the arguments; return time and memory. Raises CalledProcessError when it fails."""
    started = time.perf_counter()
    process = start(arguments, values, cwd=cwd)
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, list(arguments))
    return Ran(seconds, usage.ru_maxrss / UNIT)


def start(
    arguments: Sequence[str], values: Mapping[str, str] | None = None, *, cwd: Path = ROOT
) -> subprocess.Popen[bytes]:
    """Start Python with the arguments, its output thrown away."""
    return subprocess.Popen(
        [sys.executable, *arguments], cwd=cwd, env=environment(values), stdout=subprocess.DEVNULL
    )


@contextmanager
def running(process: subprocess.Popen[bytes]) -> Iterator[subprocess.Popen[bytes]]:
    """End the process at the end."""
    try:
        yield process
    finally:
        process.terminate()
        process.wait(20)


@contextmanager
def serving(values: Mapping[str, str], *, cwd: Path) -> Iterator[tuple[int, str]]:
    """Run `serve` and yield (process id, address) once it is ready."""

    def serve(port: str) -> subprocess.Popen[bytes]:
        return start(["-m", "bot", "serve"], {**values, "VOC_WEB__PORT": port}, cwd=cwd)

    with ready(serve) as served:
        yield served


@contextmanager
def ready(serve: Callable[[str], subprocess.Popen[bytes]]) -> Iterator[tuple[int, str]]:
    """Start a server on a free port and yield (process id, address) once it is ready."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    address = f"http://127.0.0.1:{port}"
    with running(serve(port)) as process:
        until = time.monotonic() + START_WITHIN_S
        while not _is_ready(address):
            if time.monotonic() > until or process.poll() is not None:
                raise RuntimeError("the server did not get ready")
            time.sleep(0.1)
        yield process.pid, address


def resident_mb(pid: int) -> float:
    """Return the process's resident size now."""
    told = subprocess.run(
        ["ps", "-o", "rss=", "-p", str(pid)],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    return int(told.stdout) / 1024


def _is_ready(address: str) -> bool:
    try:
        return requests.get(f"{address}/readyz", timeout=5).ok
    except requests.ConnectionError:
        return False
