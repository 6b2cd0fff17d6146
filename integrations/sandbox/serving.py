"""Stand-ins on loopback ports, with a control port beside them."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import Any

from flask import Flask
from werkzeug.serving import ThreadedWSGIServer, WSGIRequestHandler
from werkzeug.test import run_wsgi_app

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.control import Control
from integrations.sandbox.faults import FaultLayer, Faults, is_cut
from integrations.sandbox.ledger import Ledger
from integrations.sandbox.stand_in import StandIn

StandInType = Callable[[SandboxClock, str], StandIn]


class _Handler(WSGIRequestHandler):
    """HTTP/1.1, silent."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:
        """Say nothing: the ledger has it all."""


class _VendorHandler(_Handler):
    """HTTP/1.1 with kept connections, as the vendors serve it; werkzeug's own handler closes each.

    What it serves must read the request's body whole, as FaultLayer does.
    """

    timeout = 15  # seconds that an idle connection is kept
    disable_nagle_algorithm = True

    def run_wsgi(self) -> None:
        """Answer one request; the connection ends where the application breaks off."""
        self.environ = environ = self.make_environ()
        try:
            chunks, status, headers = run_wsgi_app(self.server.app, environ, buffered=True)
        except ConnectionError:
            self.close_connection = True
            return
        code, _, reason = status.partition(" ")
        if any(name == "Date" for name, _ in headers):  # a stand-in whose time counts tells its own
            self.send_response_only(int(code), reason)
        else:
            self.send_response(int(code), reason)
        for name, value in headers:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(b"".join(chunks))


class Server(ThreadedWSGIServer):
    """An application on a free loopback port, in a thread of its own.

    It stops at once, where the standard one looks up at intervals: many a test starts three.
    """

    def __init__(self, app: Any, name: str = "", handler: type[WSGIRequestHandler] = _Handler) -> None:
        super().__init__("127.0.0.1", 0, app, handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        self._is_stopping = False
        self._thread = threading.Thread(target=self._serve, name=name or None, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop serving: a last connection, which is not answered, makes it look up."""
        self._is_stopping = True
        with suppress(OSError):
            socket.create_connection(("127.0.0.1", self.server_port)).close()
        self._thread.join()
        self.server_close()

    def verify_request(self, request: Any, client_address: Any) -> bool:
        """Say whether to answer."""
        return not self._is_stopping

    def shutdown_request(self, request: Any) -> None:
        """Close the connection, in peace unless a fault cut it."""
        if is_cut(request):
            self.close_request(request)
        else:
            super().shutdown_request(request)

    def _serve(self) -> None:
        while not self._is_stopping:
            self.handle_request()


class Sandbox:
    """All stand-ins of one process. `urls` is filled by start(): vendor name to base URL, and "control"."""

    def __init__(self, types: Sequence[StandInType], *, clock: SandboxClock, profile: str) -> None:
        self.clock, self.profile = clock, profile
        self.faults, self.ledger = Faults(), Ledger()
        self.stand_ins: dict[str, StandIn] = {}
        self.urls: dict[str, str] = {}
        self._types, self._servers = types, list[Server]()

    def start(self, extra: Mapping[str, Callable[[Sandbox], Flask]] | None = None) -> dict[str, str]:
        """Serve each stand-in, each extra application and the control API on a free loopback port.

        Return the URLs.
        """
        for make in self._types:
            stand_in = make(self.clock, self.profile)
            self.stand_ins[stand_in.name] = stand_in
            layer = FaultLayer(stand_in.name, stand_in.app, self.faults, self.ledger)
            stand_in.base_url = self._serve(stand_in.name, layer, _VendorHandler)
        for name, make_app in (extra or {}).items():
            self._serve(name, make_app(self))
        self._serve("control", Control(self).app())
        return self.urls

    def stop(self) -> None:
        """Stop serving."""
        for server in self._servers:
            server.stop()

    def _serve(self, name: str, app: Any, handler: type[_Handler] = _Handler) -> str:
        server = Server(app, f"sandbox-{name}", handler)
        self._servers.append(server)
        self.urls[name] = server.url
        return server.url
