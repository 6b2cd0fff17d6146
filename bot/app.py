"""The composition root: settings in, a wired bot out. Nothing else constructs adapters.

Parts are made when first asked for, so that a process which only serves Slack loads no matcher and no chart.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bot.domain.digest import DigestSnapshot
    from bot.domain.route import Rules
    from bot.engine.queue import SqlQueue
    from bot.ports import Clock, Embedder, FeedbackSource, Messenger, TicketTracker
    from bot.repositories import Work
    from bot.services.annotator import Annotator
    from bot.services.cards import Presenter
    from bot.services.learning import School
    from bot.services.matching import Desk
    from bot.services.publish import Publisher
    from bot.services.theme_tickets import Ticketing
    from bot.services.themes import Gatherer
    from bot.services.trust import Aim
    from bot.storage.database import Database
    from config.settings import Settings
    from handlers.context import Context, Health
    from handlers.jobs import Workshop
    from integrations.slack.client import SlackApi
    from integrations.zendesk.oauth import ZendeskTokens


def build(settings: Settings, **overrides: Any) -> Bot:
    """Return a bot for the settings.

    overrides: parts by name (clock, work, sources, messenger, …) to use instead.
    """
    return Bot(settings, overrides)


class Bot:
    """Every part of one process, wired."""

    def __init__(self, settings: Settings, overrides: Mapping[str, Any]) -> None:
        self.settings = settings
        for name, part in overrides.items():
            if not isinstance(getattr(Bot, name, None), cached_property):
                raise TypeError(f"{name} is no part of the bot")
            setattr(self, name, part)

    @cached_property
    def clock(self) -> Clock:
        """The time."""
        from bot.engine.clock import SystemClock

        return SystemClock()

    @cached_property
    def database(self) -> Database:
        """The database, not looked at yet."""
        from bot.storage.database import Database
        from bot.storage.engine import open_database

        return Database(open_database(self.settings.database.url.get_secret_value()))

    @cached_property
    def work(self) -> Work:
        """Units of work that may write."""
        return self.database.work

    @cached_property
    def reading(self) -> Work:
        """Units of work that only read."""
        return self.database.reading

    @cached_property
    def rules(self) -> Rules:
        """The operator's rules."""
        return self.settings.rules()

    @cached_property
    def lease(self) -> timedelta:
        """How long the claim on an outward act holds when its worker is never heard of again."""
        return timedelta(seconds=self.settings.engine.claim_s)

    @cached_property
    def sources(self) -> Mapping[str, FeedbackSource]:
        """The configured sources by name."""
        from bot.adapters import intercom, zendesk

        settings = self.settings
        made = [zendesk(settings, self.clock, lambda: self.zendesk_tokens)] if settings.has_zendesk else []
        made += [intercom(settings, self.clock)] if settings.has_intercom else []
        return {source.name: source for source in made}

    @cached_property
    def zendesk_tokens(self) -> ZendeskTokens:
        """Zendesk's rotating tokens, sealed in the store.

        Raises SettingError without a client or a secret key.
        """
        from bot.adapters import zendesk_tokens

        return zendesk_tokens(self.settings, self.clock, self.work)

    @cached_property
    def trackers(self) -> Mapping[str, TicketTracker]:
        """The configured trackers by name."""
        from bot.adapters import jira

        made = [jira(self.settings)] if self.settings.has_jira else []
        return {tracker.name: tracker for tracker in made}

    @cached_property
    def slack(self) -> SlackApi:
        """Slack's Web API. Raises SettingError without a bot token."""
        from integrations.slack.client import SlackApi, web_client

        token = self.settings.require("slack.bot_token", feature="posting to Slack")
        client = web_client(token, self.settings.slack.api_url)
        return SlackApi(lambda: client)

    @cached_property
    def messenger(self) -> Messenger:
        """The chat."""
        from integrations.slack.messenger import SlackMessenger

        return SlackMessenger(self.slack, clock=self.clock, channels=self.rules.routes.channels)

    @cached_property
    def embedder(self) -> Embedder:
        """Texts to vectors."""
        from bot.adapters import embedder

        return embedder(self.settings, self.settings.matching.embedder)

    @cached_property
    def desk(self) -> Desk:
        """The matcher over the store."""
        from bot.matching.decide import Thresholds
        from bot.matching.matcher import Matcher
        from bot.matching.model import load_model
        from bot.services.matching import Desk, StoredVectors

        chosen = self.settings.matching
        thresholds = Thresholds(chosen.attach_at, chosen.suggest_at)
        matcher = Matcher(self.embedder, load_model(self.embedder.name), thresholds, StoredVectors(self.work))
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
        from bot.services.matching import StoredVectors
        from bot.services.themes import Gatherer

        return Gatherer(self.work, self.reading, self.clock, lambda: self.embedder, StoredVectors(self.work))

    @cached_property
    def ticketing(self) -> Ticketing:
        """Gives themes their tickets."""
        from bot.services.theme_tickets import Ticketing

        projects = dict.fromkeys(self.settings.jira_projects, "jira") if self.settings.has_jira else {}
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
            clock=self.clock,
            rules=self.rules,
            presenter=self.presenter,
            publisher=self.publisher,
            queue=self.queue,
            slack=self.slack,
            ticketing=self.ticketing,
            admins=frozenset(self.settings.slack.admins),
            cron=self.settings.digest.cron,
            zone=self.settings.digest.zone,
        )

    @cached_property
    def workshop(self) -> Workshop:
        """What running work needs."""
        from bot.domain.trust import Sampling
        from bot.services.learning import refit_if_worth_it
        from bot.services.theme_keeping import keep_themes
        from bot.services.vectors import drop_stale
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
            sync_every=timedelta(seconds=self.settings.engine.sync_every_s),
            tidy=lambda: drop_stale(self.work, self.embedder.name, self.matchable_since()),
            aim=self.aim,
            sampling=Sampling(chosen.audit_share, chosen.audit_a_week, chosen.audit_seed),
        )

    @cached_property
    def health(self) -> Health:
        """What the probes ask."""
        from bot.storage.schema import require_current
        from handlers.context import Health

        return Health(
            reading=self.reading, clock=self.clock, ready=lambda: require_current(self.database.engine)
        )

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
