"""What a person does in Slack's client: each act is a signed request to the app, held to three seconds."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from integrations.sandbox.slack import responses, views
from integrations.sandbox.slack.chat import shown
from integrations.sandbox.slack.elements import (
    ASKING,
    action,
    entered,
    find_element,
    missing_inputs,
    offer,
    with_state,
)
from integrations.sandbox.slack.sending import FORM
from integrations.sandbox.slack.state import Channel, Json, Refused, Workspace

if TYPE_CHECKING:
    from integrations.sandbox.slack.stand_in import SlackStandIn


class Interactor:
    """A person at the client, in the workspace of that id ("": the first).

    Every act returns {"status", "errors"?}, kept in dump()["interactions"].

    status: "ok", "operation_timeout", "http_<code>", "unreachable", or Slack's code for an answer it refuses.
    """

    def __init__(self, slack: SlackStandIn, team: str = "") -> None:
        self._slack, self._team = slack, team

    @property
    def _space(self) -> Workspace:
        return self._slack.spaces[self._team] if self._team else self._slack.space

    def command(self, user: str, channel: str, text: str, command: str = "/voc") -> Json:
        """Send a slash command."""
        with self._slack.lock:
            space, where = self._space, self._space.channels[channel]
            response = responses.new_response(space, channel, user)
            body = {
                "token": "deprecated",
                "api_app_id": space.app["id"],
                "team_id": space.team["id"],
                "team_domain": space.team["domain"],
                "channel_id": channel,
                "channel_name": _name_of(where),
                "user_id": user,
                "user_name": space.users[user]["name"],
                "command": command,
                "text": text,
                "response_url": self._response_url(response),
                "trigger_id": space.new_trigger(user),
                "is_enterprise_install": "false",
            }
        return self._send("slash_commands", body, lambda answer: self._answered(response, answer))

    def press(
        self, user: str, channel: str, ts: str, block_id: str, action_id: str, value: Any = None
    ) -> Json:
        """Press a button (or choose an option, its value given) on a message or an ephemeral one."""
        with self._slack.lock:
            space, where = self._space, self._space.channels[channel]
            message = where.message(ts)
            ephemeral = message is None
            if message is None:
                message = next(m for m in space.ephemerals if m["ts"] == ts and m["user"] == user)
            response = responses.new_response(space, channel, user, ts, ephemeral=ephemeral)
            container = {
                "type": "message",
                "message_ts": ts,
                "channel_id": channel,
                "is_ephemeral": ephemeral,
            }
            if "thread_ts" in message:
                container["thread_ts"] = message["thread_ts"]
            element = find_element(message["blocks"], block_id, action_id)
            payload = {
                **self._head("block_actions", user),
                "container": container,
                "trigger_id": space.new_trigger(user),
                "channel": {"id": channel, "name": _name_of(where)},
                # Slack does not send what only one person sees.
                **({} if ephemeral else {"message": shown(message)}),
                "state": {"values": {}},
                "response_url": self._response_url(response),
                "actions": [action(element, block_id, value, space)],
            }
        return self._send("interactive", {"payload": json.dumps(payload)})

    def act_in_view(self, user: str, view_id: str, block_id: str, action_id: str, value: Any = None) -> Json:
        """Press enter in an input that dispatches, press a button, or choose an option in a modal."""
        with self._slack.lock:
            space, view = self._space, self._space.views[view_id]
            element = self._element(view, block_id, action_id)
            self.fill(view_id, {block_id: {action_id: value}})
            payload = {
                **self._head("block_actions", user),
                "container": {"type": "view", "view_id": view_id},
                "trigger_id": space.new_trigger(user),
                "view": with_state(view),
                "actions": [action(element, block_id, value, space)],
            }
        return self._send("interactive", {"payload": json.dumps(payload)})

    def suggest(self, user: str, view_id: str, block_id: str, action_id: str, typed: str) -> Json:
        """Type into a select that asks the app; the outcome's "options" are what it may be filled with."""
        with self._slack.lock:
            view = self._space.views[view_id]
            element = find_element(view["blocks"], block_id, action_id)
            if len(typed) < element.get("min_query_length", 3):
                return {"status": "ok", "options": []}
            payload = {
                **self._head("block_suggestion", user),
                "container": {"type": "view", "view_id": view_id},
                "view": with_state(view),
                "action_id": action_id,
                "block_id": block_id,
                "value": typed,
            }
        where = (view_id, block_id, action_id)
        return self._send(
            "interactive", {"payload": json.dumps(payload)}, lambda a: offer(self._space, where, a)
        )

    def fill(self, view_id: str, values: Mapping[str, Mapping[str, Any]]) -> None:
        """Fill a modal's inputs, sending nothing. values: {block_id: {action_id: text or option's value}}."""
        with self._slack.lock:
            view = self._space.views[view_id]
            for block_id, fields in values.items():
                for action_id, value in fields.items():
                    element = self._element(view, block_id, action_id)
                    state = view["state"]["values"].setdefault(block_id, {})
                    state[action_id] = {"type": element["type"], **entered(element, value)}

    def _element(self, view: Json, block_id: str, action_id: str) -> Json:
        """Return the view's element; one that asks the app has what it offered last, and what is chosen."""
        element = find_element(view["blocks"], block_id, action_id)
        if element["type"] in ASKING:
            entry = with_state(view)["state"]["values"].get(block_id, {}).get(action_id, {})
            chosen = entry.get("selected_options", [])
            element["options"] = [*self._space.offered.get((view["id"], block_id, action_id), []), *chosen]
        return element

    def submit(self, user: str, view_id: str, values: Mapping[str, Mapping[str, Any]] | None = None) -> Json:
        """Fill in and submit a modal; an empty required input stops it, as the client does."""
        with self._slack.lock:
            self.fill(view_id, values or {})
            view = with_state(self._space.views[view_id])
            if missing := missing_inputs(view):
                return {
                    "status": "incomplete",
                    "errors": dict.fromkeys(missing, "Please complete this required field."),
                }
            payload = {
                **self._head("view_submission", user),
                "trigger_id": self._space.new_trigger(user),
                "view": view,
                "response_urls": [],
            }
        return self._send(
            "interactive", {"payload": json.dumps(payload)}, lambda a: self._submitted(user, view_id, a)
        )

    def close(self, user: str, view_id: str) -> Json:
        """Close a modal; the app hears of it if it asked to."""
        with self._slack.lock:
            view = self._space.views[view_id]
            self._space.modals[user] = [v for v in self._space.modals.get(user, []) if v != view_id]
            payload = {**self._head("view_closed", user), "view": with_state(view), "is_cleared": False}
        if not view.get("notify_on_close"):
            return {"status": "ok"}
        return self._send("interactive", {"payload": json.dumps(payload)})

    def shortcut(self, user: str, callback_id: str) -> Json:
        """Choose a global shortcut, which belongs to no channel and has no response_url."""
        with self._slack.lock:
            payload = {
                **self._shortcut_head("shortcut", user),
                "action_ts": self._space.next_ts(),
                "callback_id": callback_id,
                "trigger_id": self._space.new_trigger(user),
            }
        return self._send("interactive", {"payload": json.dumps(payload)})

    def message_shortcut(self, user: str, channel: str, ts: str, callback_id: str) -> Json:
        """Choose a shortcut in a message's menu; the app need not be in the channel."""
        with self._slack.lock:
            space, where = self._space, self._space.channels[channel]
            message = where.message(ts)
            if message is None:
                raise ValueError(f"no message {ts} in {channel}")
            response = responses.new_response(space, channel, user)
            payload = {
                **self._shortcut_head("message_action", user),
                "action_ts": space.next_ts(),
                "callback_id": callback_id,
                "trigger_id": space.new_trigger(user),
                "response_url": self._response_url(response),
                "message_ts": ts,
                "channel": {"id": channel, "name": _name_of(where)},
                "message": shown(message),
            }
        return self._send("interactive", {"payload": json.dumps(payload)})

    def _shortcut_head(self, kind: str, user: str) -> Json:
        """Return what shortcuts tell: less than presses do."""
        head = self._head(kind, user)
        head["user"].pop("username")
        return {name: value for name, value in head.items() if name != "api_app_id"}

    def _head(self, kind: str, user: str) -> Json:
        space = self._space
        name = space.users[user]["name"]
        team = space.users[user].get("team_id", space.team["id"])
        return {
            "type": kind,
            "user": {"id": user, "username": name, "name": name, "team_id": team},
            "api_app_id": space.app["id"],
            "token": "deprecated",
            "team": {"id": space.team["id"], "domain": space.team["domain"]},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    def _response_url(self, response_id: str) -> str:
        return f"{self._slack.base_url}/response/{response_id}"

    def _send(self, kind: str, form: Mapping[str, str], then: Any = None) -> Json:
        """Send one request and return its outcome. then: reads the acknowledgement's body."""
        started = time.monotonic()
        status, answer = self._deliver(kind, form)
        outcome: Json = {"status": status}
        if status == "ok" and then is not None:
            with self._slack.lock:
                try:
                    outcome |= then(answer) or {}
                except Refused as refusal:
                    outcome = {"status": refusal.error, **refusal.facts}
        said = form.get("text") if kind == "slash_commands" else json.loads(form["payload"])["type"]
        with self._slack.lock:
            if answer and outcome["status"] == "ok":
                what = kind if kind == "slash_commands" else said
                self._slack.journal.keep(f"acknowledgement of {what}", answer)
            row = {"kind": kind, "what": said, "seconds": round(time.monotonic() - started, 3), **outcome}
            self._space.interactions.append(row)
        return outcome

    def _deliver(self, kind: str, form: Mapping[str, str]) -> tuple[str, Any]:
        """Return (status, the acknowledgement's body)."""
        payload = json.loads(form["payload"]) if "payload" in form else dict(form)
        return self._slack.sender.send(kind, payload, urlencode(form), FORM)

    def _answered(self, response_id: str, answer: Any) -> None:
        """Show what a command's acknowledgement says."""
        body = {"text": answer} if isinstance(answer, str) else answer
        if body and (body.get("text") or body.get("blocks")):
            responses.apply(self._space, self._space.responses[response_id], body)

    def _submitted(self, user: str, view_id: str, answer: Any) -> Json | None:
        """Do what a submission's acknowledgement asks: nothing closes the modal."""
        stack, known = self._space.modals.setdefault(user, []), self._space.views[view_id]
        wanted = answer.get("response_action") if isinstance(answer, dict) else None
        match wanted:
            case None if not answer:
                stack[:] = [v for v in stack if v != view_id]
            case "clear":
                stack.clear()
            case "errors":
                inputs = {b["block_id"] for b in known["blocks"] if b["type"] == "input"}
                if not answer.get("errors") or set(answer["errors"]) - inputs:
                    raise Refused("invalid_errors")
                return {"status": "ok", "errors": answer["errors"]}
            case "update":
                views.change(self._space, known, views.checked(answer.get("view")))
            case "push":
                views.place(self._space, user, views.checked(answer.get("view")), on_top=True)
            case _:
                raise Refused("invalid_response_action")
        return None


def _name_of(channel: Channel) -> str:
    """Return what requests tell of the channel's name: of what is private, only the kind."""
    if channel.user:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name
