"""Units of work on a database."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import cached_property
from types import TracebackType
from typing import Self

from sqlalchemy import Connection, Engine, func, select

from bot.repositories import (
    Answers,
    Audits,
    Captures,
    Channels,
    Conversations,
    Credentials,
    Deliveries,
    Effects,
    Hearing,
    Insights,
    Installations,
    Matches,
    ModelVersions,
    Names,
    NewsBoard,
    People,
    Pieces,
    Preferences,
    Previews,
    Projects,
    Proposals,
    Search,
    Sources,
    Subscriptions,
    Telling,
    Themes,
    Tickets,
    Trusts,
    UnitOfWork,
    Vectors,
    Writes,
)
from bot.storage.answers import SqlAnswers, SqlAudits
from bot.storage.assignees import Marks
from bot.storage.captures import SqlCaptures
from bot.storage.channels import SqlChannels
from bot.storage.claims import Claims
from bot.storage.conversations import Fresh, SqlConversations
from bot.storage.effects import SqlEffects, give_up
from bot.storage.engine import impatient, reading
from bot.storage.hearing import SqlHearing
from bot.storage.insights import SqlInsights
from bot.storage.installations import SqlInstallations
from bot.storage.matches import SqlMatches
from bot.storage.names import SqlNames
from bot.storage.news import SqlNews, SqlWrites
from bot.storage.people import SqlPeople
from bot.storage.pieces import SqlPieces
from bot.storage.previews import SqlPreviews
from bot.storage.proposals import SqlPreferences, SqlProposals
from bot.storage.search import SqlSearch
from bot.storage.small import SqlCredentials, SqlDeliveries, SqlProjects, SqlVectors
from bot.storage.sources import SqlSources
from bot.storage.subscriptions import SqlSubscriptions
from bot.storage.telling import SqlTelling
from bot.storage.themes import SqlThemes
from bot.storage.tickets import SqlTickets
from bot.storage.trusts import SqlModelVersions, SqlTrusts

log = logging.getLogger(__name__)

TURN = 0x566F63  # the key of our one advisory lock


class SqlUnitOfWork:
    """One transaction with its repositories; use it once, in one thread."""

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

    def __init__(self, engine: Engine, claims: Claims, marks: Marks) -> None:
        self._engine, self._claims, self._marks = engine, claims, marks

    def __enter__(self) -> Self:
        """Begin."""
        self._connection = connection = self._engine.connect()
        try:
            connection.begin()
        except BaseException:
            connection.close()
            raise
        self._equip(connection)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, exc: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Roll back what was not committed."""
        self._connection.close()

    def commit(self) -> None:
        """Make it last. The unit is over: what is asked of it afterwards fails."""
        transaction = self._connection.get_transaction()
        if transaction is None:
            raise RuntimeError("this unit of work was committed before")
        transaction.commit()

    def take_turn(self) -> None:
        """Wait until no other unit that took its turn is open; see the port."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(TURN)))

    def _equip(self, connection: Connection) -> None:
        fresh = Fresh()
        self.conversations = SqlConversations(connection, fresh)
        self.people = SqlPeople(connection)
        self.pieces = SqlPieces(connection, fresh)
        self.hearing = SqlHearing(connection)
        self.telling = SqlTelling(connection)
        self.tickets = SqlTickets(connection, self._marks)
        self.matches = SqlMatches(connection)
        self.effects = SqlEffects(connection, self._claims)
        self.sources = SqlSources(connection)
        self.subscriptions = SqlSubscriptions(connection)
        self.previews = SqlPreviews(connection)
        self.projects = SqlProjects(connection)
        self.answers = SqlAnswers(connection)
        self.audits = SqlAudits(connection)
        self.captures = SqlCaptures(connection)
        self.trusts = SqlTrusts(connection)
        self.models = SqlModelVersions(connection)
        self.credentials = SqlCredentials(connection)
        self.deliveries = SqlDeliveries(connection)
        self.vectors = SqlVectors(connection)
        self.themes = SqlThemes(connection)
        self.writes = SqlWrites(connection)
        self.news = SqlNews(connection)
        self.proposals = SqlProposals(connection)
        self.preferences = SqlPreferences(connection)
        self.installations = SqlInstallations(connection)
        self.channels = SqlChannels(connection)
        self.search = SqlSearch(connection)
        self.names = SqlNames(connection)
        self.insights = SqlInsights(connection)


class Database:
    """Makes units of work on one engine. keys: to hash colleagues' addresses with, the newest first."""

    def __init__(self, engine: Engine, keys: Sequence[str] = ()) -> None:
        self.engine, self._marks = engine, Marks(keys)
        self._reading = reading(engine)
        self._claims = Claims()

    def work(self) -> UnitOfWork:
        """Return a unit that may write. On SQLite it is the only one while it lasts."""
        return SqlUnitOfWork(self.engine, self._claims, self._marks)

    def reading(self) -> UnitOfWork:
        """Return a unit that only reads: on SQLite it neither waits for a writer nor keeps one waiting."""
        return SqlUnitOfWork(self._reading, self._claims, self._marks)

    def quick(self) -> UnitOfWork:
        """Return a unit that may write and fails where it would wait: for who must answer at once."""
        return SqlUnitOfWork(self._impatient, self._claims, self._marks)

    @cached_property
    def _impatient(self) -> Engine:
        return impatient(self.engine)

    def stop_claiming(self) -> None:
        """Let no outward act begin any more: claiming one raises Stopping."""
        self._claims.close()

    def give_up_claims(self, next_at: datetime) -> None:
        """Let another process look up and go on, from next_at, with what this one leaves unfinished."""
        with self.engine.begin() as connection:
            given_up = give_up(connection, self._claims.held(), next_at)
        if given_up:
            log.warning("outward acts left unfinished", extra={"acts": given_up})

    def close(self) -> None:
        """Close the pooled connections."""
        self.engine.dispose()
        if "_impatient" in self.__dict__:
            self._impatient.dispose()
