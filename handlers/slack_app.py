"""The Bolt app: every listener is named here, acknowledges first, and does its work in a pool of its own."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.error import BoltUnhandledRequestError
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.i18n import speaking
from handlers import (
    actions,
    captures,
    channels,
    commands,
    digests,
    events,
    home,
    new_tickets,
    sessions,
    shortcuts,
    themes,
    unfurls,
    views,
    workspaces,
)
from handlers.context import Context
from handlers.handling import handle, is_kept, offered, pass_over, spoken
from handlers.interaction import Interaction
from integrations.slack.blocks import ids
from integrations.slack.client import classed

log = logging.getLogger(__name__)

KNOWN = "is_known"  # of a request: whether it tells of an event that came before

ACKNOWLEDGING_THREADS = 4  # they only acknowledge and pass on, so few never make a request wait


def _nothing(context: Context, act: Interaction) -> None:
    """Do nothing: pressing a link needs no more than the acknowledgement, nor does an event of no use."""


def _all(context: Context, body: Mapping[str, Any]) -> bool:
    return True


@dataclass(frozen=True, slots=True)
class Listener:
    """One thing that people can do, or that happens.

    kind: Bolt's registration; name: what Slack calls it; handle: does the work, after the acknowledgement. Of
    "options" it returns them, before: they are the acknowledgement.
    refuse: from the request alone, the acknowledgement that keeps a dialog open, saying why; {} to go on.
    meanwhile: from the request alone, what its acknowledgement lets the dialog show while the work is done.
    concerns: of an event, by what it says and what is stored, whether it is to be handled at all; asks Slack
    nothing, as most of what happens in a workspace is nothing to Voc.
    """

    kind: str
    name: str | re.Pattern[str]
    handle: Callable[[Context, Interaction], Any]
    refuse: Callable[[Mapping[str, Any]], dict[str, Any]] = lambda body: {}
    meanwhile: Callable[[Mapping[str, Any]], dict[str, Any]] = lambda body: {}
    concerns: Callable[[Context, Mapping[str, Any]], bool] = _all

    @property
    def label(self) -> str:
        """Its name in the log."""
        return f"{self.kind} {self.name}"

    @property
    def is_idle(self) -> bool:
        """Whether it does nothing but acknowledge."""
        return self.handle is _nothing

    def is_for(self, name: str) -> bool:
        """Return whether it is for what Slack calls so."""
        return self.name == name if isinstance(self.name, str) else bool(self.name.match(name))


LISTENERS = (
    Listener("command", commands.COMMAND, commands.answer),
    Listener("action", ids.ATTACH, actions.attach),
    Listener("action", ids.NOT_FEEDBACK, actions.set_aside),
    Listener("action", ids.UNDO, actions.undo),
    Listener("action", ids.OTHER_TICKET, views.open_other_ticket),
    Listener("action", re.compile(f"^{ids.SHOW}"), commands.show),
    Listener("action", ids.SHARE, commands.share),
    Listener("action", ids.ADD_UNDO, commands.undo_add),
    Listener("action", ids.REVIEW, sessions.begin),
    Listener("action", ids.SESSION_ATTACH, sessions.attach),
    Listener("action", ids.SESSION_ASIDE, sessions.set_aside),
    Listener("action", ids.SESSION_SKIP, sessions.skip),
    Listener("action", ids.SESSION_ASK, sessions.ask),
    Listener("action", ids.SESSION_UNDO, sessions.undo),
    Listener("action", ids.SESSION_MORE, sessions.more),
    Listener("action", ids.SESSION_CREATE, new_tickets.open_of_piece),
    Listener("action", ids.SESSION_BACK, new_tickets.go_back),
    Listener("action", ids.SESSION_THEME, sessions.open_theme),
    Listener("action", ids.TICKET, sessions.attach_to_other),
    Listener("options", ids.TICKET, views.options),
    Listener("options", ids.ASKED, new_tickets.choices),
    Listener("view", ids.PIECE_THEME_VIEW, sessions.submit_theme, sessions.what_is_missing),
    Listener("action", ids.HOME_ATTACH, home.set_attach),
    Listener("action", ids.HOME_WRITE, home.set_write),
    Listener("action", ids.HOME_THRESHOLD, home.open_threshold),
    Listener("action", ids.HOME_QUIET, home.open_quiet),
    Listener("view", ids.THRESHOLD_VIEW, home.submit_threshold, home.what_is_no_score),
    Listener("view", ids.QUIET_VIEW, home.submit_quiet, home.what_are_no_hours),
    Listener("event", "app_home_opened", home.opened),
    Listener("action", ids.THEME_ATTACH, themes.open_attach),
    Listener("action", ids.THEME_CREATE, new_tickets.open_of_theme),
    Listener("action", ids.THEME_DISMISS, themes.dismiss),
    Listener("action", ids.THEME_RESTORE, themes.restore),
    Listener("action", re.compile(f"{ids.DIGEST_LIST}:"), digests.open_list),
    Listener("action", ids.DIGEST_MENU, digests.open_from_menu),
    Listener("action", re.compile(f"{ids.LIST_TAB}:|{ids.LIST_PAGE}:"), digests.turn_list),
    Listener("action", ids.DIGEST_SHORTER, digests.make(-1)),
    Listener("action", ids.DIGEST_LONGER, digests.make(+1)),
    Listener("action", ids.DIGEST_PAUSE, digests.open_pause),
    Listener("action", ids.DIGEST_SCOPE, digests.open_scope),
    Listener("view", ids.PAUSE_VIEW, digests.submit_pause),
    Listener("view", ids.SCOPE_VIEW, digests.submit_scope),
    Listener("action", ids.PROJECT, new_tickets.choose_project),
    Listener("action", ids.KIND, new_tickets.choose_kind),
    Listener(
        "view",
        ids.NEW_TICKET_VIEW,
        new_tickets.submit,
        new_tickets.what_is_missing,
        meanwhile=new_tickets.meanwhile,
    ),
    Listener("view", ids.OTHER_TICKET_VIEW, views.submit, views.what_is_missing),
    Listener("shortcut", ids.ADD_MESSAGE, shortcuts.open_message),
    Listener("shortcut", ids.ADD, shortcuts.open_by_hand),
    Listener("shortcut", ids.ATTACH_MESSAGE, shortcuts.open_attach),
    Listener("shortcut", ids.WHO_ELSE, shortcuts.show_alike),
    Listener("view", ids.ADD_MESSAGE_VIEW, shortcuts.submit_message, shortcuts.what_is_not_theirs),
    Listener("view", ids.ADD_VIEW, shortcuts.submit_by_hand),
    Listener("action", re.compile(".*"), _nothing),  # the last of its kind: links and choices in dialogs
    Listener("event", "link_shared", unfurls.show, concerns=unfurls.is_for_us_alone),
    Listener("event", "message", captures.message, concerns=captures.is_message_of_ours),
    Listener("event", "reaction_added", captures.reaction, concerns=captures.is_reaction_of_ours),
    Listener("event", "reaction_removed", captures.reaction, concerns=captures.is_reaction_of_ours),
    *(
        Listener("event", kind, channels.changed, concerns=channels.concerns)
        for kind in sorted({*channels.SHUTS, *channels.OPENS, *channels.RENAMES})
    ),
    Listener("event", "app_uninstalled", workspaces.leave),
    Listener("event", "tokens_revoked", workspaces.leave),
    Listener("event", re.compile(".*"), _nothing, concerns=lambda context, body: False),  # likewise
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
        before = [_keeping(context, listener)]
        listen_to = getattr(app, listener.kind)(listener.name, middleware=before)
        listen_to(_acknowledging(context, listener, executor))
    return app


def listen(app: App, app_token: str) -> Callable[[], None]:
    """Reach the app over a websocket from now on, reconnecting as needed; return what ends that.

    Raises IntegrationError when Slack gives no address for the first connection.
    """
    handler = SocketModeHandler(app, app_token)
    try:
        handler.connect()  # type: ignore[no-untyped-call]
    except (SlackApiError, OSError) as exc:
        raise classed(exc, "opening the socket", writes=False) from exc
    close: Callable[[], None] = handler.close
    return close


def _keeping(context: Context, listener: Listener) -> Callable[..., BoltResponse | None]:
    """Return what keeps an event before Bolt acknowledges it, which it does before any listener."""

    def keep(request: BoltRequest, body: dict[str, Any], next_: Callable[[], None]) -> BoltResponse | None:
        try:
            request.context[KNOWN] = is_kept(listener, body) and not events.keep(context, body)
        except events.NotKept as exc:
            facts = {"event_id": body["event_id"], "error": exc.reason}
            log.warning("event not kept, so not acknowledged: Slack sends it again", extra=facts)
            return BoltResponse(status=503)
        next_()
        return None

    return keep


def _acknowledging(context: Context, listener: Listener, executor: Executor) -> Callable[..., None]:
    def offer(ack: Ack, body: dict[str, Any]) -> None:
        ack(options=offered(context, listener, body))

    def acknowledge(ack: Ack, body: dict[str, Any], request: BoltRequest) -> None:
        events.note_retry(request.headers, body)
        with speaking(spoken(context, body)):
            refusal = listener.refuse(body)
            ack(**(refusal or listener.meanwhile(body)))
        if not refusal:
            is_known = request.context.get(KNOWN, False)
            executor.submit(pass_over if is_known else handle, context, listener, body)

    return offer if listener.kind == "options" else acknowledge


def handle_kept(context: Context, body: Mapping[str, Any]) -> None:
    """Handle an event that was kept, by a process that did not come to it."""
    kind = body["event"]["type"]
    handle(context, next(one for one in LISTENERS if one.kind == "event" and one.is_for(kind)), body)


def _unanswered(error: Exception) -> BoltResponse:
    """Return the status for what no listener took or could acknowledge; bodies stay out of the log."""
    if isinstance(error, BoltUnhandledRequestError):
        if error.request.body.get("type") == "app_rate_limited":
            log.warning(
                "events dropped by Slack", extra={"minute": error.request.body.get("minute_rate_limited")}
            )
            return BoltResponse(status=200)
        log.warning("unknown interaction ignored")
        return BoltResponse(status=404)
    log.error("acknowledgement failed", extra={"error": type(error).__name__}, exc_info=error)
    return BoltResponse(status=500)
