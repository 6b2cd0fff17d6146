"""What the product needs of the outside world.

One suite in tests/contracts runs every adapter of each port.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.ports.basics import Clock, Finding, Unreadable
from bot.ports.chat import Messenger, Posted
from bot.ports.embedding import Embedder, Reading, Tokens
from bot.ports.running import Task, WorkQueue
from bot.ports.sources import FeedbackPage, FeedbackSource
from bot.ports.trackers import TicketPage, TicketTracker

if TYPE_CHECKING:
    from bot.ports.embedding import Vectors as Vectors

__all__ = [
    "Clock",
    "Embedder",
    "FeedbackPage",
    "FeedbackSource",
    "Finding",
    "Messenger",
    "Posted",
    "Reading",
    "Task",
    "TicketPage",
    "TicketTracker",
    "Tokens",
    "Unreadable",
    "WorkQueue",
]
