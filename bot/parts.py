"""What the use cases stand on: time, the store, the operator's rules, and the adapters to the outside."""

from __future__ import annotations

from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.adapters.accounts import Stores
    from bot.domain.capture import Capture
    from bot.domain.route import Rules
    from bot.ports import Clock, Embedder, FeedbackSource, Messenger, TicketTracker
    from bot.repositories import Work
    from bot.storage.database import Database
    from config.settings import Settings
    from handlers.workspaces import Teams
    from integrations.slack.client import Apis, SlackApi
    from integrations.slack.directory import Directory
    from integrations.slack.groups import ChannelMembers, Groups
    from integrations.slack.threads import SlackThreads


class Parts:
    """These parts of one process, each made when first asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @cached_property
    def clock(self) -> Clock:
        """The time."""
        from bot.engine.clock import SystemClock

        return SystemClock()

    @cached_property
    def database(self) -> Database:
        """The database, not looked at yet."""
        from bot.storage.database import Database
        from bot.storage.engine import open_database

        engine = open_database(self.settings.database.url.get_secret_value())
        return Database(engine, self.settings.secret_keys)

    @cached_property
    def work(self) -> Work:
        """Units of work that may write."""
        return self.database.work

    @cached_property
    def reading(self) -> Work:
        """Units of work that only read."""
        return self.database.reading

    @cached_property
    def rules(self) -> Rules:
        """The operator's rules."""
        return self.settings.rules()

    @cached_property
    def lease(self) -> timedelta:
        """How long the claim on an outward act holds when its worker is never heard of again."""
        return timedelta(seconds=self.settings.engine.claim_s)

    @cached_property
    def stores(self) -> Stores:
        """Where accounts have their tokens, sealed."""
        from bot.adapters.accounts import Stores

        return Stores(self.settings, self.clock, self.work)

    @cached_property
    def sources(self) -> Mapping[str, FeedbackSource]:
        """The configured sources by name."""
        from bot.adapters.sources import sources

        found = sources(self.settings, self.clock, lambda: self.stores)
        return found | ({self.threads.name: self.threads} if self.settings.channels else {})

    @cached_property
    def trackers(self) -> Mapping[str, TicketTracker]:
        """The configured trackers by name."""
        from bot.adapters.trackers import trackers

        return trackers(self.settings, lambda: self.stores)

    @cached_property
    def apis(self) -> Apis:
        """Slack's Web API in one workspace or several. Raises SettingError without a token or client."""
        from bot.adapters import chat

        if self.settings.slack.client_id is None:
            return chat.api(self.settings)
        return chat.workspaces(self.settings, self.clock, self.work)

    @cached_property
    def slack(self) -> SlackApi:
        """Slack's Web API in the settings' own workspace."""
        return self.apis.all()[0]

    @cached_property
    def teams(self) -> Teams | None:
        """The workspaces by their ids, None where there is one."""
        from bot.adapters import chat
        from integrations.slack.installs import Workspaces

        return chat.teams(self.apis, self.clock) if isinstance(self.apis, Workspaces) else None

    @cached_property
    def directory(self) -> Directory:
        """Who is who in the chat."""
        from integrations.slack.directory import Directory

        return Directory(self.slack, self.clock)

    @cached_property
    def groups(self) -> Groups:
        """Who is in the chat's user groups."""
        from integrations.slack.groups import Groups

        return Groups(self.slack, self.clock)

    @cached_property
    def members(self) -> ChannelMembers:
        """Who is in which channel."""
        from integrations.slack.groups import ChannelMembers

        return ChannelMembers(self.apis, self.clock)

    @cached_property
    def messenger(self) -> Messenger:
        """The chat."""
        from config.scopes import SCOPES
        from integrations.slack.gate import ChannelGate
        from integrations.slack.messenger import SlackMessenger

        messenger = SlackMessenger(
            self.apis,
            clock=self.clock,
            channels=self.rules.routes.channels,
            scopes=SCOPES,
            language=self.settings.language,
        )
        return ChannelGate(messenger, self.work, self.clock, is_shared=messenger.is_shared)

    @cached_property
    def threads(self) -> SlackThreads:
        """Threads of the chat, as a source of feedback."""
        from integrations.slack.threads import SlackThreads

        return SlackThreads(
            self.apis,
            self._directory_of,
            channels=self.rules.channels,
            channel_id=self.slack_channel_id,
            clock=self.clock,
            captured=self._captured,
        )

    def slack_channel_id(self, channel: str) -> str:
        """Return the id of a channel that is named. Raises NotFoundError."""
        from integrations.slack.messenger import SlackMessenger

        return SlackMessenger(self.apis, clock=self.clock).channel_id(channel)

    def _directory_of(self, channel: str) -> Directory:
        """Return who is who in the channel's workspace."""
        team = self.apis.of(channel).team
        return self.teams.directory(team) if self.teams is not None and team else self.directory

    def _captured(self, external_id: str) -> Capture | None:
        with self.reading() as unit:
            return unit.captures.get(external_id)

    @cached_property
    def embedder(self) -> Embedder:
        """Texts to vectors."""
        from bot.adapters.embedders import embedder

        return embedder(self.settings, self.settings.matching.embedder)
