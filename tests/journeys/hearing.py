"""A life that acknowledges what Slack sends and comes to nothing of it, as one that is killed right after."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import replace
from pathlib import Path
from typing import Any

from werkzeug.serving import make_server

from bot.app import Bot
from bot.engine.clock import SystemClock
from handlers.slack_app import slack_app
from handlers.web import web_app


class Deaf(Executor):
    """An executor of a process that never comes to its work."""

    def submit(self, fn: Callable[..., Any], /, *args: Any, **kwargs: Any) -> Future[Any]:
        return Future()


def hear(bot: Bot, address: Path) -> None:
    """Acknowledge what Slack sends, and do nothing of it, until the end. address: where to write ours."""
    secret = bot.settings.slack.signing_secret
    assert secret
    app = slack_app(bot.context, bot.settings.slack.api_url, Deaf())
    # Requests are signed in the machine's time.
    web = web_app(replace(bot.health, clock=SystemClock()), app, secret.get_secret_value())
    server = make_server("127.0.0.1", 0, web, threaded=True)
    address.write_text(f"http://127.0.0.1:{server.server_port}/slack/events", encoding="utf-8")
    server.serve_forever()
