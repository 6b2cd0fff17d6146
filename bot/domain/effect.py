"""Outward acts as rows: claimed before the call, settled after it, so that nothing is ever done twice."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class EffectState(StrEnum):
    """Where an outward act stands. A claim whose lease ran out is as uncertain as UNCERTAIN."""

    PENDING = "pending"
    CLAIMED = "claimed"
    DONE = "done"
    UNCERTAIN = "uncertain"
    PARKED = "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """One outward act. (kind, target, key) is unique: e.g. ("link", "jira:10001", "feedback:7").

    wanted: hash of the content wanted; done: hash of the content last settled; result: the vendor's id of
    what was made.
    note: why it is not done, without customers' words.
    """

    id: int
    kind: str
    target: str
    key: str
    state: EffectState
    wanted: str
    done: str
    result: str
    tries: int
    next_at: datetime
    first_done_at: datetime | None = None
    done_at: datetime | None = None
    claimed_until: datetime | None = None
    note: str = ""
