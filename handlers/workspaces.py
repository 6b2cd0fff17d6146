"""Several workspaces: a request is worked on with its own workspace's access, and its channels so named."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from bot.errors import RequestError
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.client import with_names
from integrations.slack.directory import Directory
from integrations.slack.groups import Groups
from integrations.slack.installs import Workspaces

# Parts of a request that name a channel, each within the one before it: of an event, of its item.
PARTS = ("container", "event", "item")
OVER = frozenset({"app_uninstalled", "tokens_revoked"})


@dataclass(frozen=True, slots=True)
class Teams:
    """The workspaces that requests come from. directory, groups: who is who there, by the workspace's id."""

    workspaces: Workspaces
    directory: Callable[[str], Directory]
    groups: Callable[[str], Groups]


def placed(context: Context, body: Mapping[str, Any]) -> tuple[Context, Mapping[str, Any]]:
    """Return the context with the access of the request's workspace, and the request so named.

    Raises RequestError for a request from where Voc is not installed.
    """
    teams = context.teams
    if teams is None:
        return context, body
    team = team_of(body)
    event = (body.get("event") or {}).get("type")
    if body.get("is_enterprise_install") in (True, "true") or not (
        event in OVER or teams.workspaces.is_in(team)
    ):
        raise RequestError("Voc is not installed in this workspace.")
    api = teams.workspaces.at(team)
    named = _named(api.named, body) if api.team else body
    its = replace(context, slack=api, directory=teams.directory(team), groups=teams.groups(team))
    return its, named


def team_of(body: Mapping[str, Any]) -> str:
    """Return the id of the workspace that the request is for: in shared channels not always the person's."""
    view, team = body.get("view") or {}, body.get("team") or {}
    authorized = (body.get("authorizations") or [{}])[0]
    of_user = (body.get("user") or {}) if isinstance(body.get("user"), dict) else {}
    found = (
        view.get("app_installed_team_id"),
        authorized.get("team_id"),
        team.get("id"),
        body.get("team_id"),
        of_user.get("team_id"),
    )
    return next((str(one) for one in found if one), "")


def _named(named: Callable[[str], str], body: Mapping[str, Any]) -> dict[str, Any]:
    changed = with_names(named, body)
    for part in PARTS:
        if isinstance(changed.get(part), Mapping):
            changed[part] = _named(named, changed[part])
    return changed


def leave(context: Context, act: Interaction) -> None:
    """Use a workspace's tokens no more: the app was taken out, or its bot's token back."""
    event, teams = act.body["event"], context.teams
    is_ours = event["type"] == "app_uninstalled" or bool((event.get("tokens") or {}).get("bot"))
    if teams is not None and is_ours:
        teams.workspaces.end(team_of(act.body), datetime.fromtimestamp(act.body["event_time"], UTC))
