"""usergroups.*: the workspace's user groups and who is in them."""

from __future__ import annotations

from integrations.sandbox.slack.calls import Call, Method
from integrations.sandbox.slack.limits import TIER_2
from integrations.sandbox.slack.state import Json, Refused


def list_groups(call: Call) -> Json:
    """Answer usergroups.list: those that are disabled only where they are asked for."""
    team, wants_disabled = call.space.team["id"], call.flag("include_disabled")
    shown = [g for g in call.space.usergroups.values() if wants_disabled or not g.get("date_delete")]
    return {"usergroups": [_described(group, team, with_users=call.flag("include_users")) for group in shown]}


def list_users(call: Call) -> Json:
    """Answer usergroups.users.list."""
    group = call.space.usergroups.get(call.required("usergroup"))
    if group is None or (group.get("date_delete") and not call.flag("include_disabled")):
        raise Refused("no_such_subteam")
    return {"users": list(group["users"])}


def _described(group: Json, team: str, *, with_users: bool) -> Json:
    described = {
        "id": group["id"],
        "team_id": team,
        "is_usergroup": True,
        "name": group["name"],
        "handle": group["handle"],
        "is_external": False,
        "date_delete": group.get("date_delete", 0),
        "user_count": len(group["users"]),
    }
    return {**described, "users": list(group["users"])} if with_users else described


METHODS = {
    "usergroups.list": Method(list_groups, ("usergroups:read",), TIER_2, takes_json=False),
    "usergroups.users.list": Method(list_users, ("usergroups:read",), TIER_2, takes_json=False),
}
