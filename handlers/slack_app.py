"""The Bolt app: every listener is named here, acknowledges first, and does its work in a pool of its own."""

from __future__ import annotations

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient

from bot.errors import AccessError, IntegrationError, RequestError, VocError
from handlers import actions, commands, views
from handlers.context import Context
from handlers.interaction import Interaction, Repeated, read, words
from integrations.slack.blocks import ids

log = logging.getLogger(__name__)

ACKNOWLEDGING_THREADS = 4  # they only acknowledge and pass on, so few never make a request wait


def _nothing(context: Context, act: Interaction) -> None:
    """Do nothing: pressing a link needs no more than the acknowledgement."""


@dataclass(frozen=True, slots=True)
class Listener:
    """One thing that people can do.

    kind: Bolt's registration; name: what Slack calls it; handle: does the work, after the acknowledgement.
    refuse: from the request alone, the acknowledgement that keeps a dialog open, saying why; {} to go on.
    """

    kind: str
    name: str | re.Pattern[str]
    handle: Callable[[Context, Interaction], None]
    refuse: Callable[[Mapping[str, Any]], dict[str, Any]] = lambda body: {}


LISTENERS = (
    Listener("command", commands.COMMAND, commands.answer),
    Listener("action", ids.ATTACH, actions.attach),
    Listener("action", ids.NOT_FEEDBACK, actions.set_aside),
    Listener("action", ids.UNDO, actions.undo),
    Listener("action", ids.OTHER_TICKET, views.open_other_ticket),
    Listener("action", ids.SEARCH, views.search),
    Listener("view", ids.OTHER_TICKET_VIEW, views.submit, views.what_is_missing),
    Listener("action", re.compile(".*"), _nothing),  # the last: links and choices in dialogs
)


def slack_app(context: Context, api_url: str, executor: Executor) -> App:
    """Return the app for Socket Mode and HTTP alike. It trusts what it is given: `web` checks signatures.

    api_url: the Web API's address. executor: does each listener's work; whoever made it stops it.
    """
    app = App(
        name="voc",
        client=WebClient(base_url=api_url.rstrip("/") + "/", retry_handlers=[]),
        # A callable, since Bolt would else ask auth.test before the first acknowledgement.
        authorize=lambda: AuthorizeResult(enterprise_id=None, team_id=None),
        token_verification_enabled=False,
        request_verification_enabled=False,
        ssl_check_enabled=False,
        raise_error_for_unhandled_request=True,
        listener_executor=ThreadPoolExecutor(ACKNOWLEDGING_THREADS, "slack-ack"),
    )
    app.error(_unanswered)
    for listener in LISTENERS:
        getattr(app, listener.kind)(listener.name)(_acknowledging(context, listener, executor))
    return app


def _acknowledging(context: Context, listener: Listener, executor: Executor) -> Callable[..., None]:
    def acknowledge(ack: Ack, body: dict[str, Any]) -> None:
        refusal = listener.refuse(body)
        ack(**refusal)
        if not refusal:
            executor.submit(handle, context, listener, body)

    return acknowledge


def handle(context: Context, listener: Listener, body: Mapping[str, Any]) -> None:
    """Do the listener's work and tell the person what went wrong, if anything did."""
    act = read(context, body)
    try:
        listener.handle(context, act)
    except Repeated:
        log.info("delivery repeated", extra={"listener": str(listener.name)})
    except Exception as exc:  # noqa: BLE001 - the boundary: whatever it is, the person hears of it
        _tell(act, _said(exc, listener))


def _said(exc: Exception, listener: Listener) -> str:
    """Return what the person is told; what is no fault of theirs is logged, under a reference."""
    if isinstance(exc, RequestError):
        return str(exc)
    reference, facts = secrets.token_hex(3), {"listener": str(listener.name), "error": type(exc).__name__}
    log.error(
        "interaction failed",
        extra={**facts, "reference": reference},
        exc_info=None if isinstance(exc, VocError) else exc,
    )
    if isinstance(exc, AccessError) and exc.remedy:
        return f"{exc}. What helps: {exc.remedy} (reference {reference})."
    if isinstance(exc, IntegrationError):
        return f"{exc}. Try again in a moment (reference {reference})."
    return f"Something went wrong (reference {reference})."


def _tell(act: Interaction, text: str) -> None:
    try:
        act.reply(words(text))
    except IntegrationError as exc:
        log.warning("answer not delivered", extra={"error": type(exc).__name__})


def _unanswered(error: Exception) -> BoltResponse:
    """Return the status for what no listener took or could acknowledge; bodies stay out of the log."""
    if isinstance(error, BoltUnhandledRequestError):
        log.warning("unknown interaction ignored")
        return BoltResponse(status=404)
    log.error("acknowledgement failed", extra={"error": type(error).__name__}, exc_info=error)
    return BoltResponse(status=500)
