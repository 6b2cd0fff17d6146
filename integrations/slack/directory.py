"""Who is who in Slack: a person's time zone and language, and whether they belong to the workspace."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.errors import IntegrationError, NotFoundError
from bot.ports import Clock
from bot.remembered import Remembered
from integrations.slack.client import SlackApi

FRESH_FOR = timedelta(minutes=10)
LISTED_AT_ONCE = 1_000  # people asked for at a time


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
        self._known = Remembered[str, Member](FRESH_FOR)
        self._full = Remembered[str, frozenset[str]](FRESH_FOR)
        self._self: Mapping[str, Any] = {}

    def member(self, user: str) -> Member:
        """Return the person. Raises IntegrationError where Slack does not answer."""
        return self._known.of(user, self._clock.now(), lambda: self._asked(user))

    def full_members(self) -> frozenset[str]:
        """Return all who are of the workspace and no guests. Raises IntegrationError."""
        return self._full.of("", self._clock.now(), self._asked_for_all)

    def _asked_for_all(self) -> frozenset[str]:
        home, doing = self._team(), "asking who is of the workspace"
        pages = self._api.pages("users.list", doing, limit=LISTED_AT_ONCE)
        people = [_member(one, home) for page in pages for one in page["members"]]
        return frozenset(one.id for one in people if not one.is_guest and not one.is_external)

    def language(self, user: str) -> str:
        """Return the person's language, "" where Slack does not tell it: nobody's answer fails over that."""
        try:
            return self.member(user).language
        except IntegrationError:
            return ""

    def known_language(self, user: str) -> str:
        """Return the person's language as it was told last, however long ago; "" where it never was."""
        known = self._known.last(user)
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
