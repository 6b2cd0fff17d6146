"""The composition root: settings in, a wired bot out. Nothing else constructs adapters.

Parts are made when first asked for, so that a process which only serves Slack loads no matcher and no chart.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

from bot.parts import Parts

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.digest import DigestSnapshot
    from bot.engine.queue import SqlQueue
    from bot.services.annotator import Annotator
    from bot.services.cards import Presenter
    from bot.services.creating import Ticketing
    from bot.services.learning import School
    from bot.services.matching import Desk, StoredVectors
    from bot.services.meanings import Meanings
    from bot.services.publish import Publisher
    from bot.services.search import Searcher
    from bot.services.themes import Gatherer
    from bot.services.trust import Aim
    from config.settings import Settings
    from handlers.context import Context, Health
    from handlers.install import Installing
    from handlers.jobs import Workshop
    from handlers.webhooks import Webhooks


def build(settings: Settings, **overrides: Any) -> Bot:
    """Return a bot for the settings.

    overrides: parts by name (clock, work, sources, messenger, …) to use instead.
    """
    return Bot(settings, overrides)


class Bot(Parts):
    """Every part of one process, wired."""

    def __init__(self, settings: Settings, overrides: Mapping[str, Any]) -> None:
        super().__init__(settings)
        for name, part in overrides.items():
            if not isinstance(getattr(Bot, name, None), cached_property):
                raise TypeError(f"{name} is no part of the bot")
            setattr(self, name, part)

    @cached_property
    def desk(self) -> Desk:
        """The matcher over the store."""
        from bot.matching.decide import Thresholds
        from bot.matching.matcher import Matcher
        from bot.matching.model import load_model
        from bot.services.matching import Desk

        chosen = self.settings.matching
        thresholds = Thresholds(chosen.attach_at, chosen.suggest_at)
        matcher = Matcher(self.embedder, load_model(self.embedder.name), thresholds, self._vectors)
        return Desk(self.work, self.clock, self.rules, matcher, closed_for=timedelta(days=chosen.closed_days))

    @cached_property
    def school(self) -> School:
        """What refits the model."""
        from bot.matching.model import load_model
        from bot.services.learning import School

        return School(self.work, self.reading, self.clock, load_model(self.embedder.name), self.embedder.name)

    @cached_property
    def aim(self) -> Aim:
        """When Voc may attach by itself."""
        from bot.services.trust import Aim

        chosen = self.settings.matching
        return Aim(chosen.precision, chosen.attach_at)

    @cached_property
    def gatherer(self) -> Gatherer:
        """Keeps themes."""
        from bot.services.themes import Gatherer

        return Gatherer(self.work, self.reading, self.clock, lambda: self.embedder, self._vectors)

    @cached_property
    def meanings(self) -> Meanings:
        """What pieces mean, held in memory."""
        from bot.services.meanings import Meanings

        return Meanings(self.reading, self.clock, lambda: self.embedder, self._vectors)

    @cached_property
    def _vectors(self) -> StoredVectors:
        from bot.services.matching import StoredVectors

        return StoredVectors(self.work, self.reading)

    @cached_property
    def searcher(self) -> Searcher:
        """Looks for customers' words."""
        from bot.services.search import Searcher

        return Searcher(self.reading, lambda: self.meanings)

    @cached_property
    def ticketing(self) -> Ticketing:
        """Gives themes their tickets."""
        from bot.services.creating import Ticketing

        projects = self.settings.projects
        return Ticketing(self.work, self.clock, lambda: self.trackers, projects, self.lease)

    @cached_property
    def annotator(self) -> Annotator:
        """Writes to tickets."""
        from bot.services.annotator import Annotator

        return Annotator(self.work, self.reading, self.clock, self.trackers, self.lease)

    @cached_property
    def presenter(self) -> Presenter:
        """Shows cards."""
        from bot.services.cards import Presenter

        return Presenter(self.work, self.clock, self.messenger, self.rules, self.lease)

    @cached_property
    def publisher(self) -> Publisher:
        """Posts digests."""
        from bot.engine.cron import next_time
        from bot.services.publish import Publisher

        return Publisher(
            work=self.work,
            reading=self.reading,
            clock=self.clock,
            messenger=self.messenger,
            rules=self.rules,
            chart=_chart,
            next_time=next_time,
            lease=self.lease,
            language=self.settings.language,
        )

    @cached_property
    def queue(self) -> SqlQueue:
        """The durable work queue."""
        from bot.engine.queue import SqlQueue

        lease = timedelta(seconds=self.settings.engine.lease_s)
        return SqlQueue(self.database.engine, self.clock, lease=lease)

    @cached_property
    def context(self) -> Context:
        """What listeners and tasks work with."""
        from handlers.context import Context

        return Context(
            work=self.work,
            reading=self.reading,
            keeping=self.database.quick,
            clock=self.clock,
            rules=self.rules,
            presenter=self.presenter,
            publisher=self.publisher,
            queue=self.queue,
            slack=self.slack,
            directory=self.directory,
            teams=self.teams,
            groups=self.groups,
            members=self.members,
            ticketing=self.ticketing,
            threads=self.threads,
            editors=frozenset(self.settings.slack.editors),
            searcher=self.searcher,
            admins=frozenset(self.settings.slack.admins),
            attach_at=self.settings.matching.attach_at,
            cron=self.settings.digest.cron,
            zone=self.settings.digest.zone,
            language=self.settings.language,
        )

    @cached_property
    def workshop(self) -> Workshop:
        """What running work needs."""
        from bot.domain.trust import Sampling
        from bot.services.learning import refit_if_worth_it
        from bot.services.theme_keeping import keep_themes
        from handlers.jobs import Workshop

        chosen = self.settings.matching
        return Workshop(
            work=self.work,
            clock=self.clock,
            rules=self.rules,
            queue=self.queue,
            sources=self.sources,
            trackers=self.trackers,
            match=lambda: self.desk.match_due(),  # noqa: PLW0108 - the matcher is made when first used
            learn=lambda: refit_if_worth_it(self.school),
            gather=lambda: keep_themes(self.ticketing, self.gatherer),
            annotator=self.annotator,
            presenter=self.presenter if self.settings.has_slack else None,
            publisher=self.publisher if self.settings.has_slack else None,
            threads=self.threads if self.settings.has_slack else None,
            happened=self._handle_event,
            sync_every=timedelta(seconds=self.settings.engine.sync_every_s),
            tidy=self._tidy,
            aim=self.aim,
            sampling=Sampling(chosen.audit_share, chosen.audit_a_week, chosen.audit_seed),
        )

    def _handle_event(self, body: Mapping[str, Any]) -> None:
        from handlers.slack_app import handle_kept  # with all that listens, which most workers never need

        handle_kept(self.context, body)

    @cached_property
    def health(self) -> Health:
        """What the probes ask."""
        from bot.storage.schema import require_current
        from handlers.context import Health

        return Health(
            reading=self.reading, clock=self.clock, ready=lambda: require_current(self.database.engine)
        )

    @cached_property
    def installing(self) -> Installing | None:
        """What lets a workspace in, None where a token says which."""
        from bot.adapters import chat

        is_by_client = self.settings.slack.client_id is not None
        return chat.installing(self.settings, self.clock, self.work) if is_by_client else None

    @cached_property
    def webhooks(self) -> Webhooks:
        """What takes trackers' webhooks."""
        from bot.adapters.hooks import hooks
        from handlers.webhooks import Webhooks

        return Webhooks(work=self.work, clock=self.clock, queue=self.queue, hooks=hooks(self.settings))

    def _tidy(self) -> None:
        from bot.services.vectors import drop_stale

        drop_stale(self.work, self.embedder.name, self.matchable_since())
        if self.installing is not None:
            self.installing.installs.reseal()

    def close(self) -> None:
        """Let go of the database's connections."""
        if "database" in self.__dict__:
            self.database.close()

    def matchable_since(self) -> datetime:
        """Return since when a closed ticket must have been closed to count."""
        return self.clock.now() - timedelta(days=self.settings.matching.closed_days)


def _chart(snapshot: DigestSnapshot) -> tuple[bytes, str] | None:
    """Return the digest's chart; the plotting library is loaded only now."""
    from integrations.charts import trend_chart

    return trend_chart(snapshot)
