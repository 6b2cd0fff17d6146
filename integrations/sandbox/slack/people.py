"""auth.test, users.info, team.info: who is who; apps.connections.open: how to reach the app."""

from __future__ import annotations

from integrations.sandbox.slack.calls import Call, Method
from integrations.sandbox.slack.chat import EDIT_WINDOW
from integrations.sandbox.slack.conversations import next_page, page_start
from integrations.sandbox.slack.limits import PERMALINKS, TIER_1, TIER_2, TIER_3, TIER_4
from integrations.sandbox.slack.state import Json, Refused

MOST_LISTED = 1_000


def auth_test(call: Call) -> Json:
    """Answer auth.test."""
    team, app = call.space.team, call.space.app
    return {
        "url": f"https://{team['domain']}.slack.com/",
        "team": team["name"],
        "user": app["name"],
        "team_id": team["id"],
        "user_id": app["user_id"],
        "bot_id": app["bot_id"],
        "is_enterprise_install": False,
    }


def auth_revoke(call: Call) -> Json:
    """Answer auth.revoke: the app's token is good no more."""
    team = str(call.space.team["id"])
    is_test = call.flag("test")
    if not is_test:
        call.slack.oauth.revoke(team)
    return {"revoked": not is_test}


def user_info(call: Call) -> Json:
    """Answer users.info."""
    user = call.space.users.get(call.required("user"))
    if user is None:
        raise Refused("user_not_found")
    return {"user": _shown(call, user)}


def list_users(call: Call) -> Json:
    """Answer users.list: those of the workspace, its guests and bots; nobody who only shares a channel."""
    home = call.space.team["id"]
    own = [user for _, user in sorted(call.space.users.items()) if user.get("team_id", home) == home]
    start, size = page_start(call), call.number("limit", 0) or len(own)
    if size > MOST_LISTED:
        raise Refused("limit_required")
    page = [_shown(call, user) for user in own[start : start + size]]
    return {"members": page, "response_metadata": next_page(call, start + size, len(own))}


def _shown(call: Call, user: Json) -> Json:
    hidden = set() if call.flag("include_locale") else {"locale"}
    shown = {"team_id": call.space.team["id"], **{k: v for k, v in user.items() if k not in hidden}}
    if "profile" in shown and "users:read.email" not in call.space.app["scopes"]:
        shown["profile"] = {k: v for k, v in shown["profile"].items() if k != "email"}
    return shown


def team_info(call: Call) -> Json:
    """Answer team.info."""
    return {"team": {name: value for name, value in call.space.team.items() if name != EDIT_WINDOW}}


def open_connection(call: Call) -> Json:
    """Answer apps.connections.open."""
    return {"url": call.slack.sockets.new_address()}


METHODS = {
    "apps.connections.open": Method(open_connection, (), TIER_1, app_token=True),
    "auth.revoke": Method(auth_revoke, (), TIER_3, takes_json=False),
    "auth.test": Method(auth_test, (), PERMALINKS),
    "users.list": Method(list_users, ("users:read",), TIER_2, takes_json=False),
    "users.info": Method(user_info, ("users:read",), TIER_4, takes_json=False),
    "team.info": Method(team_info, ("team:read",), TIER_3, takes_json=False),
}
