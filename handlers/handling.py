"""The work of a listener, after its acknowledgement: done once, and a failure told where it belongs."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bot.errors import RequestError
from bot.i18n import speaking, t
from handlers import events
from handlers.context import Context
from handlers.errors import told
from handlers.interaction import Interaction, Repeated, read, words
from handlers.surfaces import respond
from handlers.workspaces import placed, team_of

if TYPE_CHECKING:
    from handlers.slack_app import Listener

log = logging.getLogger(__name__)


def offered(context: Context, listener: Listener, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return what a select offers; nothing to who may not choose, nor where it can't be found out."""
    try:
        context, body = placed(context, body)
        found: list[dict[str, Any]] = listener.handle(context, read(context, body))
    except RequestError:
        return []
    except Exception as exc:  # noqa: BLE001 - the select must be answered
        log.error("options not offered", extra={"listener": listener.label, "error": type(exc).__name__})
        return []
    return found


def spoken(context: Context, body: Mapping[str, Any]) -> str:
    """Return the person's language as far as it is known without asking Slack, else the settings'."""
    directory = context.teams.directory(team_of(body)) if context.teams else context.directory
    user = body.get("user")
    return (directory.known_language(user["id"]) if isinstance(user, Mapping) else "") or context.language


def is_kept(listener: Listener, body: Mapping[str, Any]) -> bool:
    """Return whether the request tells of an event that must not be lost between its two pools."""
    return listener.kind == "event" and not listener.is_idle and not events.is_by_us(body)


def pass_over(context: Context, listener: Listener, body: Mapping[str, Any]) -> None:
    """Do nothing about an event that came before."""
    log.info("delivery repeated", extra={"listener": listener.label})


def handle(context: Context, listener: Listener, body: Mapping[str, Any]) -> None:
    """Do the listener's work and tell the person what went wrong, if anything did.

    An event is kept until then: where this process ends before, `handle_kept` goes on.
    """
    try:
        was_handled = _is_handled(context, listener, body)
        if is_kept(listener, body):
            events.finish(context, body, was_handled=was_handled)
    except Exception as exc:  # noqa: BLE001 - the thread's boundary: nobody else would hear of it
        log.error("answer not delivered", extra={"listener": listener.label, "error": type(exc).__name__})


def _is_handled(context: Context, listener: Listener, body: Mapping[str, Any]) -> bool:
    """Do the listener's work, unless it is none for it; return whether it was done."""
    try:
        context, body = placed(context, body)
    except RequestError as exc:
        _refuse(body, exc, listener)
        return False
    if events.is_event(body) and not _is_to_be_handled(context, listener, body):
        return False
    act = read(context, body)
    with speaking((act.user and context.directory.language(act.user)) or context.language):
        if problem := _work(context, listener, act):
            act.reply(words(problem))
    return True


def _refuse(body: Mapping[str, Any], exc: RequestError, listener: Listener) -> None:
    """Say no to a workspace that Voc is not in: there is no token for it, but the request has an address."""
    log.warning("request of a workspace without Voc refused", extra={"listener": listener.label})
    if url := body.get("response_url"):
        respond(url, words(t(exc.message, **exc.facts)))


def _is_to_be_handled(context: Context, listener: Listener, body: Mapping[str, Any]) -> bool:
    """Return whether the event is one of others that concerns Voc and was not handled before."""
    if events.is_by_us(body) or not listener.concerns(context, body):
        return False
    if events.is_open(context, body):
        return True
    pass_over(context, listener, body)
    return False


def _work(context: Context, listener: Listener, act: Interaction) -> str:
    """Do the listener's work; return what to tell the person of a failure, "" without one."""
    try:
        listener.handle(context, act)
    except Repeated:
        log.info("delivery repeated", extra={"listener": listener.label})
    except Exception as exc:  # noqa: BLE001 - whatever it is, the person hears of it
        return told(exc, listener.label, is_asked=listener.kind != "event")
    return ""
