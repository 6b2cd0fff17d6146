"""Intercom over HTTP, with its state in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from flask import Flask, Response, jsonify, request

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.intercom.refusals import Refused, answer
from integrations.sandbox.intercom.search import found
from integrations.sandbox.intercom.world import APP_ID, World
from integrations.sandbox.limits import Limit
from integrations.sandbox.stand_in import StandIn

TOKEN = "stand-in-intercom"  # noqa: S105 - the stand-in's own
VERSION = "2.15"
WINDOW_S = 10
APP = Limit(
    "app",
    1666,
    WINDOW_S,
    "developers.intercom.com, Rate Limiting: 10,000 a minute, spread over 10-second windows",
)


class IntercomStandIn(StandIn):
    """Intercom: conversation search, conversations with parts, contacts, companies, the own admin.

    It knows one access token (TOKEN) with every permission, and speaks version 2.15 only.

    load, in the vendor's own shapes, defaults filled in, ids as texts and times as Unix seconds:
      {"companies": [{"id", "name"}], "contacts": [{"id", "companies": [ids]}],
       "conversations": [{"id", "contact_id", "source": {"body"}, "tags": [names],
                          "parts": [{"body", "author"}]}]}; an author that is not given is the contact;
    changes that happen now:
      {"update": [{"id", fields…, "parts"}], "delete": [ids],
       "redact": [{"conversation_id", "part_id"}]}; a redaction without part_id is the source's;
    access and habits:
      {"access_tokens": [{"token", "permissions": ["conversations", "contacts"]}],
       "settings": [{"is_inclusive"}]}.
    dump: {"companies", "contacts", "conversations": [{…, all "parts"}]}.
    """

    name: ClassVar[str] = "intercom"
    limits: ClassVar[tuple[Limit, ...]] = (APP,)

    def __init__(self, clock: SandboxClock, profile: str = "vendor") -> None:
        self.world = World(clock)
        self._tokens: dict[str, frozenset[str]] = {TOKEN: frozenset({"conversations", "contacts"})}
        self._is_inclusive = False
        super().__init__(clock, profile)

    def make_app(self) -> Flask:
        """Return the application."""
        app = Flask("sandbox-intercom")
        app.json.sort_keys = False  # type: ignore[attr-defined]
        app.add_url_rule("/me", view_func=self._me)
        app.add_url_rule("/conversations/search", view_func=self._search, methods=["POST"])
        app.add_url_rule("/conversations/<int:conversation_id>", view_func=self._conversation)
        app.add_url_rule("/contacts/<contact_id>", view_func=self._contact)
        app.add_url_rule("/companies/<company_id>", view_func=self._company)
        app.before_request(self._enter)
        app.teardown_request(lambda _: self.lock.release())
        app.after_request(self._count)
        app.register_error_handler(Refused, answer)
        app.register_error_handler(
            404, lambda _: answer(Refused(404, "not_found", "The requested resource was not found"))
        )
        return app

    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        """Put records into the state, then make the changes."""
        adders: dict[str, Callable[[Any], None]] = {
            "companies": self.world.add_company,
            "contacts": self.world.add_contact,
            "conversations": self.world.add_conversation,
            "update": self.world.update_conversation,
            "delete": self.world.delete_conversation,
            "redact": lambda row: self.world.redact(row["conversation_id"], row.get("part_id")),
            "access_tokens": self._add_token,
            "settings": self._set,
        }
        if unknown := set(data) - set(adders):
            raise ValueError(f"intercom: unknown kinds of record: {', '.join(sorted(unknown))}")
        for kind, add in adders.items():
            for row in data.get(kind, ()):
                add(row)
        return {kind: len(rows) for kind, rows in data.items()}

    def dump(self) -> dict[str, Any]:
        """Return companies, contacts and conversations with all of their parts."""
        world = self.world
        return {
            "companies": list(world.companies.values()),
            "contacts": list(world.contacts.values()),
            "conversations": [{**c, "parts": world.parts[key]} for key, c in world.conversations.items()],
        }

    def _me(self) -> Response:
        app = {"type": "app", "id_code": APP_ID, "name": "Stand-in", "region": "US", "timezone": "UTC"}
        return jsonify(
            type="admin", id="1", name="Ada Admin", email="admin@example.com", app=app, has_inbox_seat=True
        )

    def _search(self) -> Response:
        self._needs("conversations")
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict):
            raise Refused(400, "parameter_invalid", "The body must be JSON")
        listed = [self.world.listed(key) for key in self.world.conversations]
        page, rest = found(listed, asked, is_inclusive=self._is_inclusive)
        return jsonify(type="conversation.list", conversations=page, **rest)

    def _conversation(self, conversation_id: int) -> Response:
        self._needs("conversations")
        if str(conversation_id) not in self.world.conversations:
            raise Refused(404, "not_found", "Resource Not Found")
        return jsonify(self.world.whole(str(conversation_id)))

    def _contact(self, contact_id: str) -> Response:
        self._needs("contacts")
        if contact_id not in self.world.contacts:
            raise Refused(404, "not_found", "User Not Found")
        return jsonify(self.world.contacts[contact_id])

    def _company(self, company_id: str) -> Response:
        self._needs("contacts")
        if company_id not in self.world.companies:
            raise Refused(404, "company_not_found", "Company Not Found")
        return jsonify(self.world.companies[company_id])

    def _enter(self) -> None:
        self.lock.acquire()
        if self._permissions() is None:
            raise Refused(401, "unauthorized", "Access Token Invalid")
        if request.headers.get("Intercom-Version") != VERSION:
            raise Refused(400, "intercom_version_invalid", f"This stand-in speaks version {VERSION} only")
        if self.limiter.take(APP):
            raise Refused(429, "rate_limit_exceeded", "Exceeded rate limit for the app")

    def _needs(self, permission: str) -> None:
        if permission not in (self._permissions() or ()):
            raise Refused(403, "action_forbidden", "The access token lacks the permission")

    def _permissions(self) -> frozenset[str] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return self._tokens.get(token) if scheme == "Bearer" else None

    def _count(self, response: Response) -> Response:
        response.headers["X-RateLimit-Limit"] = str(APP.calls)
        response.headers["X-RateLimit-Remaining"] = str(max(0, self.limiter.left(APP)))
        response.headers["X-RateLimit-Reset"] = str(self.world.now_s() + WINDOW_S)
        return response

    def _add_token(self, row: Mapping[str, Any]) -> None:
        self._tokens[row["token"]] = frozenset(row["permissions"])

    def _set(self, row: Mapping[str, Any]) -> None:
        self._is_inclusive = bool(row["is_inclusive"])
