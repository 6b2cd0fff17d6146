"""What listeners and tasks work with; built once, by the composition root."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.domain.route import Rules
from bot.ports import Clock, WorkQueue
from bot.repositories import Work
from bot.services.cards import Presenter
from bot.services.creating import Ticketing
from bot.services.publish import Publisher
from bot.services.search import Searcher
from integrations.slack.client import SlackApi
from integrations.slack.directory import Directory
from integrations.slack.groups import ChannelMembers, Groups
from integrations.slack.threads import SlackThreads

if TYPE_CHECKING:
    from handlers.workspaces import Teams


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Everything that a listener needs.

    reading: units that only read, so that an answer never waits for a running sync. keeping: units that write
    at once or not at all, before an acknowledgement. editors, admins: ids of
    users and user groups, or groups' handles; none: every full member, every editor. cron, zone, language:
    what a new digest starts with. slack, directory, groups: of the workspace that the request is from; teams:
    all of them, None where a token says which.
    """

    work: Work
    reading: Work
    keeping: Work
    clock: Clock
    rules: Rules
    presenter: Presenter
    publisher: Publisher
    queue: WorkQueue
    slack: SlackApi
    directory: Directory
    groups: Groups
    members: ChannelMembers
    ticketing: Ticketing
    searcher: Searcher
    threads: SlackThreads
    teams: Teams | None = None
    editors: frozenset[str] = frozenset()
    admins: frozenset[str] = frozenset()
    attach_at: float = 0.9
    cron: str = "0 9 * * mon"
    zone: str = "UTC"
    language: str = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """What the HTTP probes ask. ready: raises VocError with what is missing unless requests can be served."""

    reading: Work
    clock: Clock
    ready: Callable[[], None]
