"""Slack's Web API with Voc's errors: what was refused is waited for, what may have happened is not resent."""

from __future__ import annotations

import http.client
import logging
import re
import socket
import time
import urllib.error
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Protocol

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.errors import (
    AccessError,
    AnswerError,
    IntegrationError,
    NotFoundError,
    TransientError,
    UncertainError,
)
from bot.i18n import later
from integrations.pages import Tokens

VENDOR = "slack"
TIMEOUT_S = 15
TRIES = 4
LONGEST_WAIT_S = 65.0
# A write is done under a claim that must outlive it, and the claim's owner comes back anyway.
WRITE_TRIES, LONGEST_WRITE_WAIT_S = 2, 10.0

CHANNELS = ("channel", "channel_id")  # arguments and fields that hold a channel

_REINSTALL = (
    "invalid_auth not_authed account_inactive token_revoked token_expired not_allowed_token_type"
    " org_login_required"
)
_ASK_ADMIN = (
    "no_permission access_denied team_access_not_granted ekm_access_denied restricted_action"
    " restricted_action_read_only_channel restricted_action_thread_only_channel"
)
REMEDIES: Mapping[str, str] = {
    **dict.fromkeys(_REINSTALL.split(), later("reinstall the app and set its bot token anew")),
    **dict.fromkeys(_ASK_ADMIN.split(), later("ask a workspace admin to let the app do this")),
    "not_in_channel": later("type /invite @voc in the channel"),
    "channel_not_found": later("check the channel’s id; in a private channel type /invite @voc"),
    "is_archived": later("unarchive the channel or choose another"),
    "is_inactive": later("unarchive the channel or choose another"),
    "no_such_channel": later(
        "put the channel’s new name or its id into the settings; in a private channel type /invite @voc"
    ),
    "ext_shared": later("let only your own organisation read the channel, or name it in the settings"),
    "missing_scope": later("add the scope under OAuth & Permissions and reinstall the app"),
}
GONE = frozenset(
    {"message_not_found", "thread_not_found", "user_not_found", "file_not_found", "file_deleted", "not_found"}
)
# Slack: "some aspect of the operation may have succeeded before the error was raised".
MAYBE_DONE = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})


def web_client(token: str, api_url: str, *, timeout_s: int = TIMEOUT_S) -> WebClient:
    """Return slack_sdk's client without its retries, which resend a message when only its answer was lost.

    Its log would carry Slack's raw answers, so it has none.
    """
    return WebClient(
        token=token, base_url=api_url.rstrip("/") + "/", timeout=timeout_s, retry_handlers=[], logger=silent()
    )


def silent() -> logging.Logger:
    """Return a logger that says nothing."""
    logger = logging.getLogger("slack_sdk.silent")
    logger.setLevel(logging.CRITICAL + 1)
    return logger


class Apis(Protocol):
    """The workspaces that Voc is in."""

    def of(self, channel: str) -> SlackApi:
        """Return the channel's workspace, the settings' own for "". Raises AccessError for a stranger's."""
        ...

    def all(self) -> Sequence[SlackApi]:
        """Return every workspace, the settings' own first."""
        ...


