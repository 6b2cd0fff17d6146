"""A channel of Slack that customers write in, under the contract of sources of feedback."""

from __future__ import annotations

from typing import Any, ClassVar

from bot.domain.capture import ChannelRules, place_of, thread_id
from integrations.sandbox.slack.stand_in import SlackStandIn
from integrations.slack.client import SlackApi, web_client
from integrations.slack.directory import Directory
from integrations.slack.messenger import SlackMessenger
from integrations.slack.threads import SlackThreads
from tests.contracts.feedback_sources import PER_PAGE, SourceUnderTest

CHANNEL, CLEO, ANN = "C0EXTACME1", "U0CLEO0001", "U0ANN00001"


class SlackChannel(SourceUnderTest):
    """Slack: a thread is a conversation. It tells deletions by events, and its listing counts nothing."""

    stand_in = SlackStandIn
    vendor = "slack"
    listing = "/api/conversations.history"
    endless: ClassVar[dict[str, Any]] = {
        "ok": True,
        "messages": [],
        "response_metadata": {"next_cursor": "again"},
    }
    listless = '{"ok": true}'
    tells_deletions = False
    has_notes = False
    redacts = False
    estimates = False
    unknown = thread_id(CHANNEL, "1.000000")
    broken_off = ("/api/chat.getPermalink", 2 * PER_PAGE)  # asked for each thread

    def open(self) -> None:
        """A customer of another organisation and a colleague, in a channel that both are in."""
        profile = {"real_name": "Cleo", "email": "cleo@acme.example"}
        people = [
            {"id": CLEO, "name": "cleo", "team_id": "T0ACME0001", "profile": profile},
            {"id": ANN, "name": "ann"},
        ]
        channel = {"id": CHANNEL, "name": "acme", "is_ext_shared": True}
        self.client.load("slack", {"users": people, "channels": [channel]})

    def source(self, *, token: str | None = None, url: str | None = None) -> SlackThreads:
        """Return the adapter."""
        client = web_client(token or "xoxb-sandbox", f"{url or self.url}/api", timeout_s=5)
        api = SlackApi(lambda: client, sleep=self.sleep)
        directory = Directory(api, self.clock)
        return SlackThreads(
            api,
            lambda channel: directory,
            channels=[ChannelRules(channel=CHANNEL, is_feedback=True, company="Acme")],
            channel_id=SlackMessenger(api, clock=self.clock).channel_id,
            clock=self.clock,
            captured=lambda external_id: None,
            per_page=PER_PAGE,
        )

    def write(self, words: str, *, agent_says: str = "", bot_says: str = "") -> str:
        """Write a message, and have it answered in its thread; nobody else sees a note."""
        ts = self._slack.talking.say(CLEO, CHANNEL, words)
        if agent_says:
            self._slack.talking.say(ANN, CHANNEL, agent_says, thread=ts)
        if bot_says:
            channel = self._slack.space.channels[CHANNEL]
            self._slack.space.add_message(channel, text=bot_says, thread_ts=ts)
        return thread_id(CHANNEL, ts)

    def reply(self, external_id: str, words: str) -> None:
        """Write in the thread."""
        self._slack.talking.say(CLEO, CHANNEL, words, thread=place_of(external_id)[1])

    def delete(self, external_id: str) -> None:
        """Delete the message that nobody answered."""
        self._slack.talking.remove(CHANNEL, place_of(external_id)[1])

    def black_out(self, external_id: str, words: str) -> None:
        """Raise: what Slack takes out of a message leaves no trace."""
        raise NotImplementedError

    def spoil(self, external_id: str) -> None:
        """Make the words a number."""
        message = self._slack.space.channels[CHANNEL].message(place_of(external_id)[1])
        assert message is not None
        message["text"] = 7

    def end_of_url(self, external_id: str) -> str:
        """Return the message's part of a permalink."""
        return f"/p{place_of(external_id)[1].replace('.', '')}"

    @property
    def _slack(self) -> SlackStandIn:
        found = self.sandbox.stand_ins["slack"]
        assert isinstance(found, SlackStandIn)
        return found
