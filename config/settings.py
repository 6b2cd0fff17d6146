"""The operator's settings, read once when a command starts. Everything that is wrong is told at once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from bot.domain.capture import ChannelRules
from bot.domain.quiet import QuietHours
from bot.domain.route import Exclusions, FieldMap, Route, Routes, Rules
from config.checks import fault_of_missing, faults_across, faults_in, raise_faults
from config.fields import secret, setting
from config.names import names_of, variables_of
from config.sections import (
    ChannelSettings,
    Database,
    Digest,
    Engine,
    Exclude,
    Fields,
    Intercom,
    Log,
    Matching,
    Review,
    RouteSettings,
    Slack,
    Web,
    Zendesk,
)
from config.sources import Given, file_of, from_environment, from_file, variables
from config.trackers import Jira, Linear
from config.values import FernetKeys, Name, Regions


class Settings(BaseSettings):
    """All settings. Values are read by load(), or given to the constructor; secrets hide in repr and logs."""

    model_config = SettingsConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)

    secret_key: FernetKeys | None = secret(
        "encrypts stored tokens; `init` makes one; a new one goes before the old, with a comma between",
        "cw_0x689…",
        feature="storing tokens",
    )
    phone_regions: Regions = setting(
        Rules().phone_regions,
        "countries whose phone numbers are recognised without +",
        "US, DE",
        feature="redacting phone numbers",
    )
    language: Literal["en", "de", "fr"] = setting(
        "en",
        "what Voc speaks in channels: `en`, `de` or `fr`; to a person, their own language in Slack",
        "de",
        feature="speaking",
    )
    slack: Slack = Slack()
    zendesk: Zendesk = Zendesk()
    intercom: Intercom = Intercom()
    jira: Jira = Jira()
    linear: Linear = Linear()
    database: Database = Database()
    engine: Engine = Engine()
    matching: Matching = Matching()
    review: Review = Review()
    digest: Digest = Digest()
    web: Web = Web()
    log: Log = Log()
    exclude: Exclude = Exclude()
    routes: tuple[RouteSettings, ...] = ()
    channels: tuple[ChannelSettings, ...] = ()
    fields: dict[Name, Fields] = Field(default_factory=dict)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        *_: PydanticBaseSettingsSource,
        **__: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Return the constructor's values alone: load() reads the other places, to name every fault."""
        return (init_settings,)

    @property
    def has_slack(self) -> bool:
        """Return whether Voc can post."""
        return self.slack.bot_token is not None or self.slack.client_id is not None

    @property
    def has_zendesk(self) -> bool:
        """Return whether Zendesk is a source."""
        return self.zendesk.url is not None

    @property
    def has_intercom(self) -> bool:
        """Return whether Intercom is a source."""
        return self.intercom.access_token is not None

    @property
    def has_jira(self) -> bool:
        """Return whether Jira is a tracker."""
        return self.jira.url is not None

    @property
    def has_linear(self) -> bool:
        """Return whether Linear is a tracker."""
        own = self.linear
        return bool(own.api_key or own.client_id or own.teams or own.site)

    @property
    def jira_projects(self) -> tuple[str, ...]:
        """Return the keys of Jira's projects to read: its own setting and the routes', each once.

        What a route names and is no team of Linear's is a project of Jira's, where there is Jira.
        """
        routed = self._routed(self.linear.teams) if self.has_jira or not self.has_linear else ()
        return tuple(dict.fromkeys([*self.jira.projects, *routed]))

    @property
    def linear_teams(self) -> tuple[str, ...]:
        """Return the keys of Linear's teams to read; what a route names is one where there is no Jira."""
        routed = self._routed(()) if self.has_linear and not self.has_jira else ()
        return tuple(dict.fromkeys([*self.linear.teams, *routed]))

    def _routed(self, others: Collection[str]) -> tuple[str, ...]:
        return tuple(key for route in self.routes for key in route.projects if key not in others)

    @property
    def projects(self) -> dict[str, str]:
        """Return the tracker's name by the key of each project or team to read."""
        found = dict.fromkeys(self.linear_teams, "linear") if self.has_linear else {}
        return (dict.fromkeys(self.jira_projects, "jira") if self.has_jira else {}) | found

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """Return the keys that stored tokens are sealed with, the newest first."""
        given = self.secret_key.get_secret_value() if self.secret_key else ""
        return tuple(key.strip() for key in given.split(",") if key.strip())

    def secrets(self) -> Iterator[str]:
        """Yield every secret that is set, in the clear, for the log's scrubber."""
        for name in names_of(type(self)):
            value = getattr(getattr(self, name.section) if name.section else self, name.key)
            if isinstance(value, SecretStr) and value != name.field.default:
                yield from value.get_secret_value().split(",")

    def require(self, path: str, *, feature: str) -> str:
        """Return the value as text, a secret in the clear. path: "slack.bot_token".

        Raises SettingError when it is not set.
        """
        section, _, key = path.rpartition(".")
        value = getattr(getattr(self, section) if section else self, key)
        if value is None:
            raise fault_of_missing(type(self), path, feature)
        return value.get_secret_value() if isinstance(value, SecretStr) else str(value)

    def rules(self) -> Rules:
        """Return the operator's rules as the use cases take them."""
        exclude = self.exclude
        return Rules(
            routes=Routes(tuple(Route(**route.model_dump()) for route in self.routes)),
            exclusions=Exclusions(
                staff_domains=frozenset(exclude.staff_domains),
                test_accounts=frozenset(exclude.test_accounts),
                tags=frozenset(exclude.tags),
            ),
            fields={source: FieldMap(**fields.model_dump()) for source, fields in self.fields.items()},
            phone_regions=self.phone_regions,
            cards_a_day=self.review.cards_a_day,
            channels=tuple(_channel(channel) for channel in self.channels),
            messages_a_day=self.review.messages_a_day,
            quiet=QuietHours.of(self.review.quiet_hours, self.digest.zone),
            zone=self.digest.zone,
            language=self.language,
        )


