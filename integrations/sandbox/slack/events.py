"""The Events API: what the app subscribed to and may see, delivered until it is acknowledged."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from integrations.sandbox.slack.sending import JSON, NO_RETRY
from integrations.sandbox.slack.socket_mode import RETRY_NUMBER, RETRY_REASON
from integrations.sandbox.slack.state import Channel, Json, Workspace

if TYPE_CHECKING:
    from integrations.sandbox.slack.stand_in import SlackStandIn

RETRIES_AFTER_S = (0.0, 60.0, 300.0)  # since the try before
# Any one scope suffices; none: every installed app may subscribe.
SCOPES: Mapping[str, tuple[str, ...]] = {
    "app_home_opened": (),
    "app_uninstalled": (),
    "channel_archive": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_unarchive": ("channels:read",),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "link_shared": ("links:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "tokens_revoked": (),
}


@dataclass(slots=True)
class Delivery:
    """A callback on its way. tries: made so far; reason: why the last was no success."""

    callback: Json
    due_at: float
    tries: int = 0
    reason: str = ""


class Events:
    """What happens in the workspace of that id ("": the first), told to the app.

    Each `tell` tries at once, and once more at once after a failure; later tries come with `deliver_due`,
    when their time has come. Every try is kept in dump()["deliveries"].
    """

    def __init__(self, slack: SlackStandIn, team: str = "") -> None:
        self._slack, self._team = slack, team
        self._waiting: list[Delivery] = []
        self.sent: list[Json] = []  # every callback, each once

    @property
    def _space(self) -> Workspace:
        return self._slack.spaces[self._team] if self._team else self._slack.space

    def tell(self, subscription: str, event: Json, channel: Channel | None = None) -> Json | None:
        """Deliver the event if the app may have it, and return the callback; None where it may not."""
        with self._slack.lock:
            if not self._may_have(subscription):
                return None
            callback = self._callback(event, channel)
            self._waiting.append(Delivery(callback, self._space.now()))
            self.sent.append(callback)
        self.deliver_due()
        return callback

    def deliver_due(self) -> None:
        """Make every try whose time has come."""
        while (delivery := self._next()) is not None:
            self._try(delivery)

    def repeat(self, callback: Json) -> str:
        """Deliver a callback once more, as after an answer that never reached Slack; return the outcome."""
        return self._try(Delivery(callback, self._space.now(), tries=1, reason="http_timeout"))

    def _may_have(self, subscription: str) -> bool:
        app, scopes = self._space.app, SCOPES[subscription]
        has_scope = not scopes or bool(set(scopes) & set(app["scopes"]))
        return has_scope and subscription in app["events"]

    def _next(self) -> Delivery | None:
        with self._slack.lock:
            now = self._space.now()
            due = next((d for d in self._waiting if d.due_at <= now), None)
            if due is not None:
                self._waiting.remove(due)
            return due

    def _try(self, delivery: Delivery) -> str:
        """Send once; a failure waits for its next try, after the third retry no more."""
        headers = {}
        if delivery.tries:
            headers = {RETRY_NUMBER: str(delivery.tries), RETRY_REASON: delivery.reason}
        body = json.dumps(delivery.callback)
        status, _ = self._slack.sender.send("events_api", delivery.callback, body, JSON, headers)
        with self._slack.lock:
            space = self._space
            row = {"event_id": delivery.callback["event_id"], "type": delivery.callback["event"]["type"]}
            space.deliveries.append({**row, "retry": delivery.tries, "status": status})
            if status not in ("ok", NO_RETRY) and delivery.tries < len(RETRIES_AFTER_S):
                delivery.due_at = space.now() + RETRIES_AFTER_S[delivery.tries]
                delivery.tries += 1
                delivery.reason = "http_timeout" if status == "operation_timeout" else "http_error"
                self._waiting.append(delivery)
        return status

    def _callback(self, event: Json, channel: Channel | None) -> Json:
        space = self._space
        about = {"tid": space.team["id"], "aid": space.app["id"], "cid": channel.id if channel else ""}
        return {
            "token": "deprecated",
            "team_id": space.team["id"],
            "api_app_id": space.app["id"],
            "event": event,
            "type": "event_callback",
            "event_id": space.new_id("Ev"),
            "event_time": int(space.now()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": space.team["id"],
                    "user_id": space.app["user_id"],
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": bool(channel and channel.is_ext_shared),
            "event_context": f"4-{base64.urlsafe_b64encode(json.dumps(about).encode()).decode()}",
        }
