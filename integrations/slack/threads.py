"""Threads of Slack as feedback: a thread is one conversation, read as it is now."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.domain.capture import Capture, ChannelRules, place_of, rules_for, thread_id
from bot.domain.feedback import ReceivedConversation
from bot.errors import AccessError, AnswerError, IntegrationError, NotFoundError
from bot.ports import Clock, FeedbackPage, Finding, Unreadable
from integrations.records import UNEXPECTED_SHAPE
from integrations.slack.client import VENDOR, Apis
from integrations.slack.directory import Directory
from integrations.slack.thread_mapping import (
    Thread,
    author_of,
    changed_at,
    conversation_of,
    is_said,
    moment,
    reacted,
    ts_of,
)

READING, READING_CHANNEL, ASKING_NAME = (
    "reading a thread",
    "reading a channel",
    "asking for a channel's name",
)
PAGE = 200
UNKNOWN_FOR = timedelta(minutes=10)
LOOK_BACK = timedelta(days=7)  # how old a thread may be whose new replies a listing tells
ROOTS_A_PAGE = 50
# What the bot may not read is not gone: what is stored of it stays.
UNSEEN = ("not_in_channel", "channel_not_found")


class SlackThreads:
    """The FeedbackSource port on Slack's threads.

    directory: who is who in a channel's workspace. channels: the rules of those that matter; channel_id: a
    name's id; captured: what people took by hand; per_page: threads that are stored together.
    """

    def __init__(
        self,
        apis: Apis,
        directory: Callable[[str], Directory],
        *,
        channels: Sequence[ChannelRules],
        channel_id: Callable[[str], str],
        clock: Clock,
        captured: Callable[[str], Capture | None],
        per_page: int = ROOTS_A_PAGE,
    ) -> None:
        self._apis, self._directory, self._captured = apis, directory, captured
        self._channels, self._channel_id, self._clock = channels, channel_id, clock
        self._per_page = per_page
        self._unknown: dict[str, datetime] = {}
        self._ids: dict[str, str] = {}
        self._names: dict[str, str] = {}

    @property
    def name(self) -> str:
        """Return "slack"."""
        return VENDOR

    def rules(self, channel: str) -> ChannelRules | None:
        """Return the rules of the channel with that id; asks Slack once for the ids of those that are named.

        Raises IntegrationError where it does not answer.
        """
        return rules_for(self._channels, channel) or next(
            (rules for rules in self._channels if self._is(rules, channel)), None
        )

    def root_of(self, channel: str, ts: str) -> str:
        """Return the first message's ts of the thread that the message is in. Raises NotFoundError."""
        return str(self._message(channel, ts).get("thread_ts", ts))

    def reacted(self, channel: str, ts: str, reaction: str) -> frozenset[str]:
        """Return who has put that reaction on the message. Raises NotFoundError."""
        return reacted(self._message(channel, ts), reaction)

    def start(self, since: datetime) -> str:
        """Return the cursor that reads everything written at or after `since`. No network."""
        return _cursor({"": ts_of(since)})

    def pages(self, after: str) -> Iterator[FeedbackPage]:
        """Yield the threads of channels that bring feedback, in order of change within each; see the port.

        Slack lists no changes: those of older threads, and all deletions, come by events and the daily round.
        """
        read_to: dict[str, str] = json.loads(after)
        for rules in self._channels:
            if rules.is_feedback:
                channel = self._id_of(rules.channel)
                yield from self._of_channel(channel, rules, read_to)
        yield FeedbackPage(conversations=(), cursor=_cursor(read_to))

    def fetch(self, external_id: str) -> ReceivedConversation:
        """Return the thread as it is now. Raises NotFoundError when it was deleted or is no feedback now.

        Raises AnswerError where the bot may not see it, which says nothing of the thread, or can't read it.
        """
        channel, root = place_of(external_id)
        try:
            messages = self._messages(channel, root)
        except AccessError as exc:
            if exc.detail in UNSEEN:
                raise AnswerError(VENDOR, READING, exc.detail) from exc
            raise
        try:
            found = self._conversation(channel, root, messages, self.rules(channel))
        except UNEXPECTED_SHAPE as exc:
            raise AnswerError(VENDOR, READING, type(exc).__name__) from exc
        if found is None:
            raise NotFoundError(VENDOR, READING, "no feedback")
        return found

    def estimate(self, since: datetime) -> int | None:
        """Return None: Slack does not say."""
        return None

    def check(self) -> Sequence[Finding]:
        """Return whether each channel that brings feedback can be read."""
        return [self._finding(rules) for rules in self._channels]

    def _of_channel(
        self, channel: str, rules: ChannelRules, read_to: dict[str, str]
    ) -> Iterator[FeedbackPage]:
        """Yield the channel's threads that changed since it was read, in order of change."""
        since = read_to.get(channel, read_to[""])
        roots = self._roots(channel, ts_of(moment(since) - LOOK_BACK))
        changed = sorted((root for root in roots if changed_at(root) >= since), key=changed_at)
        for start in range(0, len(changed), self._per_page):
            some = changed[start : start + self._per_page]
            found: list[ReceivedConversation | None] = []
            unreadable: list[Unreadable] = []
            for root in some:
                try:
                    found.append(self._thread_of(channel, root, rules))
                except UNEXPECTED_SHAPE as exc:
                    unreadable.append(Unreadable(thread_id(channel, root["ts"]), type(exc).__name__))
            read_to[channel] = changed_at(some[-1])
            yield FeedbackPage(
                conversations=tuple(one for one in found if one),
                cursor=_cursor(read_to),
                unreadable=tuple(unreadable),
            )

    def _roots(self, channel: str, oldest: str) -> list[Mapping[str, Any]]:
        """Return the channel's top-level messages since then, each as Slack tells of its thread.

        A reply that was also sent to the channel is listed too, but is its thread's.
        """
        pages = self._apis.of(channel).pages(
            "conversations.history",
            READING_CHANNEL,
            channel=channel,
            oldest=oldest,
            inclusive=True,
            limit=PAGE,
        )
        found: list[Mapping[str, Any]] = []
        for page in pages:
            messages = page.get("messages")
            if not isinstance(messages, list) or not all(isinstance(m.get("ts"), str) for m in messages):
                raise AnswerError(VENDOR, READING_CHANNEL, "no messages")
            found += [m for m in messages if m.get("thread_ts", m["ts"]) == m["ts"]]
        return found

    def _thread_of(
        self, channel: str, root: Mapping[str, Any], rules: ChannelRules
    ) -> ReceivedConversation | None:
        messages = self._messages(channel, root["ts"]) if root.get("reply_count") else [root]
        return self._conversation(channel, str(root["ts"]), messages, rules)

    def _conversation(
        self, channel: str, root: str, messages: Sequence[Mapping[str, Any]], rules: ChannelRules | None
    ) -> ReceivedConversation | None:
        """Return the thread as a conversation, None where it is no feedback."""
        directory = self._directory(channel)
        said = [message for message in messages if is_said(message)]
        external_id = thread_id(channel, root)
        thread = Thread(
            external_id=external_id,
            messages=said,
            own=frozenset(m["ts"] for m in said if directory.is_voc(author_of(m))),
            rules=rules or ChannelRules(channel=channel),
            capture=self._captured(external_id),
            url=self._link(channel, root),
            inbox=self._name(channel),
        )
        return conversation_of(thread, directory.member)

    def _message(self, channel: str, ts: str) -> Mapping[str, Any]:
        found = next((m for m in self._messages(channel, ts) if m["ts"] == ts), None)
        if found is None:
            raise NotFoundError(VENDOR, READING, "message_not_found")
        return found

    def _messages(self, channel: str, ts: str) -> list[Mapping[str, Any]]:
        """Return the thread's messages; of a reply, perhaps that alone. Raises NotFoundError for none."""
        api = self._apis.of(channel)
        pages = api.pages("conversations.replies", READING, channel=channel, ts=ts, limit=PAGE)
        found = [message for page in pages for message in page.get("messages") or []]
        if not found:
            raise NotFoundError(VENDOR, READING, "thread_not_found")
        return found

    def _is(self, rules: ChannelRules, channel: str) -> bool:
        try:
            return self._id_of(rules.channel) == channel
        except NotFoundError:
            return False  # `check` says so

    def _id_of(self, channel: str) -> str:
        """Return the channel's id. A name that Slack does not know is not asked for again for a while.

        Raises NotFoundError.
        """
        now = self._clock.now()
        if channel in self._unknown and now - self._unknown[channel] < UNKNOWN_FOR:
            raise NotFoundError(VENDOR, "finding a channel", channel)
        if channel not in self._ids:
            try:
                self._ids[channel] = self._channel_id(channel)
            except NotFoundError:
                self._unknown[channel] = now
                raise
        return self._ids[channel]

    def _link(self, channel: str, ts: str) -> str:
        """Return the thread's address, "" where its first message is gone."""
        try:
            answer = self._apis.of(channel).read(
                "chat.getPermalink", "asking for a link", channel=channel, message_ts=ts
            )
        except NotFoundError:
            return ""
        return str(answer["permalink"])

    def _name(self, channel: str) -> str:
        """Return e.g. "#support", "" where the bot may not know it."""
        if channel not in self._names:
            try:
                answer = self._apis.of(channel).read("conversations.info", ASKING_NAME, channel=channel)
            except (AccessError, AnswerError):
                return ""
            self._names[channel] = f"#{answer['channel']['name']}" if answer["channel"].get("name") else ""
        return self._names[channel]

    def _finding(self, rules: ChannelRules) -> Finding:
        try:
            channel = self._id_of(rules.channel)
            self._apis.of(channel).read("conversations.history", READING_CHANNEL, channel=channel, limit=1)
        except IntegrationError as exc:
            remedy = (
                getattr(exc, "remedy", "") or "check the channel's name; in a private one type /invite @voc"
            )
            return Finding(False, f"Slack channel {rules.channel}, named for feedback: {exc}", remedy)
        return Finding(True, f"Slack channel {rules.channel} can be read for feedback")


def _cursor(read_to: Mapping[str, str]) -> str:
    return json.dumps(read_to, sort_keys=True)
