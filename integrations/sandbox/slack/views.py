"""views.*: modals, opened by a trigger, and App Home tabs."""

from __future__ import annotations

import json
import secrets

from integrations.sandbox.slack.calls import Call, Method, invalid
from integrations.sandbox.slack.limits import TIER_4
from integrations.sandbox.slack.reading import view_faults
from integrations.sandbox.slack.state import Json, Refused, Workspace

DEEPEST = 3
LARGEST = 250_000  # bytes: view_too_large beyond


def open_view(call: Call) -> Json:
    """Answer views.open."""
    view = checked(call.json("view"))
    user = _triggered(call)
    return {"view": place(call.space, user, view, on_top=False)}


def push(call: Call) -> Json:
    """Answer views.push."""
    view = checked(call.json("view"))
    user = _triggered(call)
    return {"view": place(call.space, user, view, on_top=True)}


def update(call: Call) -> Json:
    """Answer views.update."""
    view = checked(call.json("view"))
    known = _found(call)
    if call.text("hash") and call.text("hash") != known["hash"]:
        raise Refused("hash_conflict")
    return {"view": change(call.space, known, view)}


def publish(call: Call) -> Json:
    """Answer views.publish."""
    user, view = call.required("user_id"), checked(call.json("view"))
    if view["type"] != "home":
        raise invalid("must be home [json-pointer:/view/type]")
    if user not in call.space.users:
        raise Refused("invalid_user_id")
    known = call.space.views.get(call.space.homes.get(user, ""))
    if known is None:
        known = new_view(call.space, view)
        call.space.homes[user] = known["id"]
    elif call.text("hash") and call.text("hash") != known["hash"]:
        raise Refused("hash_conflict")
    return {"view": change(call.space, known, view)}


def checked(view: object) -> Json:
    """Return the view. Raises invalid_arguments with what is wrong with it, and view_too_large."""
    if faults := view_faults(view):
        raise invalid(*faults)
    if len(json.dumps(view, ensure_ascii=False).encode()) > LARGEST:
        raise Refused("view_too_large")
    assert isinstance(view, dict)  # noqa: S101 - view_faults refuses anything else
    return view


def new_view(space: Workspace, view: Json) -> Json:
    """Return the view as stored, under a new id."""
    stored = {"id": space.new_id("V"), "team_id": space.team["id"], "app_id": space.app["id"]}
    stored |= {
        "bot_id": space.app["bot_id"],
        "app_installed_team_id": space.team["id"],
        "previous_view_id": None,
    }
    stored["root_view_id"] = stored["id"]
    space.views[stored["id"]] = change(space, stored, view)
    return stored


def change(space: Workspace, known: Json, view: Json) -> Json:
    """Give the stored view new content and a new hash; what was typed into blocks that stay is kept.

    Raises duplicate_external_id.
    """
    named = view.get("external_id") or ""
    others = (one for one in space.views.values() if one["id"] != known["id"] and is_open(space, one))
    if named and any(one["external_id"] == named for one in others):
        raise Refused("duplicate_external_id")
    blocks = [{**b, "block_id": b.get("block_id") or secrets.token_urlsafe(4)} for b in view["blocks"]]
    kept = {b["block_id"] for b in blocks}
    values = {k: v for k, v in known.get("state", {}).get("values", {}).items() if k in kept}
    defaults = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None, "submit": None}
    flags = {"clear_on_close": False, "notify_on_close": False}
    known |= {**defaults, **flags, **view, "blocks": blocks, "state": {"values": values}}
    known["hash"] = f"{secrets.randbelow(10**10)}.{secrets.token_hex(4)}"
    return known


def place(space: Workspace, user: str, view: Json, *, on_top: bool) -> Json:
    """Show the modal to the user, alone or on top of the open ones, and return it as stored.

    Raises push_limit_reached.
    """
    stack = space.modals.setdefault(user, [])
    if on_top and len(stack) >= DEEPEST:
        raise Refused("push_limit_reached")
    stored = new_view(space, view)
    if not on_top:
        stack.clear()
    elif stack:
        stored |= {"previous_view_id": stack[-1], "root_view_id": stack[0]}
    stack.append(stored["id"])
    return stored


def _triggered(call: Call) -> str:
    trigger = call.space.triggers.get(call.required("trigger_id"))
    if trigger is None:
        raise Refused("invalid_trigger_id")
    if trigger.is_used:
        raise Refused("exchanged_trigger_id")
    if call.space.now() > trigger.expires_at:
        raise Refused("expired_trigger_id")
    trigger.is_used = True
    return trigger.user


def _found(call: Call) -> Json:
    wanted, external = call.text("view_id"), call.text("external_id")
    if not wanted and not external:
        raise invalid("missing required field: view_id [json-pointer:/view_id]")
    for view in call.space.views.values():
        is_meant = view["id"] == wanted or (external and view.get("external_id") == external)
        if is_meant and is_open(call.space, view):
            return view
    raise Refused("not_found")


def is_open(space: Workspace, view: Json) -> bool:
    """Return whether anybody has the view before them, or below what they have."""
    return view["type"] == "home" or any(view["id"] in stack for stack in space.modals.values())


METHODS = {
    "views.open": Method(open_view, (), TIER_4),
    "views.push": Method(push, (), TIER_4),
    "views.update": Method(update, (), TIER_4),
    "views.publish": Method(publish, (), TIER_4),
}
