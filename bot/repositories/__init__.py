"""What the use cases need of storage: one unit of work, and a repository for each kind of row.

All times are aware UTC. A unit of work is short: none is open across a network call.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Protocol, Self

from bot.repositories.captures import Captures
from bot.repositories.channels import Channels
from bot.repositories.feedback import (
    Attributes,
    ConversationDraft,
    Conversations,
    People,
    PieceDraft,
    Pieces,
    TurnDraft,
)
from bot.repositories.hearing import SPREAD, Heard, Hearing, Said
from bot.repositories.insights import Insights
from bot.repositories.installations import Installations, Sealed
from bot.repositories.news import NewsBoard, Stop, UntoldNews, Writes
from bot.repositories.outside import (
    Credentials,
    Deliveries,
    Effects,
    KeptEvent,
    SourceHealth,
    Sources,
    Vectors,
)
from bot.repositories.review import Origin, Preferences, Proposals, Waiting
from bot.repositories.search import Names, Search
from bot.repositories.subscriptions import Preview, Previews, StoredDigest, Subscriptions
from bot.repositories.telling import Group, Packed, Telling
from bot.repositories.themes import Place, Themes
from bot.repositories.tickets import LinksRead, Matches, Projects, Switches, Tickets
from bot.repositories.trust import Answers, Audits, Link, ModelVersion, ModelVersions, Trusts

__all__ = [
    "SPREAD",
    "Answers",
    "Attributes",
    "Audits",
    "Captures",
    "Channels",
    "ConversationDraft",
    "Conversations",
    "Credentials",
    "Deliveries",
    "Effects",
    "Group",
    "Heard",
    "Hearing",
    "Insights",
    "Installations",
    "KeptEvent",
    "Link",
    "LinksRead",
    "Matches",
    "ModelVersion",
    "ModelVersions",
    "Names",
    "NewsBoard",
    "Origin",
    "Packed",
    "People",
    "PieceDraft",
    "Pieces",
    "Place",
    "Preferences",
    "Preview",
    "Previews",
    "Projects",
    "Proposals",
    "Said",
    "Sealed",
    "Search",
    "SourceHealth",
    "Sources",
    "Stop",
    "StoredDigest",
    "Subscriptions",
    "Switches",
    "Telling",
    "Themes",
    "Tickets",
    "Trusts",
    "TurnDraft",
    "UnitOfWork",
    "UntoldNews",
    "Vectors",
    "Waiting",
    "Work",
    "Writes",
]


class UnitOfWork(AbstractContextManager["UnitOfWork"], Protocol):
    """One transaction: rolled back unless committed. A broken unique key raises AlreadyExists."""

    conversations: Conversations
    people: People
    pieces: Pieces
    hearing: Hearing
    telling: Telling
    tickets: Tickets
    matches: Matches
    effects: Effects
    sources: Sources
    subscriptions: Subscriptions
    previews: Previews
    projects: Projects
    answers: Answers
    audits: Audits
    captures: Captures
    trusts: Trusts
    models: ModelVersions
    credentials: Credentials
    deliveries: Deliveries
    vectors: Vectors
    themes: Themes
    writes: Writes
    news: NewsBoard
    proposals: Proposals
    preferences: Preferences
    installations: Installations
    channels: Channels
    search: Search
    names: Names
    insights: Insights

    def __enter__(self) -> Self:
        """Begin."""
        ...

    def commit(self) -> None:
        """Make it last."""
        ...

    def take_turn(self) -> None:
        """Wait until no other unit that took its turn is open: for units that change many rows or decide.

        So they never wait for one another in a circle. On SQLite a unit that may write is alone anyway.
        """
        ...


Work = Callable[[], UnitOfWork]
