"""Slack as a stand-in: the Web API, uploads, response_urls, and what a person does in the client."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, ClassVar

from flask import Flask, Response, jsonify, request

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.limits import Limit
from integrations.sandbox.slack import (
    chat,
    conversations,
    files,
    people,
    responses,
    unfurling,
    usergroups,
    views,
)
from integrations.sandbox.slack.calls import Call, Method
from integrations.sandbox.slack.events import Events
from integrations.sandbox.slack.interactor import Interactor
from integrations.sandbox.slack.journal import Journal
from integrations.sandbox.slack.limits import LIMITS
from integrations.sandbox.slack.oauth import OAuth
from integrations.sandbox.slack.reading import mentions
from integrations.sandbox.slack.sending import Sender
from integrations.sandbox.slack.socket_mode import SocketMode
from integrations.sandbox.slack.state import Channel, Json, Refused, Workspace
from integrations.sandbox.slack.talking import Talking
from integrations.sandbox.stand_in import StandIn

ACCESS = "oauth.v2.access"  # takes the client's secret in place of a token
METHODS: Mapping[str, Method] = {
    **chat.METHODS,
    **conversations.METHODS,
    **files.METHODS,
    **people.METHODS,
    **unfurling.METHODS,
    **usergroups.METHODS,
    **views.METHODS,
    ACCESS: Method(lambda call: {}, (), None),
}


class SlackStandIn(StandIn):
    """Slack for one app, in one workspace or several. The Web API is at `{base_url}/api/`.

    load: any of {"team": {"id", "name", "domain", "edit_window_s"}, "app": {"token", "app_token", "scopes",
    "name", "events", "unfurl_domains"}, "users": [{"id", "name", "real_name", "is_bot", "deleted", "team_id"
    of another organisation's}],
    "usergroups": [{"id", "name", "handle", "users"}],
    "channels": [{"id", "name", "is_private", "is_member", "is_archived", "is_ext_shared", "topic"}],
    "bot": {"url", "signing_secret"}}; events: what it subscribed to, e.g. "message.channels"; url: where the
    app takes signed requests while it is not connected by Socket Mode. "workspaces": more of them, each with
    "team", "users", "usergroups", "channels" and "app"; "oauth": what `oauth.Choices` holds.
    dump: the same without secrets, each channel with its "messages" (oldest first, replies among them by
    thread_ts, each with the "mentions" that it would notify), "ephemerals", "files" (no bytes), "views",
    "modals" (a user's open ones), "homes", "offered" (what selects offer: view, block, action, options),
    "interactions" and "deliveries" (what the app was sent of people's acts and of events, and how it
    answered).
    """

    name: ClassVar[str] = "slack"
    limits: ClassVar[tuple[Limit, ...]] = LIMITS

    def __init__(self, clock: SandboxClock, profile: str = "vendor") -> None:
        self.space = Workspace(clock)
        self.spaces = {str(self.space.team["id"]): self.space}
        self.oauth = OAuth(self)
        self.journal = Journal()
        super().__init__(clock, profile)
        self.sockets = SocketMode(lambda: str(self.space.app["id"]))
        self.sender = Sender(self)
        self.events = Events(self)
        self.interactor, self.talking = Interactor(self), Talking(self)

    def make_app(self) -> Flask:
        """Return the application."""
        app = Flask("slack-stand-in")
        app.add_url_rule("/api/<method>", "api", self._api, methods=["GET", "POST"])
        app.add_url_rule("/oauth/v2/authorize", "authorize", self.oauth.authorize)
        app.add_url_rule("/upload/v1/<file_id>", "upload", self._upload, methods=["POST"])
        app.add_url_rule("/response/<response_id>", "response", self._respond, methods=["POST"])
        return app

    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        """Put records into the state."""
        known = {"team", "app", "bot", "users", "usergroups", "channels", "workspaces", "oauth"}
        if unknown := set(data) - known:
            raise ValueError(f"unknown records: {', '.join(sorted(unknown))}")
        fill(self.space, data)
        others = [space for space in self.spaces.values() if space is not self.space]
        self.spaces = {str(space.team["id"]): space for space in (self.space, *others)}
        for more in data.get("workspaces", []):
            # The app's tokens are those of its first workspace; in the others it has what OAuth gives.
            space = self.spaces.setdefault(more["team"]["id"], Workspace(self.clock))
            space.app |= {"token": "", "app_token": "", "id": self.space.app["id"]}
            fill(space, more)
        self.oauth.choices = replace(self.oauth.choices, **data.get("oauth", {}))
        known_ids = [
            i for space in self.spaces.values() for i in (*space.users, *space.channels, space.app["user_id"])
        ]
        self.journal.keep("workspace", known_ids)
        return {name: len(data.get(name, [])) for name in ("users", "usergroups", "channels")}

    def dump(self) -> dict[str, Any]:
        """Return the state."""
        space = self.space
        return {
            "team": space.team,
            "app": {name: value for name, value in space.app.items() if "token" not in name},
            "users": list(space.users.values()),
            "channels": [_channel(channel) for channel in space.channels.values()],
            "ephemerals": space.ephemerals,
            "files": [
                {
                    "id": f.id,
                    "name": f.name,
                    "title": f.title,
                    "alt_text": f.alt_text,
                    "is_shared": f.is_shared,
                }
                for f in space.files.values()
            ],
            "views": list(space.views.values()),
            "modals": space.modals,
            "homes": space.homes,
            "offered": [[*where, options] for where, options in space.offered.items()],
            "interactions": space.interactions,
            "deliveries": space.deliveries,
        }

    def _api(self, method: str) -> Response:
        with self.lock:
            known, space = METHODS.get(method), self.space
            try:
                if known is None:
                    raise Refused("unknown_method")
                args = _arguments(known.takes_json)
                if method == ACCESS:
                    return jsonify({"ok": True, **self.oauth.access(args)})
                space = self._space_of(known)
                self._admit(Call(self, args, space), known, method)
                answer = jsonify({"ok": True, **known.answer(Call(self, args, space))})
                self.journal.keep(method, {name: v for name, v in args.items() if name != "token"})
            except Refused as refusal:
                answer = _refusal(refusal)
            answer.headers["x-oauth-scopes"] = ",".join(space.app["scopes"])
            if known is not None:
                answer.headers["x-accepted-oauth-scopes"] = ",".join(known.scopes)
            return answer

    def _space_of(self, method: Method) -> Workspace:
        """Return the workspace of the request's token. Raises what Slack says of one that is not good."""
        scheme, _, sent = request.headers.get("Authorization", "").partition(" ")
        # A token within JSON counts for nothing.
        token = sent if scheme == "Bearer" else request.form.get("token", "")
        if not token:
            raise Refused("not_authed")
        if (issued := self.oauth.space_of(token)) is not None:
            return issued
        if token != self.space.app["app_token" if method.app_token else "token"]:
            raise Refused("not_allowed_token_type" if token in self.space.app.values() else "invalid_auth")
        return self.space

    def _admit(self, call: Call, method: Method, name: str) -> None:
        scopes = call.space.app["scopes"]
        if method.scopes and not set(method.scopes) & set(scopes) and not method.app_token:
            raise conversations.missing_scope(call, method.scopes[0])
        key = name if call.space is self.space else f"{call.space.team['id']} {name}"
        if method.limit and (refusal := self.limiter.take(method.limit, key)):
            raise Refused("ratelimited", retry_after_s=refusal.retry_after_s)

    def _upload(self, file_id: str) -> tuple[str, int]:
        with self.lock:
            held = (space.files.get(file_id) for space in self.spaces.values())
            file = next((one for one in held if one is not None), None)
            sent = next(iter(request.files.values()), None)
            content = sent.read() if sent else request.get_data()
            if file is None or len(content) != file.length:
                return "upload refused", 400
            file.content = content
            return f"OK - {len(content)}", 200

    def _respond(self, response_id: str) -> tuple[Response, int]:
        with self.lock:
            body = request.get_json(silent=True) or {}
            try:
                held = (space for space in self.spaces.values() if response_id in space.responses)
                responses.respond(next(held, self.space), response_id, body)
            except Refused as refusal:
                status = 404 if refusal.error in responses.GONE else 400
                return jsonify(refusal.answer), status
            self.journal.keep("response_url", body)
            return jsonify(ok=True), 200


def fill(space: Workspace, data: Mapping[str, Any]) -> None:
    """Put records into a workspace."""
    for name in ("team", "app", "bot"):
        getattr(space, name).update(data.get(name, {}))
    for user in data.get("users", []):
        space.users[user["id"]] = {"team_id": space.team["id"], **user}
    for group in data.get("usergroups", []):
        space.usergroups[group["id"]] = dict(group)
    for channel in data.get("channels", []):
        space.channels[channel["id"]] = Channel(**channel)


def _arguments(takes_json: bool) -> dict[str, Any]:
    """Return the request's arguments. Raises invalid_json."""
    args: dict[str, Any] = {**request.args.to_dict(), **request.form.to_dict()}
    if takes_json and request.is_json and request.get_data():
        body = request.get_json(silent=True)
        if not isinstance(body, dict):
            raise Refused("invalid_json")
        args |= body
    return args


def _refusal(refusal: Refused) -> Response:
    facts = dict(refusal.facts)
    wait = facts.pop("retry_after_s", None)
    answer = jsonify({"ok": False, "error": refusal.error, **facts})
    if wait is not None:
        answer.status_code, answer.headers["Retry-After"] = 429, str(wait)
    return answer


def _channel(channel: Channel) -> Json:
    messages = [{**m, "mentions": mentions(m)} for m in channel.messages]
    return {**conversations.described(channel), "topic": channel.topic, "messages": messages}
