"""Who is in Slack's user groups, e.g. @product, and in its channels."""

from __future__ import annotations

import re

from bot.errors import AnswerError, NotFoundError
from bot.ports import Clock
from bot.remembered import Remembered
from integrations.slack.client import VENDOR, Apis, SlackApi
from integrations.slack.directory import FRESH_FOR

GROUP_ID = re.compile(r"S[A-Z0-9]{7,}")
USER_ID = re.compile(r"[UW][A-Z0-9]{2,}")
NO_GROUP = "no_such_subteam"
DOING = "asking who is in a user group"


class Groups:
    """Looks user groups up, and remembers who is in them for FRESH_FOR."""

    def __init__(self, api: SlackApi, clock: Clock) -> None:
        self._api, self._clock = api, clock
        self._known = Remembered[str, frozenset[str]](FRESH_FOR)

    def holds(self, named: frozenset[str], user: str) -> bool:
        """Return whether the person is named, or in a group that is. named: ids of users and groups, handles.

        Raises IntegrationError where Slack does not answer, NotFoundError where a group is not there any more
        and no other holds them.
        """
        if user in named:
            return True
        missing: NotFoundError | None = None
        for group in sorted(name for name in named if not USER_ID.fullmatch(name)):
            try:
                if user in self.members(group):
                    return True
            except NotFoundError as exc:
                missing = exc
        if missing is not None:
            raise missing
        return False

    def members(self, group: str) -> frozenset[str]:
        """Return the group's users. group: its id or handle, with or without the @. Raises NotFoundError."""
        return self._known.of(group, self._clock.now(), lambda: self._asked(group))

    def _asked(self, group: str) -> frozenset[str]:
        try:
            answer = self._api.read("usergroups.users.list", DOING, usergroup=self._id(group))
        except AnswerError as exc:
            if exc.detail == NO_GROUP:
                raise NotFoundError(VENDOR, DOING, group) from exc
            raise
        return frozenset(map(str, answer["users"]))

    def _id(self, group: str) -> str:
        if GROUP_ID.fullmatch(group):
            return group
        handle = group.removeprefix("@").casefold()
        listed = self._api.read("usergroups.list", "finding a user group")["usergroups"]
        for one in listed:
            if one["handle"].casefold() == handle:
                return str(one["id"])
        raise NotFoundError(VENDOR, "finding a user group", f"@{handle}")


class ChannelMembers:
    """Looks up who is in a channel, and remembers it for FRESH_FOR."""

    def __init__(self, apis: Apis, clock: Clock) -> None:
        self._apis, self._clock = apis, clock
        self._known = Remembered[str, frozenset[str]](FRESH_FOR)

    def holds(self, channel: str, user: str) -> bool:
        """Return whether the person is in the channel, given by id. Raises IntegrationError."""
        return user in self.all(channel)

    def all(self, channel: str) -> frozenset[str]:
        """Return everybody in the channel, given by id. Raises IntegrationError."""
        return self._known.of(channel, self._clock.now(), lambda: self._asked(channel))

    def _asked(self, channel: str) -> frozenset[str]:
        doing = "asking who is in a channel"
        pages = self._apis.of(channel).pages("conversations.members", doing, channel=channel, limit=1_000)
        return frozenset(str(one) for page in pages for one in page["members"])
