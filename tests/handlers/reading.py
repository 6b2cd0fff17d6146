"""The threads of a workspace, as Voc reads them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from bot.domain.capture import Capture, ChannelRules
from bot.ports import Clock
from bot.storage.database import Database
from integrations.slack.client import SlackApi
from integrations.slack.directory import Directory
from integrations.slack.threads import SlackThreads


def threads_of(
    api: SlackApi,
    directory: Directory,
    channel_id: Callable[[str], str],
    clock: Clock,
    database: Database,
    channels: Sequence[ChannelRules],
) -> SlackThreads:
    """Return the source on the stand-in and the store."""

    def captured(external_id: str) -> Capture | None:
        with database.reading() as unit:
            return unit.captures.get(external_id)

    return SlackThreads(
        api,
        lambda channel: directory,
        channels=channels,
        channel_id=channel_id,
        clock=clock,
        captured=captured,
    )
