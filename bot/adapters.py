"""How each vendor's adapter is made of the settings; for the composition root alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from bot.errors import SettingError

if TYPE_CHECKING:
    from bot.ports import Clock, Embedder, FeedbackSource, TicketTracker
    from bot.repositories import Work
    from config.settings import Settings
    from integrations.zendesk.oauth import OAuthClient, ZendeskTokens

ZENDESK, INTERCOM, JIRA = "reading Zendesk", "reading Intercom", "reading and annotating Jira's tickets"
EMBEDDING = "the embedder openai"
CONNECTING = "connecting Zendesk by OAuth"


def zendesk(settings: Settings, clock: Clock, tokens: Callable[[], ZendeskTokens]) -> FeedbackSource:
    """Return the source, signed in with an access token, an API token, or what `connect zendesk` stored."""
    from integrations.credentials import StaticCredentials
    from integrations.zendesk.source import ZendeskSource

    chosen, url = settings.zendesk, settings.require("zendesk.url", feature=ZENDESK)
    if chosen.access_token:
        return ZendeskSource(url, StaticCredentials.bearer(chosen.access_token.get_secret_value()), clock)
    if chosen.api_token:
        email = settings.require("zendesk.email", feature="signing in to Zendesk with an API token")
        token = chosen.api_token.get_secret_value()
        return ZendeskSource(url, StaticCredentials.basic(f"{email}/token", token), clock)
    return ZendeskSource(url, tokens(), clock)


def zendesk_client(settings: Settings) -> OAuthClient:
    """Return our OAuth client at Zendesk; the browser is sent back to this machine."""
    from integrations.zendesk.oauth import OAuthClient

    return OAuthClient(
        settings.require("zendesk.client_id", feature=CONNECTING),
        settings.require("zendesk.client_secret", feature=CONNECTING),
        f"http://127.0.0.1:{settings.zendesk.callback_port}/callback",
    )


def zendesk_tokens(settings: Settings, clock: Clock, work: Work) -> ZendeskTokens:
    """Return Zendesk's rotating tokens, sealed in the store."""
    from bot.operator.credential_store import CredentialStore
    from bot.operator.sealing import Sealer
    from integrations.zendesk.oauth import ZendeskTokens

    if not settings.secret_keys:
        remedy = "Make one with: python -m bot init"
        raise SettingError("VOC_SECRET_KEY", "is not set", feature="storing Zendesk's tokens", remedy=remedy)
    url = settings.require("zendesk.url", feature=ZENDESK)
    store = CredentialStore(work, Sealer(settings.secret_keys), clock, "zendesk", url)
    return ZendeskTokens(url, zendesk_client(settings), store, clock)


def intercom(settings: Settings, clock: Clock) -> FeedbackSource:
    """Return the source."""
    from integrations.intercom.source import IntercomSource

    token = settings.require("intercom.access_token", feature=INTERCOM)
    return IntercomSource(settings.intercom.url, token, clock)


def jira(settings: Settings) -> TicketTracker:
    """Return the tracker."""
    from integrations.credentials import StaticCredentials
    from integrations.jira.tracker import JiraTracker

    url = settings.require("jira.url", feature=JIRA)
    account = settings.require("jira.email", feature=JIRA), settings.require("jira.api_token", feature=JIRA)
    site_url = settings.jira.site_url or ""
    return JiraTracker(url, StaticCredentials.basic(*account), settings.jira_projects, site_url=site_url)


def embedder(settings: Settings, name: str) -> Embedder:
    """Return the embedder of that name. What leaves for an endpoint is redacted."""
    from bot.matching.embed import OwnModel, embedder_named

    chosen = settings.matching
    if name == "openai":
        return _endpoint(settings)
    own = OwnModel(
        name=chosen.model or "",
        folder=chosen.model_dir or "",
        languages=frozenset(chosen.languages),
        may_download=chosen.download,
    )
    return embedder_named(name, own)


def _endpoint(settings: Settings) -> Embedder:
    from bot.domain.quote import redact
    from bot.text.redact import find_private
    from integrations.openai_compatible.embedder import EndpointEmbedder

    chosen, regions = settings.matching, settings.rules().phone_regions
    return EndpointEmbedder(
        settings.require("matching.url", feature=EMBEDDING),
        settings.require("matching.model", feature=EMBEDDING),
        key=chosen.api_key.get_secret_value() if chosen.api_key else "",
        dimensions=chosen.dimensions,
        max_bytes=chosen.max_bytes,
        languages=frozenset(chosen.languages),
        hide=lambda text: redact(text, find_private(text, regions=regions)),
    )
