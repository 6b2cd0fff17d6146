"""Single records and small lists: tickets, comments, people, organisations, brands, the search count."""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, jsonify, request

from integrations.sandbox.zendesk.access import Access, Refused
from integrations.sandbox.zendesk.world import Record, World

NOT_FOUND = {"error": "RecordNotFound", "description": "Not found"}


def read_routes(world: World, access: Access) -> Blueprint:
    """Return the routes below /api/v2 that agents may read."""
    routes = Blueprint("reads", __name__, url_prefix="/api/v2")

    @routes.get("/tickets/<int:ticket_id>")
    def ticket(ticket_id: int) -> Response:
        access.check(request, "tickets")
        return jsonify(ticket=_live(world, ticket_id))

    @routes.get("/tickets/<int:ticket_id>/comments")
    def comments(ticket_id: int) -> Response:
        access.check(request, "tickets")
        _live(world, ticket_id)
        return jsonify(_cursor_page("comments", world.comments[ticket_id], f"{world.base_url}{request.path}"))

    @routes.get("/users/me")
    def me() -> Response:
        return jsonify(user=access.check(request, "me"))

    @routes.get("/users/show_many")
    def users() -> Response:
        access.check(request, "users")
        return jsonify(_show_many("users", world.users))

    @routes.get("/organizations/show_many")
    def organizations() -> Response:
        access.check(request, "organizations")
        return jsonify(_show_many("organizations", world.organizations))

    @routes.get("/brands")
    def brands() -> Response:
        access.check(request, "brands")
        return jsonify(_cursor_page("brands", list(world.brands.values()), f"{world.base_url}{request.path}"))

    @routes.get("/search/count")
    def search_count() -> Response:
        access.check(request, "tickets")
        return jsonify(count=_search_count(world, request.args.get("query", "")))

    return routes


def _live(world: World, ticket_id: int) -> Record:
    ticket = world.live_ticket(ticket_id)
    if ticket is None:
        raise Refused(404, NOT_FOUND)
    return ticket


def _show_many(name: str, records: Mapping[int, Record]) -> Record:
    ids = [part.strip() for part in request.args.get("ids", "").split(",") if part.strip()]
    if not ids or not all(part.isdigit() for part in ids):
        raise Refused(400, {"error": "InvalidValue", "description": "Invalid ids"})
    if len(ids) > 100:
        raise Refused(400, {"error": "TooManyIds", "description": "Up to 100 ids are accepted"})
    # Deleted people are left out; include_deleted would show them.
    known = (records[int(part)] for part in ids if int(part) in records)
    found = [record for record in known if record.get("active", True)]
    return {name: found, "count": len(found), "next_page": None, "previous_page": None}


def _cursor_page(name: str, records: list[Record], url: str) -> Record:
    """Return one page by page[size] and page[after]; without them the vendor's older paging, first page."""
    size_text = request.args.get("page[size]")
    if size_text is None:
        return {
            name: records[:100],
            "next_page": f"{url}?page=2" if len(records) > 100 else None,
            "count": len(records),
        }
    if not size_text.isdigit() or not 1 <= int(size_text) <= 100:
        error = {"code": "InvalidPaginationParameter", "title": "page[size] must be between 1 and 100"}
        raise Refused(400, {"errors": [error]})
    after = request.args.get("page[after]", "")
    first = _position(after) if after else 0
    last = first + int(size_text)
    has_more = last < len(records)
    cursor = base64.b64encode(str(last).encode()).decode() if has_more else None
    following = f"{url}?page[after]={cursor}&page[size]={size_text}" if has_more else None
    return {
        name: records[first:last],
        "meta": {"has_more": has_more, "after_cursor": cursor, "before_cursor": None},
        "links": {"next": following, "prev": None},
    }


def _position(cursor: str) -> int:
    try:
        return int(base64.b64decode(cursor, validate=True))
    except ValueError:
        error = {"code": "InvalidPaginationParameter", "title": "page[after] is not valid"}
        raise Refused(400, {"errors": [error]}) from None


def _search_count(world: World, query: str) -> int:
    """Count tickets for `type:ticket`, narrowed by `updated>` or `updated>=` and a time."""
    if not query:
        raise Refused(422, {"error": "invalid", "description": "Invalid search: query is required"})
    since: datetime | None = None
    for word in query.split():
        if word == "type:ticket":
            continue
        found = re.fullmatch(r"updated>=?(\S+)", word)
        if not found:
            raise Refused(422, {"error": "invalid", "description": "Invalid search: unknown term"})
        since = datetime.fromisoformat(found[1])
    live: list[Any] = [t for t in world.tickets.values() if t["status"] != "deleted"]
    return sum(1 for t in live if since is None or datetime.fromisoformat(t["updated_at"]) >= since)
