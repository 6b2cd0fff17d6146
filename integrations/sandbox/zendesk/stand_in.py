"""Zendesk Support over HTTP, with its state in memory."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar

from flask import Flask, Response, jsonify
from markupsafe import escape

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.limits import Limit
from integrations.sandbox.stand_in import StandIn
from integrations.sandbox.zendesk.access import ACCOUNT, INCREMENTAL, Access, Refused, Token
from integrations.sandbox.zendesk.export import export_routes
from integrations.sandbox.zendesk.oauth import Client, OAuth
from integrations.sandbox.zendesk.reads import NOT_FOUND, read_routes
from integrations.sandbox.zendesk.world import World


class ZendeskStandIn(StandIn):
    """Zendesk Support: exports, tickets, comments, people, organisations, brands, search count, OAuth.

    It starts with an admin (id 1, bearer token access.ADMIN_TOKEN) and a brand (id 1).

    load, in the vendor's own shapes, defaults filled in:
      {"organizations": [{"id", "name"}], "users": [{"id", "name"}], "brands": [{"id", "name", "subdomain"}],
       "tickets": [{"id", "requester_id", "comments": [{"body" or "html_body"}]}]};
    changes that happen now:
      {"update": [{"id", fields…, "comments"}], "delete": [ticket ids], "redact": [{"ticket_id", "text"}],
       "make_private": [{"ticket_id", "comment_id"}]};
    access:
      {"access_tokens": [{"token", "user_id", "scopes", "expires_at"}], "api_tokens": [{"email", "token"}],
       "oauth_clients": [{"identifier", "secret", "redirect_uri": [URLs], "user_id"}]}.
    dump: {"users", "organizations", "brands", "tickets": [{…, "comments"}]}.
    """

    name: ClassVar[str] = "zendesk"
    limits: ClassVar[tuple[Limit, ...]] = (INCREMENTAL, ACCOUNT)

    def __init__(self, clock: SandboxClock, profile: str = "vendor") -> None:
        self.world = World(clock)
        super().__init__(clock, profile)

    def make_app(self) -> Flask:
        """Return the application."""
        app = Flask("sandbox-zendesk")
        app.json.sort_keys = False  # type: ignore[attr-defined]
        self._access = Access(self.world, self.limiter)
        self._oauth = OAuth(self.world, self._access)
        app.register_blueprint(export_routes(self.world, self._access))
        app.register_blueprint(read_routes(self.world, self._access))
        app.register_blueprint(self._oauth.routes())
        app.add_url_rule("/agent/tickets/<int:ticket_id>", view_func=self._page)
        app.before_request(self._enter)
        app.teardown_request(lambda _: self.lock.release())
        app.register_error_handler(Refused, _refuse)
        app.register_error_handler(
            404, lambda _: (jsonify(error="InvalidEndpoint", description="Not found"), 404)
        )
        return app

    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        """Put records into the state, then make the changes."""
        self.world.base_url = self.base_url
        adders: dict[str, Callable[[Any], None]] = {
            "organizations": self.world.add_organization,
            "users": self.world.add_user,
            "brands": self.world.add_brand,
            "tickets": self.world.add_ticket,
            "update": self.world.update_ticket,
            "delete": self.world.delete_ticket,
            "redact": lambda row: self.world.redact(row["ticket_id"], row["text"]),
            "make_private": lambda row: self.world.make_private(row["ticket_id"], row["comment_id"]),
            "access_tokens": self._add_token,
            "api_tokens": lambda row: self._access.api_tokens.add((row["email"], row["token"])),
            "oauth_clients": self._add_client,
        }
        if unknown := set(data) - set(adders):
            raise ValueError(f"zendesk: unknown kinds of record: {', '.join(sorted(unknown))}")
        for kind, add in adders.items():
            for row in data.get(kind, ()):
                add(row)
        return {kind: len(rows) for kind, rows in data.items()}

    def dump(self) -> dict[str, Any]:
        """Return people, organisations, brands and tickets with their comments."""
        world = self.world
        return {
            "users": list(world.users.values()),
            "organizations": list(world.organizations.values()),
            "brands": list(world.brands.values()),
            "tickets": [{**ticket, "comments": world.comments[key]} for key, ticket in world.tickets.items()],
        }

    def _page(self, ticket_id: int) -> str:
        """Return what an agent sees in the browser, so that links from elsewhere lead somewhere."""
        ticket = self.world.live_ticket(ticket_id)
        if ticket is None:
            raise Refused(404, NOT_FOUND)
        said = "".join(f"<p>{escape(c['plain_body'])}</p>" for c in self.world.comments[ticket_id])
        return f"<!doctype html><title>#{ticket_id}</title><h1>{escape(ticket['subject'])}</h1>{said}"

    def _enter(self) -> None:
        self.lock.acquire()
        self.world.base_url = self.base_url

    def _add_token(self, row: Mapping[str, Any]) -> None:
        expires_at = row.get("expires_at")
        expires_s = int(datetime.fromisoformat(expires_at).timestamp()) if expires_at else None
        self._access.tokens[row["token"]] = Token(
            row["user_id"], list(row.get("scopes", ["read"])), expires_s
        )

    def _add_client(self, row: Mapping[str, Any]) -> None:
        client = Client(row["identifier"], row["secret"], tuple(row["redirect_uri"]), row.get("user_id", 1))
        self._oauth.clients[client.identifier] = client


def _refuse(refused: Refused) -> tuple[Response, int, dict[str, str]]:
    return jsonify(refused.body), refused.status, refused.headers
