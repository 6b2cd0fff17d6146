"""Connecting an account by OAuth: the operator allows it in a browser, the answer comes back here."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

from bot.errors import RequestError
from bot.operator.terminal import Terminal

TIMEOUT_S = 600.0
PAGE = b"<!doctype html><title>Voc</title><p>Voc has the answer. Please go back to the terminal.</p>"


@dataclass(frozen=True, slots=True, kw_only=True)
class Authorization:
    """What one vendor's flow needs of the operator.

    steps: what to do at the vendor first; url: the page that asks for permission; redirect_uri: where the
    browser is sent back to, on this machine; finish: takes the address that it was sent back to, checks state
    and scopes, and stores the tokens.
    """

    name: str
    steps: Sequence[str]
    url: str
    redirect_uri: str
    finish: Callable[[str], None]


def connect(
    authorization: Authorization, terminal: Terminal, *, paste: bool = False, timeout_s: float = TIMEOUT_S
) -> None:
    """Walk the operator through one authorisation; return once the tokens are stored.

    paste: the browser runs on another machine, so the operator copies the address from it.
    Raises RequestError when no answer comes or it is not for this page, AccessError when the vendor refuses.
    """
    for number, step in enumerate(authorization.steps, start=1):
        terminal.say(f"{number}. {step}")
    if paste:
        terminal.say(f"\nOpen this page and allow the access:\n\n  {authorization.url}\n")
        terminal.say("The browser is then sent to an address that it cannot open. That is fine.")
        answer = terminal.ask("Paste that address")
    else:
        with listening(authorization.redirect_uri) as wait:
            terminal.say(f"\nOpen this page and allow the access:\n\n  {authorization.url}\n")
            answer = wait(timeout_s)
    authorization.finish(answer)
    terminal.say(f"{authorization.name} is connected.")


@contextmanager
def listening(redirect_uri: str) -> Iterator[Callable[[float], str]]:
    """Listen on this machine for the browser; yield a function that waits so many seconds for its address.

    Raises RequestError when the port is taken, and from waiting when nothing comes.
    """
    address = urlsplit(redirect_uri)
    answers: queue.SimpleQueue[str] = queue.SimpleQueue()
    try:
        server = ThreadingHTTPServer(("127.0.0.1", address.port or 80), _handler(address.path, answers))
    except OSError as exc:
        raise RequestError(f"Port {address.port} is taken: free it, or add --paste") from exc
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, name="oauth-callback", daemon=True).start()

    def wait(timeout_s: float) -> str:
        try:
            return answers.get(timeout=timeout_s)
        except queue.Empty:
            raise RequestError("No answer came: please start again, with --paste if need be") from None

    try:
        yield wait
    finally:
        server.shutdown()
        server.server_close()


def _handler(path: str, answers: queue.SimpleQueue[str]) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        timeout = 10.0

        def do_GET(self) -> None:
            """Take the one address that is ours; a browser asks for others too."""
            came = urlsplit(self.path)
            if came.path != path or not came.query:
                self.send_error(404)
                return
            self.send_response(200)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(PAGE)))
            self.send_header("Referrer-Policy", "no-referrer")
            self.end_headers()
            self.wfile.write(PAGE)
            answers.put(self.path)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing: the address holds the code."""

    return Handler
