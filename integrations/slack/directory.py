"""Who is who in Slack: a person's time zone and language, and whether they belong to the workspace."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.errors import IntegrationError, NotFoundError
from bot.ports import Clock
from integrations.slack.client import SlackApi

FRESH_FOR = timedelta(minutes=10)
MOST, LISTED_AT_ONCE = 10_000, 1_000  # people remembered, and asked for, at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A person in Slack. zone: an IANA name; language: e.g. "de-DE"; both "" where Slack does not tell.

    is_guest: invited to some channels only. is_external: of another organisation, or unknown here.
    team: the id of their workspace; email: "" where Slack does not tell it.
    """

    id: str
    zone: str = ""
    language: str = ""
    is_guest: bool = False
    is_external: bool = False
    is_bot: bool = False
    name: str = ""
    email: str = ""
    team: str = ""


class Directory:
    """Looks people up, and remembers them for FRESH_FOR."""

    def __init__(self, api: SlackApi, clock: Clock) -> None:
        self._api, self._clock = api, clock
        self._known: dict[str, tuple[datetime, Member]] = {}
        self._lock = threading.Lock()
        self._full: tuple[datetime, frozenset[str] | None] = (clock.now(), None)
        self._self: Mapping[str, Any] = {}

    def member(self, user: str) -> Member:
        """Return the person. Raises IntegrationError where Slack does not answer."""
        now = self._clock.now()
        with self._lock:
            at, known = self._known.get(user, (now, None))
        if known is not None and now - at < FRESH_FOR:
            return known
        found = self._asked(user)
        with self._lock:
            if len(self._known) >= MOST:
                self._known.clear()
            self._known[user] = now, found
        return found

    def full_members(self) -> frozenset[str]:
        """Return all who are of the workspace and no guests. Raises IntegrationError."""
        now = self._clock.now()
        with self._lock:
            at, known = self._full
        if known is not None and now - at < FRESH_FOR:
            return known
        home, doing = self._team(), "asking who is of the workspace"
        pages = self._api.pages("users.list", doing, limit=LISTED_AT_ONCE)
        people = [_member(one, home) for page in pages for one in page["members"]]
        found = frozenset(one.id for one in people if not one.is_guest and not one.is_external)
        with self._lock:
            self._full = now, found
        return found

    def language(self, user: str) -> str:
        """Return the person's language, "" where Slack does not tell it: nobody's answer fails over that."""
        try:
            return self.member(user).language
        except IntegrationError:
            return ""

    def known_language(self, user: str) -> str:
        """Return the person's language as it was told last, however long ago; "" where it never was."""
        with self._lock:
            _, known = self._known.get(user, (None, None))
        return known.language if known else ""

    def zone(self, user: str) -> str:
        """Return the person's time zone, "" where Slack does not tell it."""
        try:
            return self.member(user).zone
        except IntegrationError:
            return ""

    def is_own(self, user: str) -> bool:
        """Return whether the person is of the workspace; False where Slack does not tell it."""
        try:
            return not self.member(user).is_external
        except IntegrationError:
            return False

    def is_voc(self, author: str) -> bool:
        """Return whether the id, of a message's user or of its bot, is Voc's own. Raises IntegrationError."""
        about = self._identity()
        return bool(author) and author in (about.get("user_id"), about.get("bot_id"))

    def _asked(self, user: str) -> Member:
        try:
            answer = self._api.read("users.info", "looking a person up", user=user, include_locale=True)
        except NotFoundError:
            return Member(id=user, is_external=True)
        return _member(answer["user"], self._team())

    def _team(self) -> str:
        """Return the workspace's own id."""
        return str(self._identity()["team_id"])

    def _identity(self) -> Mapping[str, Any]:
        """Return who Voc is here, asked for once."""
        if not self._self:
            self._self = self._api.read("auth.test", "asking whose workspace this is")
        return self._self


def _member(user: dict[str, Any], home: str) -> Member:
    # Slack calls nobody a stranger who shares a channel with the app: their team tells.
    profile = user.get("profile") or {}
    teams = {user.get("team_id", home), *(user.get("enterprise_user") or {}).get("teams", ())}
    return Member(
        id=user["id"],
        zone=user.get("tz") or "",
        language=user.get("locale") or "",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_external=bool(user.get("is_stranger")) or home not in teams,
        is_bot=bool(user.get("is_bot")),
        name=profile.get("real_name") or user.get("real_name") or "",
        email=profile.get("email") or "",
        team=user.get("team_id") or "",
    )
