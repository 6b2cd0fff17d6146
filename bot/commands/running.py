"""Commands that keep running: up, serve, work. SIGTERM and Ctrl-C end them within ten seconds."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NoReturn

from bot.app import Bot
from bot.commands.console import say
from bot.commands.store import configured
from bot.commands.subscribing import SUBSCRIBE, subscribe
from bot.errors import SettingError
from bot.services.outward import SETTLING_S
from bot.storage.schema import migrate, require_current

if TYPE_CHECKING:
    from slack_bolt import App

WEB_THREADS, LISTENER_THREADS = 8, 8
# How long a thread that computes keeps the interpreter from one that has only to acknowledge. Python's own
# five milliseconds, of each of some threads at each of some turns, are more than it may take.
TURN_S = 0.001
# One after the other; whoever sends SIGTERM gives ten seconds.
WORK_STOPS_S, WEB_STOPS_S, LISTENERS_STOP_S = 4.0, 1.0, 3.0
END_S = 9.0
# The system may hand a signal to any thread; Python's handler runs once the main thread is awake.
HEEDS_S = 0.5
SETTLING = timedelta(seconds=SETTLING_S)
SIGNALS = (signal.SIGTERM, signal.SIGINT)


def up() -> None:
    """Run everything in one process."""
    heed_signals()
    bot = configured()
    migrate(bot.database.engine)
    run(bot, serves=True, works=True)


def serve() -> None:
    """Answer Slack, the probes and the metrics."""
    heed_signals()
    bot = configured()
    require_current(bot.database.engine)
    run(bot, serves=True, works=False)


def work() -> None:
    """Run tasks."""
    heed_signals()
    bot = configured()
    require_current(bot.database.engine)
    run(bot, serves=False, works=True)


def heed_signals() -> None:
    """Let SIGTERM and Ctrl-C end the process in order and with 0, on its way up too."""
    for number in SIGNALS:
        signal.signal(number, _end)


def rest() -> NoReturn:
    """Sleep until a signal, heeded, ends the process."""
    while True:
        time.sleep(HEEDS_S)


def run(bot: Bot, *, serves: bool, works: bool) -> None:
    """Run until a signal, heeded, ends it."""
    with ExitStack() as running:
        running.callback(bot.close)
        if serves:
            port = running.enter_context(serving(bot))
            say(f"Listening on http://{bot.settings.web.host}:{port}")
        if works:
            running.enter_context(working(bot))
            say("Working. Ctrl-C ends it.")
        rest()


@contextmanager
def working(bot: Bot) -> Iterator[None]:
    """Run due tasks in this process's threads."""
    from functools import partial

    from bot.engine.local import LocalEngine
    from bot.engine.queue import Handler
    from handlers.jobs import jobs, submit_due

    shop = bot.workshop
    handlers: dict[str, Handler] = {**jobs(shop), SUBSCRIBE.name: partial(subscribe, bot)}
    engine = LocalEngine(bot.queue, handlers, partial(submit_due, shop), threads=bot.settings.engine.workers)
    bot.queue.submit(SUBSCRIBE)
    engine.start(due_s=bot.settings.engine.tick_s)
    try:
        yield
    finally:
        bot.database.stop_claiming()
        engine.stop(WORK_STOPS_S)
        bot.database.give_up_claims(bot.clock.now() + SETTLING)


@contextmanager
def serving(bot: Bot, host: str = "", port: int | None = None) -> Iterator[int]:
    """Serve HTTP, and Slack's socket where an app-level token is set; yields the port."""
    from handlers.web import web_app

    sys.setswitchinterval(TURN_S)
    chosen = bot.settings.web
    with ExitStack() as parts:
        slack = parts.enter_context(listening(bot)) if bot.settings.has_slack else None
        secret = bot.settings.slack.signing_secret
        over_http = slack if secret else None
        signing = secret.get_secret_value() if secret else ""
        app = web_app(bot.health, over_http, signing, bot.webhooks, bot.installing)
        wanted = chosen.port if port is None else port
        server = _server(app, host or chosen.host, wanted)
        # Requests are answered first. The sockets end with the process: closed here, under the loop that
        # waits for them, they would make it fail.
        parts.callback(server.task_dispatcher.shutdown, timeout=WEB_STOPS_S)
        threading.Thread(target=server.run, name="web", daemon=True).start()
        yield wanted or server.effective_port


@contextmanager
def listening(bot: Bot) -> Iterator[App]:
    """Make the Bolt app, and connect its socket where an app-level token is set."""
    from bot.engine.daemons import DaemonThreads
    from handlers.slack_app import listen, slack_app

    token = bot.settings.slack.app_token
    with ExitStack() as parts:
        threads = DaemonThreads(LISTENER_THREADS, "slack-listener")
        parts.callback(threads.finish, LISTENERS_STOP_S)
        app = slack_app(bot.context, bot.settings.slack.api_url, threads)
        if token:
            parts.callback(listen(app, token.get_secret_value()))
        yield app


def _server(app: Any, host: str, port: int) -> Any:
    """Return the WSGI server, bound. Raises SettingError where it may not listen."""
    from waitress.server import create_server

    try:
        return create_server(app, host=host, port=port, threads=WEB_THREADS, ident=None)
    except (OSError, ValueError) as exc:  # the latter for a host that there is not
        problem = f"{host}:{port} can't be listened on ({getattr(exc, 'strerror', exc)})"
        remedy = "Free it, or set another"
        raise SettingError("VOC_WEB__PORT", problem, feature="serving HTTP", remedy=remedy) from exc


def _end(*_: object) -> NoReturn:
    """Leave the main thread wherever it is; a second signal changes nothing."""
    for number in SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    # A library's thread that never ends would keep the interpreter; by then ours have stopped or given up.
    last = threading.Timer(END_S, os._exit, [0])
    last.daemon = True
    last.start()
    raise SystemExit(0)
