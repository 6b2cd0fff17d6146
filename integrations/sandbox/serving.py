"""Stand-ins on loopback ports, and the control port that loads, inspects and faults them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from flask import Flask, jsonify, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.faults import FaultLayer, Faults
from integrations.sandbox.ledger import Ledger
from integrations.sandbox.stand_in import StandIn

StandInType = Callable[[SandboxClock, str], StandIn]


class _Handler(WSGIRequestHandler):
    """HTTP/1.1 with kept connections, silent."""

    protocol_version = "HTTP/1.1"

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002
        """Say nothing: the ledger has it all."""

    def connection_dropped(self, error: BaseException, environ: Any = None) -> None:
        """End a connection that a fault has dropped, which would be kept open otherwise."""
        self.close_connection = True


class Sandbox:
    """All stand-ins of one process. `urls` is filled by start(): vendor name to base URL, and "control"."""

    def __init__(self, types: Sequence[StandInType], *, clock: SandboxClock, profile: str) -> None:
        self.clock, self.profile = clock, profile
        self.faults, self.ledger = Faults(), Ledger()
        self.stand_ins: dict[str, StandIn] = {}
        self.urls: dict[str, str] = {}
        self._types, self._servers = types, list[BaseWSGIServer]()

    def start(self, extra: Mapping[str, Callable[[Sandbox], Flask]] | None = None) -> dict[str, str]:
        """Serve each stand-in, each extra application and the control API on a free loopback port; return the URLs."""
        for make in self._types:
            stand_in = make(self.clock, self.profile)
            self.stand_ins[stand_in.name] = stand_in
            layer = FaultLayer(stand_in.name, stand_in.app, self.faults, self.ledger)
            stand_in.base_url = self._serve(stand_in.name, layer)
        for name, make_app in (extra or {}).items():
            self._serve(name, make_app(self))
        self._serve("control", control_app(self))
        return self.urls

    def stop(self) -> None:
        """Stop serving."""
        for server in self._servers:
            server.shutdown()
            server.server_close()

    def _serve(self, name: str, app: Any) -> str:
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Handler)
        # A short poll, so that stopping takes no half second.
        serve = partial(server.serve_forever, poll_interval=0.05)
        threading.Thread(target=serve, name=f"sandbox-{name}", daemon=True).start()
        self._servers.append(server)
        self.urls[name] = f"http://127.0.0.1:{server.server_port}"
        return self.urls[name]


def control_app(sandbox: Sandbox) -> Flask:
    """Return the control API; it is the sandbox's own and no vendor's."""
    app = Flask("sandbox-control")
    app.json.sort_keys = False  # type: ignore[attr-defined]

    @app.errorhandler(ValueError)
    def refuse(error: ValueError) -> Any:
        return jsonify(error=str(error)), 400

    @app.post("/load/<vendor>")
    def load(vendor: str) -> Any:
        stand_in = sandbox.stand_ins[vendor]
        with stand_in.lock:
            return jsonify(stand_in.load(request.get_json()))

    @app.get("/state/<vendor>")
    def state(vendor: str) -> Any:
        stand_in = sandbox.stand_ins[vendor]
        with stand_in.lock:
            return jsonify(stand_in.dump())

    @app.post("/faults")
    def add_fault() -> Any:
        sandbox.faults.add(request.get_json())
        return jsonify(ok=True)

    @app.delete("/faults")
    def clear_faults() -> Any:
        sandbox.faults.clear()
        return jsonify(ok=True)

    @app.get("/requests")
    def requests_received() -> Any:
        return jsonify(sandbox.ledger.rows(request.args.get("vendor")))

    @app.get("/counts")
    def counts() -> Any:
        return jsonify(sandbox.ledger.counts())

    @app.get("/about")
    def about() -> Any:
        limits = {
            s.name: [f"{r.name}: {r.calls} in {r.per_s:g} s" for r in s.limits]
            for s in sandbox.stand_ins.values()
        }
        return jsonify(
            profile=sandbox.profile,
            limits=limits if sandbox.profile == "vendor" else {},
            now=sandbox.clock.now().isoformat(),
            urls=sandbox.urls,
        )

    @app.post("/clock")
    def advance() -> Any:
        sandbox.clock.advance(float(request.get_json()["advance_s"]))
        return jsonify(now=sandbox.clock.now().isoformat())

    return app