def _channel(given: ChannelSettings) -> ChannelRules:
    return ChannelRules(
        channel=given.channel,
        capture=given.capture,
        not_feedback=given.not_feedback,
        me_too=given.me_too,
        is_feedback=given.feedback,
        takes_everyone=given.customers == "everyone",
        company=given.company,
    )


def load() -> Settings:
    """Return what the environment, `.env` and `voc.toml` set, the first of them having the last word.

    Raises SettingError, all faults at once.
    """
    given = variables()
    path = file_of(given)
    environment, file = from_environment(Settings, given), from_file(Settings, path)
    return _made(_over(file.values, environment.values), environment, file)


def settings_of(values: Mapping[str, Any]) -> Settings:
    """Return settings made of these values alone, nested as in the file, secrets among them."""
    return _made(dict(values), Given(), Given())


def settings_from(given: Mapping[str, str]) -> Settings:
    """Return settings made of these variables alone: {"VOC_JIRA__URL": …}."""
    environment = from_environment(Settings, given)
    return _made(environment.values, environment, Given())


def settings_alone(given: Mapping[str, str]) -> Settings:
    """Return settings made of these variables, whatever they call for besides. Raises ValidationError."""
    return Settings(**from_environment(Settings, given).values)


def problem_with(variable: str, text: str) -> str:
    """Return what is wrong with such a value, "" when nothing is. variable: or "routes.owner_channel".

    Raises KeyError for a variable unknown.
    """
    if variable.startswith("routes."):
        values: dict[str, Any] = {"routes": [{variable.removeprefix("routes."): text}]}
    else:
        name = variables_of(Settings)[variable]
        values = {name.section: {name.key: text}} if name.section else {name.key: text}
    try:
        Settings(**values)
    except ValidationError as exc:
        return faults_in(Settings, exc, {}, "")[0].problem
    return ""


def _made(values: dict[str, Any], environment: Given, file: Given) -> Settings:
    origins = {**file.origins, **environment.origins}
    faults = [*environment.faults, *file.faults]
    settings = None
    try:
        settings = Settings(**values)
    except ValidationError as exc:
        faults += faults_in(Settings, exc, origins, file.place)
    if settings and not faults:
        faults += faults_across(settings)
    raise_faults(faults)
    assert settings is not None  # noqa: S101 - a failure is a fault
    return settings


def _over(weak: Mapping[str, Any], strong: Mapping[str, Any]) -> dict[str, Any]:
    """Return both, section by section; of two values the strong one's."""
    merged = dict(weak)
    for key, value in strong.items():
        under = weak.get(key)
        merged[key] = {**under, **value} if isinstance(under, dict) and isinstance(value, dict) else value
    return merged
