"""Faults on demand: a WSGI layer around a stand-in that fails as networks do, and records each request."""

from __future__ import annotations

import io
import os
import random
import re
import signal
import socket
import struct
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, fields
from typing import Any, NoReturn

from flask import Flask
from werkzeug.exceptions import HTTPException
from werkzeug.test import run_wsgi_app
from werkzeug.wrappers import Response

from integrations.sandbox.ledger import Ledger

KINDS = ("status", "reset", "slow", "half", "lost", "kill_before", "kill_after")
_AT_ONCE = struct.pack("ii", 1, 0)  # linger on, for no time: closing resets


@dataclass(slots=True, kw_only=True)
class Fault:
    """A rule: what to do to requests that match it.

    do: "status" (refuse with `status`, before any work), "reset" (drop the connection before any work),
    "slow" (answer after delay_s), "half" (work, then send half the body and close), "lost" (work, then drop
    the connection), "kill_before" / "kill_after" (SIGKILL `pid` before or after the work; no answer). path: a
    regular expression that must match the whole path. containing: what the request's body must contain, for
    APIs with one path. skip: let that many matching requests through first;
    times: how often it strikes, None for ever; share: strike at random, seeded, with that probability.
    """

    do: str
    vendor: str = ""
    method: str = ""
    path: str = ".*"
    containing: str = ""
    skip: int = 0
    times: int | None = 1
    share: float = 1.0
    seed: int = 0
    status: int = 503
    retry_after_s: int | None = None
    delay_s: float = 1.0
    pid: int = 0
    body: str = ""

    def __post_init__(self) -> None:
        """Raise ValueError for what could never strike, or would strike the wrong process."""
        if self.do not in KINDS:
            raise ValueError(f"do must be one of {', '.join(KINDS)}, not {self.do!r}")
        if self.do.startswith("kill") and self.pid <= 1:
            raise ValueError(f"{self.do} needs the pid of a process, not {self.pid}")  # 0: our own group
        try:
            re.compile(self.path)
        except re.error as exc:
            raise ValueError(f"path is no regular expression: {exc}") from exc
        self._random = random.Random(self.seed)  # noqa: S311 - faults, no secrets

    _random: random.Random = None  # type: ignore[assignment]

    def strikes(self, vendor: str, method: str, path: str, body: bytes) -> bool:
        """Return whether this request is hit, and count it."""
        if self.vendor not in ("", vendor) or self.method not in ("", method) or self.times == 0:
            return False
        if self.containing.encode() not in body:
            return False
        if not re.fullmatch(self.path, path) or self._random.random() >= self.share:
            return False
        if self.skip:
            self.skip -= 1
            return False
        if self.times is not None:
            self.times -= 1
        return True


class Faults:
    """The rules in force, shared by all stand-ins of a process."""

    def __init__(self) -> None:
        self._rules: list[Fault] = []
        self._lock = threading.Lock()

    def add(self, rule: Mapping[str, Any]) -> None:
        """Add a rule given as JSON. Raises ValueError for unknown fields or kinds."""
        known = {f.name for f in fields(Fault) if not f.name.startswith("_")}
        if unknown := set(rule) - known:
            raise ValueError(f"unknown fields: {', '.join(sorted(unknown))}")
        with self._lock:
            self._rules.append(Fault(**rule))

    def clear(self) -> None:
        """Drop all rules."""
        with self._lock:
            self._rules.clear()

    def strike(self, vendor: str, method: str, path: str, body: bytes = b"") -> Fault | None:
        """Return the first rule that hits this request."""
        with self._lock:
            return next((rule for rule in self._rules if rule.strikes(vendor, method, path, body)), None)


class FaultLayer:
    """A WSGI application around a vendor's: applies the rules and records what came."""

    def __init__(self, vendor: str, app: Flask, faults: Faults, ledger: Ledger) -> None:
        self._vendor, self._app, self._faults, self._ledger = vendor, app, faults, ledger

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        body = _body(environ)
        environ["wsgi.input"] = io.BytesIO(body)
        method, path = environ["REQUEST_METHOD"], environ["PATH_INFO"]
        fault = self._faults.strike(self._vendor, method, path, body)
        response = self._perform(environ, fault)
        self._ledger.add(
            vendor=self._vendor,
            method=method,
            path=path,
            query=environ.get("QUERY_STRING", ""),
            route=self._route(environ),
            status=response.status_code if response else 0,
            body=body.decode("utf-8", "replace"),
            fault=fault.do if fault else "",
        )
        if fault and fault.do.startswith("kill"):
            _kill(fault.pid)
        if response is None or (fault and fault.do in ("lost", "kill_after")):
            _drop(environ)
        if fault and fault.do == "half":
            _send_half(environ, response)
        return response(environ, start_response)

    def _perform(self, environ: dict[str, Any], fault: Fault | None) -> Response | None:
        if fault and fault.do in ("reset", "kill_before"):
            return None
        if fault and fault.do == "status":
            wait = {} if fault.retry_after_s is None else {"Retry-After": str(fault.retry_after_s)}
            return Response(fault.body, status=fault.status, headers=wait)
        if fault and fault.do == "slow":
            time.sleep(fault.delay_s)
        chunks, status, headers = run_wsgi_app(self._app, environ, buffered=True)
        return Response(b"".join(chunks), status=status, headers=headers)

    def _route(self, environ: dict[str, Any]) -> str:
        try:
            rule, _ = self._app.url_map.bind_to_environ(environ).match(return_rule=True)
        except HTTPException:
            return ""
        return str(rule.rule)


def _body(environ: dict[str, Any]) -> bytes:
    """Return the request's whole body, so that the connection is ready for the next request."""
    stream = environ["wsgi.input"]
    if environ.get("wsgi.input_terminated"):  # sent in chunks
        return bytes(stream.read())
    return bytes(stream.read(int(environ.get("CONTENT_LENGTH") or 0)))


def _kill(pid: int) -> None:
    """Kill the process at once, without a chance to clean up."""
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _drop(environ: dict[str, Any]) -> NoReturn:
    """End the connection with a reset, no byte of an answer sent."""
    connection: socket.socket = environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE)
    raise ConnectionAbortedError


def is_cut(connection: socket.socket) -> bool:
    """Return whether a fault asked for the connection to end with a reset."""
    return connection.getsockopt(socket.SOL_SOCKET, socket.SO_LINGER, len(_AT_ONCE)) == _AT_ONCE


def _send_half(environ: dict[str, Any], response: Response) -> NoReturn:
    """Send the headers, then half of the body, then end the connection."""
    body = response.get_data()
    headers = {**response.headers, "Content-Length": len(body)}
    lines = [f"HTTP/1.1 {response.status}", *(f"{name}: {value}" for name, value in headers.items()), "", ""]
    environ["werkzeug.socket"].sendall("\r\n".join(lines).encode() + body[: len(body) // 2])
    raise ConnectionAbortedError
