"""Trackers, made of the settings and of what `connect` stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.adapters.accounts import address_of, tokens_of
from bot.errors import SettingError
from bot.ports import TicketTracker

if TYPE_CHECKING:
    from bot.adapters.accounts import Stores
    from config.settings import Settings
    from integrations.credentials import Credentials

JIRA = "reading and annotating Jira's tickets"
UNKNOWN_SITE = "not-connected"  # no request is sent without a connection


@dataclass(frozen=True, slots=True)
class Maker:
    """How a tracker is made. address: where its API is now."""

    address: Callable[[], str]
    make: Callable[[str], TicketTracker]


class Trackers(Mapping[str, TicketTracker]):
    """The trackers by name, each made when first asked for.

    It is made anew where its API has moved: which of Atlassian's sites is meant is known once connected.
    """

    def __init__(self, makers: Mapping[str, Maker]) -> None:
        self._makers = makers
        self._made: dict[str, tuple[str, TicketTracker]] = {}

    def __getitem__(self, name: str) -> TicketTracker:
        """Return the tracker."""
        maker = self._makers[name]
        address = maker.address()
        known = self._made.get(name)
        if known is None or known[0] != address:
            known = self._made[name] = (address, maker.make(address))
        return known[1]

    def __iter__(self) -> Iterator[str]:
        """Yield the names."""
        return iter(self._makers)

    def __len__(self) -> int:
        """Return how many there are."""
        return len(self._makers)

    def __contains__(self, name: object) -> bool:
        """Return whether there is such a tracker, making none."""
        return name in self._makers


def trackers(settings: Settings, stores: Callable[[], Stores]) -> Trackers:
    """Return the configured ones. stores: where tokens are kept, made when first needed."""
    makers = {}
    if settings.has_jira:
        makers["jira"] = Maker(
            lambda: _jira_address(settings, stores),
            lambda address: jira(settings, address, credentials_of("jira", settings, stores)),
        )
    if settings.has_linear:
        makers["linear"] = Maker(
            lambda: settings.linear.url,
            lambda address: linear(settings, address, credentials_of("linear", settings, stores)),
        )
    return Trackers(makers)


def credentials_of(vendor: str, settings: Settings, stores: Callable[[], Stores]) -> Credentials:
    """Return what signs requests: what the settings hold, else what `connect` stored."""
    from integrations.credentials import StaticCredentials, StoredCredentials

    jira, linear = settings.jira, settings.linear
    if vendor == "jira" and jira.api_token:
        return StaticCredentials.basic(
            settings.require("jira.email", feature=JIRA), jira.api_token.get_secret_value()
        )
    if vendor == "jira" and jira.personal_token:
        return StaticCredentials.bearer(jira.personal_token.get_secret_value())
    if vendor == "linear" and linear.api_key:
        return StaticCredentials.raw(linear.api_key.get_secret_value())
    if getattr(settings, vendor).client_id:
        return tokens_of(vendor, stores())
    remedy = f"Connect it: python -m bot connect {vendor}"
    return StoredCredentials(vendor, stores().of(vendor), remedy)


def jira(settings: Settings, address: str, credentials: Credentials) -> TicketTracker:
    """Return the tracker. address: the site's, or at the gateway."""
    from integrations.jira.tracker import JiraTracker

    chosen = settings.jira
    return JiraTracker(
        address,
        credentials,
        settings.jira_projects,
        site_url=chosen.site_url or (address_of(settings, "jira") if chosen.client_id else ""),
        issue_type=chosen.issue_type,
        deployment="cloud" if chosen.client_id else chosen.deployment,
        figure_fields={key: name for key, name in chosen.figures.model_dump().items() if name},
        create_fields=chosen.create_fields,
    )


def linear(settings: Settings, address: str, credentials: Credentials) -> TicketTracker:
    """Return the tracker."""
    from integrations.linear.tracker import LinearTracker

    return LinearTracker(address, credentials, settings.linear_teams)


def _jira_address(settings: Settings, stores: Callable[[], Stores]) -> str:
    from integrations.jira.oauth import gateway_url

    url = settings.require("jira.url", feature=JIRA)
    if not settings.jira.client_id:
        return url
    try:
        record = stores().of("jira").get() or {}
    except SettingError:
        record = {}  # told by whatever signs a request
    return gateway_url(settings.jira.api_url, record.get("cloud_id", UNKNOWN_SITE))
