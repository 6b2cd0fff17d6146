"""Socket Mode: an address for one websocket at a time, over which requests reach the app."""

from __future__ import annotations

import json
import secrets
import socketserver
import threading
from collections.abc import Callable, Mapping
from typing import Any

from integrations.sandbox.slack.state import Json, Refused
from integrations.sandbox.slack.websocket import Closed, Peer, accept

MOST_CONNECTIONS = 10
RETRY_NUMBER, RETRY_REASON = "X-Slack-Retry-Num", "X-Slack-Retry-Reason"


class SocketMode:
    """The app's connections, and what waits for acknowledgement. The server starts with the first address."""

    def __init__(self, app_id: Callable[[], str]) -> None:
        self._app_id = app_id
        self._tickets: set[str] = set()
        self._peers: list[Peer] = []
        self._waiting: dict[str, tuple[threading.Event, list[Any]]] = {}
        self._lock = threading.Lock()
        self._changed = threading.Condition(self._lock)
        self._server: socketserver.ThreadingTCPServer | None = None

    @property
    def is_connected(self) -> bool:
        """Whether the app listens on a socket."""
        with self._lock:
            return bool(self._peers)

    def new_address(self) -> str:
        """Return an address that works once. Raises too_many_websockets."""
        with self._lock:
            if len(self._peers) >= MOST_CONNECTIONS:
                raise Refused("too_many_websockets")
            if self._server is None:
                self._server = _serve(self._attend)
            ticket = secrets.token_hex(16)
            self._tickets.add(ticket)
            return f"ws://127.0.0.1:{self._server.server_address[1]}/link/?ticket={ticket}"

    def deliver(
        self, kind: str, payload: Json, within_s: float, headers: Mapping[str, str]
    ) -> tuple[str, Any]:
        """Send an envelope over the newest connection; return (status, the acknowledgement's payload).

        headers: those of the request that it stands for; an event's tell of tries before.
        """
        envelope, done, answers = secrets.token_hex(16), threading.Event(), list[Any]()
        message = {
            "envelope_id": envelope,
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            message["retry_attempt"] = int(headers.get(RETRY_NUMBER, 0))
            message["retry_reason"] = headers.get(RETRY_REASON, "")
        with self._lock:
            if not self._peers:
                return "unreachable", None
            peer = self._peers[-1]
            self._waiting[envelope] = (done, answers)
        try:
            peer.send(json.dumps(message))
            if not done.wait(within_s):
                return "operation_timeout", None
        except OSError:
            return "unreachable", None
        finally:
            with self._lock:
                del self._waiting[envelope]
        return "ok", answers[0]

    def refresh(self, within_s: float) -> bool:
        """Ask the app to connect anew, as Slack does every few hours; return whether it did so."""
        with self._lock:
            old = self._peers[-1]
        old.send(json.dumps({"type": "disconnect", "reason": "refresh_requested", "debug_info": {}}))
        with self._changed:
            return self._changed.wait_for(lambda: bool(self._peers) and old not in self._peers, within_s)

    def stop(self) -> None:
        """Close every connection and stop listening."""
        with self._lock:
            peers, server, self._server = list(self._peers), self._server, None
        for peer in peers:
            peer.close()
        if server is not None:
            server.shutdown()
            server.server_close()

    def _attend(self, handler: socketserver.StreamRequestHandler) -> None:
        """Hold one connection until it ends."""
        path = accept(handler)
        _, _, ticket = path.partition("ticket=")
        with self._lock:
            if ticket not in self._tickets:
                return
            self._tickets.remove(ticket)
            peer = Peer(handler)
            self._peers.append(peer)
            self._changed.notify_all()
        try:
            hello = {
                "type": "hello",
                "num_connections": len(self._peers),
                "connection_info": {"app_id": self._app_id()},
            }
            peer.send(json.dumps(hello))
            while True:
                self._acknowledge(json.loads(peer.receive()))
        except (Closed, OSError, ValueError):
            return
        finally:
            with self._lock:
                self._peers.remove(peer)
                self._changed.notify_all()

    def _acknowledge(self, message: Json) -> None:
        with self._lock:
            waiting = self._waiting.get(str(message.get("envelope_id")))
        if waiting is not None:
            done, answers = waiting
            answers.append(message.get("payload") or "")
            done.set()


def _serve(attend: Callable[[socketserver.StreamRequestHandler], None]) -> socketserver.ThreadingTCPServer:
    class Handler(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            attend(self)

    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.05,), name="slack-sockets", daemon=True).start()
    return server
