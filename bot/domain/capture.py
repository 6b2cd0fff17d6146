"""Feedback from the chat itself: which channels bring it by themselves, and what people picked by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

THREADS = "slack"  # the source whose conversations are threads of the chat
ME_TOO = "me_too"  # the kind of the context fact that counts who agreed


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelRules:
    """What feedback is in one channel. channel: its id or #name; capture, not_feedback, me_too: reactions.

    is_feedback: whether each top-level message is some. takes_everyone: whether colleagues who write one
    speak for customers; else only people of other organisations and guests do. company: whose channel it is.
    """

    channel: str
    capture: str = ""
    not_feedback: str = ""
    me_too: str = ""
    is_feedback: bool = False
    takes_everyone: bool = False
    company: str = ""

    @property
    def reactions(self) -> frozenset[str]:
        """Return the reactions that mean something there."""
        return frozenset({self.capture, self.not_feedback, self.me_too} - {""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """A thread that somebody took as feedback. external_id: of its conversation.

    picked: by message, the words of it that count, "" for all; whoever wrote these messages speaks as a
    customer. customer: an e-mail address or a company's name, "" for the author's own; area: a product area,
    "" for none.
    """

    external_id: str
    by: str
    picked: Mapping[str, str] = field(default_factory=dict)
    customer: str = ""
    area: str = ""


def thread_id(channel: str, root: str) -> str:
    """Return the external id of the conversation that a thread is. root: its first message's id."""
    return f"{channel}:{root}"


def place_of(external_id: str) -> tuple[str, str]:
    """Return (channel, first message) of a thread's external id."""
    channel, _, root = external_id.partition(":")
    return channel, root


def rules_for(channels: Sequence[ChannelRules], *names: str) -> ChannelRules | None:
    """Return the rules of the channel that goes by one of these names."""
    return next((rules for rules in channels if rules.channel in names), None)
