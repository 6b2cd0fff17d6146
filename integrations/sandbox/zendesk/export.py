"""The incremental exports: tickets by cursor, ticket events by time."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from itertools import islice
from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, Response, jsonify, request

from integrations.sandbox.zendesk.access import Access, Refused
from integrations.sandbox.zendesk.world import Record, World

LARGEST_PAGE = 1000


def export_routes(world: World, access: Access) -> Blueprint:
    """Return the routes below /api/v2/incremental."""
    routes = Blueprint("export", __name__, url_prefix="/api/v2/incremental")

    @routes.get("/tickets/cursor")
    def tickets() -> Response:
        access.check(request, "tickets", admin=True)
        return jsonify(_ticket_page(world))

    @routes.get("/ticket_events")
    def ticket_events() -> Response:
        access.check(request, "tickets", admin=True)
        return jsonify(_event_page(world))

    return routes


def _scope() -> Callable[[Record], bool]:
    """Return whether a ticket is among those asked for; what AI agents handled is not, unless it is named."""
    scope = request.args.get("support_type_scope", "agent")
    if scope not in ("all", "agent", "ai_agent"):
        raise Refused(400, {"error": "InvalidValue", "description": "Invalid support_type_scope"})
    return lambda ticket: scope in ("all", ticket["support_type"])


def _ticket_page(world: World) -> Record:
    is_asked_for = _scope()
    given = request.args.get("cursor")
    stamp, key = _position(given) if given else (_start_time(world) - 1, 2**63)
    size = _page_size()
    rows = (
        row for row in world.changed_tickets.after(stamp, key, world.settled_until()) if is_asked_for(row[2])
    )
    page = list(islice(rows, size))
    # A stream that starts empty has no position yet; one that was read to its end keeps the last.
    cursor = _cursor(page[-1][0], page[-1][1]) if page else given
    keep = {k: v for k, v in request.args.items() if k not in ("start_time", "cursor")}
    query = urlencode({**keep, "cursor": cursor})
    found = [ticket for _, _, ticket in page]
    return {
        "tickets": found,
        "after_url": f"{world.base_url}/api/v2/incremental/tickets/cursor?{query}" if cursor else None,
        "after_cursor": cursor,
        "before_url": None,
        "before_cursor": None,
        "end_of_stream": next(rows, None) is None,
        **_sideloads(world, found),
    }


def _sideloads(world: World, tickets: list[Record]) -> Record:
    wanted = request.args.get("include", "").split(",")
    loaded: Record = {}
    if "users" in wanted:
        ids = {
            t[who] for t in tickets for who in ("requester_id", "submitter_id", "assignee_id") if t.get(who)
        }
        loaded["users"] = [world.users[n] for n in sorted(ids) if n in world.users]
    if "organizations" in wanted:
        ids = {t["organization_id"] for t in tickets if t["organization_id"] in world.organizations}
        loaded["organizations"] = [world.organizations[n] for n in sorted(ids)]
    return loaded


def _event_page(world: World) -> Record:
    start, is_asked_for = _start_time(world), _scope()
    with_comments = "comment_events" in request.args.get("include", "").split(",")
    page: list[tuple[int, int, Any]] = []
    is_end = True
    for row in world.events.after(start - 1, 2**63, world.settled_until()):
        if not is_asked_for(world.tickets[row[2][0]]):
            continue
        # Events of one second are never split, or the next page could not start there.
        if len(page) >= _page_size() and row[0] != page[-1][0]:
            is_end = False
            break
        page.append(row)
    end_time = page[-1][0] if page else None
    following = {**request.args.to_dict(), "start_time": end_time or start}
    return {
        "ticket_events": [_event(*row, with_comments) for row in page],
        "count": len(page),
        "end_of_stream": is_end,
        "end_time": end_time,
        "next_page": f"{world.base_url}/api/v2/incremental/ticket_events?{urlencode(following)}",
    }


def _event(stamp: int, audit_id: int, what: tuple[int, Record], with_comments: bool) -> Record:
    ticket_id, child = what
    is_comment = "event_type" not in child
    if is_comment and with_comments:
        shown: Record = {**child, "event_type": "Comment", "via_reference_id": None}
    elif is_comment:
        shown = {
            "id": child["id"],
            "comment_present": True,
            "comment_public": child["public"],
            "event_type": "Comment",
        }
    else:
        shown = child
    return {
        "id": audit_id,
        "ticket_id": ticket_id,
        "timestamp": stamp,
        "updater_id": child.get("author_id"),
        "via": "Web form",
        "system": child.get("metadata", {}).get("system", {}),
        "event_type": "Audit",
        "child_events": [shown],
    }


def _start_time(world: World) -> int:
    text = request.args.get("start_time", "")
    if not text.isdigit():
        raise Refused(400, {"error": "InvalidValue", "description": "Invalid start_time or cursor"})
    if int(text) > world.settled_until():
        description = "Too recent start_time. Use a start_time older than 60 seconds"
        raise Refused(422, {"error": "StartTimeTooRecent", "description": description})
    return int(text)


def _page_size() -> int:
    text = request.args.get("per_page", str(LARGEST_PAGE))
    if not text.isdigit() or int(text) < 1:
        raise Refused(400, {"error": "InvalidValue", "description": "Invalid per_page"})
    return min(int(text), LARGEST_PAGE)


def _cursor(stamp: int, key: int) -> str:
    return base64.b64encode(f"{stamp}.0||{key}|".encode()).decode()


def _position(cursor: str) -> tuple[int, int]:
    try:
        stamp, _, key, _ = base64.b64decode(cursor, validate=True).decode().split("|")
        return int(float(stamp)), int(key)
    except (binascii.Error, UnicodeDecodeError, ValueError):
        raise Refused(400, {"error": "InvalidValue", "description": "Invalid cursor"}) from None
