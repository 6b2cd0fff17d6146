"""Commands that keep running: up, serve, work. SIGTERM and Ctrl-C end them within ten seconds."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from bot.app import Bot
from bot.commands.console import say
from bot.commands.store import configured
from bot.storage.schema import migrate, require_current

if TYPE_CHECKING:
    from slack_bolt import App

log = logging.getLogger(__name__)

WEB_THREADS, LISTENER_THREADS = 8, 8


def up() -> None:
    """Run everything in one process."""
    bot = configured()
    migrate(bot.database.engine)
    run(bot, serves=True, works=True)


def serve() -> None:
    """Answer Slack, the probes and the metrics."""
    bot = configured()
    require_current(bot.database.engine)
    run(bot, serves=True, works=False)


def work() -> None:
    """Run tasks."""
    bot = configured()
    require_current(bot.database.engine)
    run(bot, serves=False, works=True)


def run(bot: Bot, *, serves: bool, works: bool) -> None:
    """Run until a signal comes."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    with ExitStack() as running:
        running.callback(bot.close)
        if works:
            running.enter_context(working(bot))
        if serves:
            port = running.enter_context(serving(bot))
            say(f"Listening on http://{bot.settings.web.host}:{port}")
        stop.wait()
        log.info("stopping")


@contextmanager
def working(bot: Bot) -> Iterator[None]:
    """Run due tasks in this process's threads."""
    from functools import partial

    from bot.engine.local import LocalEngine
    from handlers.jobs import jobs, submit_due

    subscribe_routed_channels(bot)
    shop = bot.workshop
    engine = LocalEngine(
        bot.queue, jobs(shop), partial(submit_due, shop), threads=bot.settings.engine.workers
    )
    engine.start(due_s=bot.settings.engine.tick_s)
    try:
        yield
    finally:
        engine.stop()


@contextmanager
def serving(bot: Bot, host: str = "", port: int | None = None) -> Iterator[int]:
    """Serve HTTP, and Slack's socket where an app-level token is set; yields the port."""
    from waitress.server import create_server

    from handlers.web import web_app

    chosen = bot.settings.web
    with ExitStack() as parts:
        slack = parts.enter_context(listening(bot)) if bot.settings.has_slack else None
        secret = bot.settings.slack.signing_secret
        over_http = slack if secret else None
        app = web_app(bot.health, over_http, secret.get_secret_value() if secret else "")
        server: Any = create_server(
            app, host=host or chosen.host, port=chosen.port if port is None else port, threads=WEB_THREADS, ident=None
        )
        parts.callback(server.close)
        threading.Thread(target=server.run, name="web", daemon=True).start()
        yield server.effective_port


@contextmanager
def listening(bot: Bot) -> Iterator[App]:
    """Make the Bolt app, and connect its socket where an app-level token is set."""
    from handlers.slack_app import listen, slack_app

    token = bot.settings.slack.app_token
    with ExitStack() as parts:
        pool = parts.enter_context(_pool())
        app = slack_app(bot.context, bot.settings.slack.api_url, pool)
        if token:
            parts.callback(listen(app, token.get_secret_value()))
        yield app


def subscribe_routed_channels(bot: Bot) -> None:
    """Subscribe each channel that a route names for digests and that has no subscription yet."""
    from bot.engine.cron import next_time

    chosen, now = bot.settings.digest, bot.clock.now()
    wanted: dict[str, set[str] | None] = {}
    for route in bot.rules.routes.routes:
        for channel in route.digest_channels:
            known = wanted.setdefault(channel, set())
            wanted[channel] = None if known is None or not route.projects else known | set(route.projects)
    with bot.work() as unit:
        for channel, projects in wanted.items():
            if unit.subscriptions.find(channel, "weekly") is None:
                unit.subscriptions.put(
                    channel,
                    "weekly",
                    cron=chosen.cron,
                    zone=chosen.zone,
                    projects=sorted(projects or ()),
                    next_at=next_time(chosen.cron, chosen.zone, now),
                )
        unit.commit()


@contextmanager
def _pool() -> Iterator[ThreadPoolExecutor]:
    """Yield the listeners' threads. At the end nobody waits for them: what they claimed is taken over later."""
    pool = ThreadPoolExecutor(LISTENER_THREADS, "slack-listener")
    try:
        yield pool
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
