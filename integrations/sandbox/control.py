"""The control API: loads, inspects and faults the stand-ins. It is the sandbox's own and no vendor's."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Flask, jsonify, request

if TYPE_CHECKING:
    from integrations.sandbox.serving import Sandbox
    from integrations.sandbox.stand_in import StandIn


class Control:
    """The views of one sandbox's control port; each answers JSON."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox

    def app(self) -> Flask:
        """Return the application."""
        app = Flask("sandbox-control")
        app.json.sort_keys = False  # type: ignore[attr-defined]
        app.register_error_handler(ValueError, lambda error: (jsonify(error=str(error)), 400))
        for method, rule, view in (
            ("POST", "/load/<vendor>", self.load),
            ("GET", "/state/<vendor>", self.state),
            ("POST", "/faults", self.add_fault),
            ("DELETE", "/faults", self.clear_faults),
            ("GET", "/requests", self.requests),
            ("GET", "/counts", lambda: jsonify(self._sandbox.ledger.counts())),
            ("GET", "/about", self.about),
            ("POST", "/clock", self.advance),
        ):
            app.add_url_rule(rule, f"{method} {rule}", view, methods=[method])
        return app

    def _stand_in(self, vendor: str) -> StandIn:
        if vendor not in self._sandbox.stand_ins:
            raise ValueError(f"there is no stand-in for {vendor}")
        return self._sandbox.stand_ins[vendor]

    def load(self, vendor: str) -> Any:
        """Put records into a stand-in's state."""
        stand_in = self._stand_in(vendor)
        with stand_in.lock:
            return jsonify(stand_in.load(request.get_json()))

    def state(self, vendor: str) -> Any:
        """Return a stand-in's state."""
        stand_in = self._stand_in(vendor)
        with stand_in.lock:
            return jsonify(stand_in.dump())

    def add_fault(self) -> Any:
        """Add a rule."""
        self._sandbox.faults.add(request.get_json())
        return jsonify(ok=True)

    def clear_faults(self) -> Any:
        """Drop all rules."""
        self._sandbox.faults.clear()
        return jsonify(ok=True)

    def requests(self) -> Any:
        """Return what was received."""
        return jsonify(self._sandbox.ledger.rows(request.args.get("vendor")))

    def about(self) -> Any:
        """Return profile, limits in force, time and addresses."""
        sandbox = self._sandbox
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

    def advance(self) -> Any:
        """Move the time forward."""
        self._sandbox.clock.advance(float(request.get_json()["advance_s"]))
        return jsonify(now=self._sandbox.clock.now().isoformat())
