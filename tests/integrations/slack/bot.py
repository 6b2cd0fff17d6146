"""An application on a loopback port, as the far end of what Slack sends."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from integrations.sandbox.serving import Server


@contextmanager
def running_bot(app: Flask) -> Iterator[str]:
    server = Server(app)
    try:
        yield server.url
    finally:
        server.stop()
