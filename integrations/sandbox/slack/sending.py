"""How Slack reaches the app: a signed request held to three seconds, or an envelope over a socket."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import requests

from integrations.sandbox.slack.state import Json

if TYPE_CHECKING:
    from integrations.sandbox.slack.stand_in import SlackStandIn

ACKNOWLEDGE_WITHIN_S = 3.0
FORM, JSON = "application/x-www-form-urlencoded", "application/json"
NO_RETRY = "no_retry"


@dataclass(frozen=True, slots=True)
class Request:
    """What was sent: the payload, and the body in which HTTP carries it."""

    kind: str
    payload: Json
    body: str
    content_type: str


class Sender:
    """The way from Slack to the app. Every sending returns (status, the acknowledgement's body).

    sent: the newest requests, oldest first, so that one can be sent again.
    status: "ok", "operation_timeout", "http_<code>", "unreachable", or "no_retry" where a refusal asks for no
    further try.
    """

    def __init__(self, slack: SlackStandIn) -> None:
        self._slack = slack
        self.sent: deque[Request] = deque(maxlen=50)
        self._session = requests.Session()
        self._session.trust_env = False

    def send(
        self, kind: str, payload: Json, body: str, content_type: str, headers: Mapping[str, str] | None = None
    ) -> tuple[str, Any]:
        """Send the payload over the socket as an envelope of that kind, else the body over HTTP."""
        self.sent.append(Request(kind, payload, body, content_type))
        if self._slack.sockets.is_connected:
            return self._slack.sockets.deliver(kind, payload, ACKNOWLEDGE_WITHIN_S, headers or {})
        bot = self._slack.space.bot
        own = signed(str(bot["signing_secret"]), body, int(time.time()))
        try:
            answer = self._session.post(
                bot["url"],
                data=body.encode(),
                headers={"Content-Type": content_type, **own, **(headers or {})},
                timeout=ACKNOWLEDGE_WITHIN_S,
                allow_redirects=False,
            )
        except requests.exceptions.Timeout:
            return "operation_timeout", None
        except requests.exceptions.RequestException:
            return "unreachable", None
        if answer.status_code != 200:
            wants_none = answer.headers.get("X-Slack-No-Retry") == "1"
            return NO_RETRY if wants_none else f"http_{answer.status_code}", None
        is_json = answer.headers.get("Content-Type", "").startswith(JSON)
        return "ok", answer.json() if is_json and answer.content else answer.text


def signed(secret: str, body: str, timestamp: int) -> dict[str, str]:
    """Return the headers by which Slack signs a request."""
    base = f"v0:{timestamp}:{body}".encode()
    digest = hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": str(timestamp), "X-Slack-Signature": f"v0={digest}"}