class SlackApi:
    """Calls of Web API methods in one workspace.

    client: called for each request, so that a rotated token is picked up. team: the workspace's id, which
    then stands before its channels' ids everywhere ("T…/C…"); "" for the settings' own, where none does.
    """

    def __init__(
        self, client: Callable[[], WebClient], sleep: Callable[[float], None] = time.sleep, *, team: str = ""
    ) -> None:
        self._client, self._sleep, self.team = client, sleep, team

    def of(self, channel: str) -> SlackApi:
        """Return the workspace of the channel: this one. Raises AccessError for another's."""
        self._bare(channel, "choosing a workspace")
        return self

    def all(self) -> Sequence[SlackApi]:
        """Return every workspace: this one."""
        return [self]

    def named(self, channel: str) -> str:
        """Return what the channel with this id is called outside of this workspace."""
        return f"{self.team}/{channel}" if self.team and channel and "/" not in channel else channel

    def read(self, method: str, doing: str, **arguments: Any) -> Mapping[str, Any]:
        """Return the answer to a method that changes nothing; faults are waited out."""
        return self._call(method, doing, arguments, repeats=True)

    def upsert(self, method: str, doing: str, **arguments: Any) -> Mapping[str, Any]:
        """Return the answer to a write that may be done twice; faults are waited out."""
        return self._call(method, doing, arguments, repeats=True, writes=True)

    def write(self, method: str, doing: str, **arguments: Any) -> Mapping[str, Any]:
        """Return the answer to a write. Only what Slack refused by its rate limits is sent again."""
        return self._call(method, doing, arguments, repeats=False, writes=True)

    def pages(self, method: str, doing: str, **arguments: Any) -> Iterator[Mapping[str, Any]]:
        """Yield every page of a listing."""
        tokens, cursor = Tokens(VENDOR, doing), ""
        while True:
            page = self.read(method, doing, **arguments, **({"cursor": cursor} if cursor else {}))
            yield page
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return
            tokens.next(cursor)

    def identity(self) -> tuple[str, frozenset[str]]:
        """Return (who the app is, the scopes that it has)."""
        answer = self._answer("auth.test", "checking the token", {}, repeats=True)
        granted = next((str(v) for k, v in answer.headers.items() if k.lower() == "x-oauth-scopes"), "")
        scopes = frozenset(name.strip() for name in granted.split(",") if name.strip())
        return f"@{answer['user']} in {answer['team']}", scopes

    def _call(self, method: str, doing: str, arguments: Mapping[str, Any], **how: bool) -> Mapping[str, Any]:
        data = self._answer(method, doing, arguments, **how).data
        if not isinstance(data, dict):
            raise AnswerError(VENDOR, doing, "not an object")
        return with_names(self.named, data) if self.team else data

    def _bare(self, value: Any, doing: str, name: str = "channel") -> Any:
        """Return a channel's id as Slack knows it. Raises AccessError for a channel of another workspace."""
        if name not in CHANNELS or not isinstance(value, str) or "/" not in value:
            return value
        team, _, channel = value.partition("/")
        if team != self.team:
            raise AccessError(VENDOR, doing, "a channel of another workspace")
        return channel

    def _answer(
        self, method: str, doing: str, arguments: Mapping[str, Any], *, repeats: bool, writes: bool = False
    ) -> SlackResponse:
        tries, left_s = (WRITE_TRIES, LONGEST_WRITE_WAIT_S) if writes else (TRIES, LONGEST_WAIT_S)
        for attempt in range(tries):
            try:
                sent = {name: self._bare(value, doing, name) for name, value in arguments.items()}
                client = self._client()
                return client.api_call(method, json=sent) if writes else client.api_call(method, data=sent)
            except (SlackApiError, OSError, http.client.HTTPException, UnicodeDecodeError) as exc:
                failure = classed(exc, doing, writes=writes)
                wait_s = _wait_s(failure, attempt, repeats)
                if attempt + 1 == tries or wait_s is None or wait_s > left_s:
                    raise failure from exc
                self._sleep(wait_s)
                left_s -= wait_s
        raise AssertionError("the last try returns or raises")


def is_direct(channel: str) -> bool:
    """Return whether the channel holds one person's direct messages with Voc."""
    return channel.rpartition("/")[2].startswith("D")


def with_names(named: Callable[[str], str], found: Mapping[str, Any]) -> dict[str, Any]:
    """Return an answer or a request of Slack's with its channels called as they are elsewhere."""
    changed = dict(found)
    for name in CHANNELS:
        match changed.get(name):
            case str() as channel:
                changed[name] = named(channel)
            case {"id": str() as channel, **rest}:
                changed[name] = {**rest, "id": named(channel)}
    return changed


def classed(exc: Exception, doing: str, *, writes: bool) -> IntegrationError:
    """Return the error that says what to do next."""
    lost = UncertainError if writes else TransientError
    if isinstance(exc, SlackApiError):
        return _refused(exc, doing, lost)
    cause = exc.reason if isinstance(exc, urllib.error.URLError) else exc
    was_sent = not isinstance(cause, ConnectionRefusedError | socket.gaierror)
    return (lost if was_sent else TransientError)(VENDOR, doing, type(cause).__name__)


def _refused(exc: SlackApiError, doing: str, lost: type[IntegrationError]) -> IntegrationError:
    answer = exc.response
    code = str(answer.get("error", "")) if isinstance(answer.data, dict) else ""
    if answer.status_code == 429 or code == "ratelimited":
        wait = next((v for k, v in answer.headers.items() if k.lower() == "retry-after"), "")
        return TransientError(
            VENDOR, doing, "ratelimited", retry_after_s=float(wait) if wait.isdigit() else 1.0
        )
    if answer.status_code >= 500 or code in MAYBE_DONE or not re.fullmatch("[a-z0-9_]+", code):
        return lost(VENDOR, doing, code if code in MAYBE_DONE else str(answer.status_code))
    if code in REMEDIES:
        needed = f" {answer['needed']}" if code == "missing_scope" and answer.get("needed") else ""
        return AccessError(VENDOR, doing, code + needed, remedy=REMEDIES[code])
    return (NotFoundError if code in GONE else AnswerError)(VENDOR, doing, code)


def _wait_s(failure: IntegrationError, attempt: int, repeats: bool) -> float | None:
    """Return how long to wait before the next try, None when there must be none."""
    asked = failure.retry_after_s if isinstance(failure, TransientError) else None
    if asked is not None:
        return asked
    may_repeat = repeats and isinstance(failure, TransientError | UncertainError)
    return 0.5 * 2**attempt if may_repeat else None
