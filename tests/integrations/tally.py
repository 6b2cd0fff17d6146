"""The smallest vendor there can be, to try the sandbox's core on."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, ClassVar

import requests
from flask import Flask, jsonify, request

from integrations.sandbox.client import SandboxClient
from integrations.sandbox.serving import Sandbox
from integrations.sandbox.stand_in import StandIn

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


class Tally(StandIn):
    """A vendor that counts: POST /notes/<name> adds a note, GET /notes tells all."""

    name: ClassVar[str] = "tally"

    def make_app(self) -> Flask:
        self.notes: list[str] = []
        app = Flask("tally")
        app.add_url_rule("/notes", view_func=lambda: jsonify(self.notes))
        app.add_url_rule("/notes/<name>", view_func=self._add, methods=["POST"])
        return app

    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        self.notes += data["notes"]
        return {"notes": len(data["notes"])}

    def dump(self) -> dict[str, Any]:
        return {"notes": list(self.notes)}

    def _add(self, name: str) -> Any:
        with self.lock:
            self.notes.append(f"{name} {len(request.get_data())}")
            return jsonify(number=len(self.notes)), 201


class Running:
    """A sandbox with the tally, its client, and connections to it."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.client = SandboxClient(sandbox.start())
        self.url = sandbox.urls["tally"]
        self.sandbox = sandbox

    def connect(self) -> socket.socket:
        """Return a connection of our own, so that a test sees what a client library would hide."""
        connection = socket.create_connection(("127.0.0.1", int(self.url.rpartition(":")[2])))
        connection.settimeout(10)
        return connection

    def add(self, name: str = "a", body: bytes = b"", timeout_s: float = 10) -> requests.Response:
        return requests.post(f"{self.url}/notes/{name}", data=body, timeout=timeout_s)

    @property
    def notes(self) -> list[str]:
        return list(self.client.state("tally")["notes"])


def ask(connection: socket.socket, body: bytes = b"", head: str = "") -> tuple[bytes, str]:
    """Send a POST and return (what came, how it ended: "whole", "closed" or "reset")."""
    head = head or f"Content-Length: {len(body)}\r\n"
    connection.sendall(f"POST /notes/a HTTP/1.1\r\nHost: x\r\n{head}\r\n".encode() + body)
    came = b""
    while True:
        try:
            more = connection.recv(65_536)
        except ConnectionResetError:
            return came, "reset"
        came += more
        if not more:
            return came, "closed"
        if is_whole(came):
            return came, "whole"


def is_whole(answer: bytes) -> bool:
    head, found, body = answer.partition(b"\r\n\r\n")
    length = next((line for line in head.split(b"\r\n") if line.startswith(b"Content-Length:")), b":0")
    return bool(found) and len(body) >= int(length.partition(b":")[2])
