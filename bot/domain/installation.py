"""Voc in one workspace of the chat, as its members installed it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Installation:
    """What was granted to Voc in a workspace, without the tokens.

    team, enterprise: Slack's ids. expires_at: of the access token, None where it does not expire. ended_at:
    when the app was taken out, None while it is in.
    """

    team: str
    name: str
    enterprise: str = ""
    app: str = ""
    bot: str = ""
    bot_user: str = ""
    scopes: tuple[str, ...] = ()
    installed_by: str = ""
    installed_at: datetime
    expires_at: datetime | None = None
    ended_at: datetime | None = None
