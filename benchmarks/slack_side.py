"""As little of Slack as a load needs: an API that says yes at once, and when each answer came."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

TEAM, USER = "T0BENCH001", "U0BENCH001"
YES: dict[str, Any] = {
    "ok": True,
    "team_id": TEAM,
    "user_id": "U0VOC00001",
    "user": {"id": USER, "team_id": TEAM, "tz": "Europe/Berlin", "locale": "en-GB"},
    "users": [USER],
    "members": [USER],
    "channel": {"id": "C0BENCH001", "name": "bench", "is_member": True},
    "ts": "1.000001",
    "message": {},
    "view": {"id": "V0BENCH001", "hash": "1.a"},
}


class SlackSide:
    """url: its address. came: when the first answer to each act came, by the act's id."""

    def __init__(self, url: str, came: dict[str, float]) -> None:
        self.url, self.came = url, came

    def response_url(self, act: str) -> str:
        """Return where the act's answer is to go."""
        return f"{self.url}/response/{act}"


@contextmanager
def slack_side() -> Iterator[SlackSide]:
    """Serve it until the end."""
    came: dict[str, float] = {}

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            act = _act(self.path, body, self.headers.get("Content-Type") or "")
            came.setdefault(act, time.perf_counter())
            self._say_yes(body, self.headers.get("Content-Type") or "")

        def do_GET(self) -> None:
            self.do_POST()

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

        def _say_yes(self, body: bytes, kind: str) -> None:
            asked = _arguments(body, kind)
            own = {"channel": asked["channel"]} if "text" in asked and "channel" in asked else {}
            if self.path.endswith("/users.list"):
                own = {"members": [YES["user"]]}
            answer = json.dumps({**YES, **own, "ts": asked.get("ts", YES["ts"])}).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    server = _Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield SlackSide(f"http://127.0.0.1:{server.server_address[1]}", came)
    finally:
        server.shutdown()
        server.server_close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128  # of five, a connection that finds it full tries again after a second


def _act(path: str, body: bytes, kind: str) -> str:
    """Return the act that the request answers: by its response_url, the message, or whose home."""
    what, _, act = path.strip("/").partition("/")
    asked = {} if what == "response" else _arguments(body, kind)
    return act if what == "response" else str(asked.get("ts") or asked.get("user_id") or "")


def _arguments(body: bytes, kind: str) -> dict[str, Any]:
    if kind.startswith("application/json"):
        read = json.loads(body or b"{}")
        return read if isinstance(read, dict) else {}
    return {name: values[-1] for name, values in parse_qs(body.decode()).items()}
