"""Slack's OAuth: the page on which a workspace lets Voc in, and the tokens that it gives for that."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

from slack_sdk.errors import SlackApiError

from bot.domain.installation import Installation
from bot.errors import AnswerError, IntegrationError, RequestError
from bot.ports import Clock
from integrations.oauth import OAuthClient
from integrations.slack.client import VENDOR, classed, web_client

STALE = frozenset({"invalid_code", "code_already_used", "code_expired"})


@dataclass(frozen=True, slots=True)
class Grant:
    """Voc in one workspace, with what signs its requests there.

    version: what the tokens are stored as, no two times the same; empty for what is not stored yet.
    """

    installation: Installation
    access_token: str = field(repr=False)
    refresh_token: str = field(default="", repr=False)
    version: bytes = field(default=b"", repr=False)


class SlackOAuth:
    """The app at Slack's OAuth. api_url: the Web API's address; Slack's pages lie beside it."""

    def __init__(self, client: OAuthClient, scopes: Sequence[str], api_url: str, clock: Clock) -> None:
        self._client, self._scopes, self._api_url, self._clock = client, scopes, api_url, clock

    def page(self, state: str) -> str:
        """Return the address at which a person lets Voc into a workspace."""
        asked = {
            "client_id": self._client.client_id,
            "scope": ",".join(self._scopes),
            "redirect_uri": self._client.redirect_uri,
            "state": state,
        }
        return f"{self._api_url.removesuffix('/api')}/oauth/v2/authorize?{urlencode(asked)}"

    def granted(self, code: str) -> Grant:
        """Spend the code and return what was granted.

        Raises RequestError for a code that is spent or over, and for an installation that is not of one
        workspace: its token is given back at once.
        """
        asked = {"code": code, "redirect_uri": self._client.redirect_uri}
        try:
            answer = self._access(asked, "installing the app")
        except AnswerError as exc:
            if exc.detail in STALE:
                raise RequestError("This page was used before, or waited for too long. Start again.") from exc
            raise
        if answer.get("is_enterprise_install") or not answer.get("team"):
            self.revoke(answer["access_token"])
            raise RequestError(
                "Voc goes into one workspace at a time, not into a whole organisation. "
                "Start again and choose a workspace."
            )
        return self._grant(answer)

    def renewed(self, grant: Grant) -> Grant:
        """Return the workspace's next pair of tokens. Raises IntegrationError."""
        asked = {"grant_type": "refresh_token", "refresh_token": grant.refresh_token}
        answer = self._access(asked, "renewing the token")
        new = self._grant(answer)
        installation = replace(grant.installation, expires_at=new.installation.expires_at)
        return replace(new, installation=installation)

    def revoke(self, token: str) -> None:
        """Give a token back."""
        self._call("auth.revoke", "giving a token back", token=token)

    def _access(self, asked: dict[str, str], doing: str) -> dict[str, Any]:
        answer = self._call("oauth.v2.access", doing, data=asked)
        if not isinstance(answer.get("access_token"), str):
            raise AnswerError(VENDOR, doing, "no access token")
        return answer

    def _call(self, method: str, doing: str, *, token: str = "", data: Any = None) -> dict[str, Any]:
        own = {"client_id": self._client.client_id, "client_secret": self._client.client_secret}
        client = web_client(token, self._api_url)
        try:
            answer = client.api_call(method, data=data, auth=None if token else own)
        except (SlackApiError, OSError) as exc:
            raise self._failure(exc, doing) from exc
        return dict(answer.data) if isinstance(answer.data, dict) else {}

    def _failure(self, exc: Exception, doing: str) -> IntegrationError:
        return classed(exc, doing, writes=True)

    def _grant(self, answer: dict[str, Any]) -> Grant:
        now, lives_s = self._clock.now(), answer.get("expires_in")
        team = answer.get("team") or {}
        installation = Installation(
            team=str(team.get("id", "")),
            name=str(team.get("name", "")),
            enterprise=str((answer.get("enterprise") or {}).get("id", "")),
            app=str(answer.get("app_id", "")),
            bot_user=str(answer.get("bot_user_id", "")),
            scopes=tuple(str(answer.get("scope", "")).split(",")),
            installed_by=str((answer.get("authed_user") or {}).get("id", "")),
            installed_at=now,
            expires_at=now + timedelta(seconds=lives_s) if lives_s else None,
        )
        return Grant(installation, answer["access_token"], answer.get("refresh_token") or "")
