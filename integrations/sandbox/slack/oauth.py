"""Installing by OAuth: the page that hands out codes, oauth.v2.access, and tokens that expire and rotate.

Sources: docs.slack.dev/authentication/installing-with-oauth, …/using-token-rotation, the page of each method.
A spent refresh token is refused at once, which is stricter than anything that Slack documents.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from flask import redirect, request
from werkzeug.wrappers import Response

from integrations.sandbox.slack.state import Json, Refused, Workspace

if TYPE_CHECKING:
    from integrations.sandbox.slack.stand_in import SlackStandIn

CODE_LIVES_S, TOKEN_LIVES_S = 600, 43_200
MOST_TOKENS = 2  # alive at a time: the oldest goes


@dataclass(slots=True)
class _Code:
    team: str
    user: str
    scopes: list[str]
    redirect_uri: str
    until_s: float
    is_used: bool = False


@dataclass(slots=True)
class _Token:
    team: str
    until_s: float | None
    is_revoked: bool = False


@dataclass(slots=True)
class Choices:
    """The app's OAuth settings, and what the person at the page does.

    team, user: who presses "Allow", and where. declines: they press "Cancel". is_org: for the whole
    organisation. skips: scopes that are left out of what was asked for.
    """

    client_id: str = ""
    client_secret: str = ""
    redirect_uris: list[str] = field(default_factory=list)
    rotates: bool = True
    team: str = ""
    user: str = "U0INSTALL1"
    declines: bool = False
    is_org: bool = False
    skips: list[str] = field(default_factory=list)


class OAuth:
    """Codes and tokens of the one app."""

    def __init__(self, slack: SlackStandIn) -> None:
        self._slack = slack
        self.choices = Choices()
        self._codes: dict[str, _Code] = {}
        self._tokens: dict[str, _Token] = {}
        self._refreshes: dict[str, str] = {}

    def authorize(self) -> Response:
        """Answer the page as if the person had chosen at once: send the browser back."""
        asked, chosen = request.args, self.choices
        if asked.get("client_id") != chosen.client_id or not chosen.client_id:
            return Response("Invalid client_id parameter", 400)
        if asked.get("redirect_uri") not in chosen.redirect_uris:
            return Response("redirect_uri did not match any configured URIs", 400)
        if not (scopes := asked.get("scope", "").split(",")) or not scopes[0]:
            return Response("Invalid permissions requested", 400)
        state = asked.get("state", "")
        if chosen.declines:
            return _back(asked["redirect_uri"], error="access_denied", state=state)
        code, granted = secrets.token_hex(16), [s for s in scopes if s not in chosen.skips]
        until_s = self._now() + CODE_LIVES_S
        self._codes[code] = _Code(self._team(), chosen.user, granted, asked["redirect_uri"], until_s)
        return _back(asked["redirect_uri"], code=code, state=state)

    def access(self, args: Mapping[str, Any]) -> Json:
        """Answer oauth.v2.access."""
        self._admit(args)
        match args.get("grant_type", "authorization_code"):
            case "authorization_code":
                return self._exchanged(args)
            case "refresh_token":
                return self._refreshed(args)
            case _:
                raise Refused("invalid_grant_type")

    def space_of(self, token: str) -> Workspace | None:
        """Return the workspace that the token is for, None for one not issued here. Raises Refused."""
        if (known := self._tokens.get(token)) is None:
            return None
        if known.is_revoked:
            raise Refused("token_revoked")
        if known.until_s is not None and known.until_s <= self._now():
            raise Refused("token_expired")
        return self._slack.spaces[known.team]

    def revoke(self, team: str) -> None:
        """Take all of the workspace's tokens back, as uninstalling does."""
        for token in self._of(team):
            token.is_revoked = True
        self._refreshes = {refresh: its for refresh, its in self._refreshes.items() if its != team}

    def living(self, team: str) -> int:
        """Return how many of the workspace's tokens are good."""
        return sum(not token.is_revoked for token in self._of(team))

    def _admit(self, args: Mapping[str, Any]) -> None:
        basic = request.authorization
        sent = (basic.username, basic.password) if basic and basic.type == "basic" else None
        client_id, secret = sent or (args.get("client_id"), args.get("client_secret"))
        if client_id != self.choices.client_id:
            raise Refused("invalid_client_id")
        if secret != self.choices.client_secret:
            raise Refused("bad_client_secret")

    def _exchanged(self, args: Mapping[str, Any]) -> Json:
        grant = self._codes.get(args.get("code", ""))
        if grant is None or grant.until_s <= self._now():
            raise Refused("invalid_code")
        if grant.is_used:
            raise Refused("code_already_used")
        if args.get("redirect_uri") != grant.redirect_uri:
            raise Refused("bad_redirect_uri")
        grant.is_used = True
        space = self._slack.spaces[grant.team]
        space.app["scopes"] = list(grant.scopes)
        return {**self._issued(grant.team), "authed_user": {"id": grant.user}}

    def _refreshed(self, args: Mapping[str, Any]) -> Json:
        team = self._refreshes.pop(args.get("refresh_token", ""), None)
        if team is None:
            raise Refused("invalid_refresh_token")
        return self._issued(team)

    def _issued(self, team: str) -> Json:
        space, rotates = self._slack.spaces[team], self.choices.rotates
        token = f"{'xoxe.xoxb-1-' if rotates else 'xoxb-'}{secrets.token_hex(20)}"
        for old in [t for t in self._of(team) if not t.is_revoked][: 1 - MOST_TOKENS]:
            old.is_revoked = True
        self._tokens[token] = _Token(team, self._now() + TOKEN_LIVES_S if rotates else None)
        own = {key: space.team[key] for key in ("id", "name")}
        answer: Json = {
            "access_token": token,
            "token_type": "bot",
            "scope": ",".join(space.app["scopes"]),
            "bot_user_id": space.app["user_id"],
            "app_id": space.app["id"],
            "team": None if self.choices.is_org else own,
            "enterprise": {"id": "E0SANDBOX1", "name": "Sandbox"} if self.choices.is_org else None,
            "is_enterprise_install": self.choices.is_org,
        }
        if rotates:
            refresh = f"xoxe-1-{secrets.token_hex(40)}"
            self._refreshes[refresh] = team
            answer |= {"refresh_token": refresh, "expires_in": TOKEN_LIVES_S}
        return answer

    def _of(self, team: str) -> Iterator[_Token]:
        return (token for token in self._tokens.values() if token.team == team)

    def _team(self) -> str:
        return self.choices.team or str(self._slack.space.team["id"])

    def _now(self) -> float:
        return self._slack.clock.now().timestamp()


def _back(uri: str, **told: str) -> Response:
    return redirect(f"{uri}?{urlencode(told)}")
