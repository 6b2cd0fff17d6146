"""A channel that cannot be posted to: why, and who was told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelTrouble:
    """Why nothing goes to a channel now. What is for it waits.

    reason: the chat's word for it, e.g. "is_archived". look_at: when one post may try again. told_at: when
    somebody was told. back_at: when it was over, None while it is not; it is kept until that is told too.
    """

    channel: str
    reason: str
    since: datetime
    look_at: datetime
    told_at: datetime | None = None
    back_at: datetime | None = None
