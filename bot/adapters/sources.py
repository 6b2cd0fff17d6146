"""Sources of feedback, made of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.adapters.accounts import tokens_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from bot.adapters.accounts import Stores
    from bot.ports import Clock, FeedbackSource
    from config.settings import Settings

ZENDESK, INTERCOM = "reading Zendesk", "reading Intercom"


def sources(settings: Settings, clock: Clock, stores: Callable[[], Stores]) -> dict[str, FeedbackSource]:
    """Return the configured ones by name. stores: where tokens are kept, made when first needed."""
    made = [zendesk(settings, clock, stores)] if settings.has_zendesk else []
    made += [intercom(settings, clock)] if settings.has_intercom else []
    return {source.name: source for source in made}


def zendesk(settings: Settings, clock: Clock, stores: Callable[[], Stores]) -> FeedbackSource:
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
    return ZendeskSource(url, tokens_of("zendesk", stores()), clock)


def intercom(settings: Settings, clock: Clock) -> FeedbackSource:
    """Return the source."""
    from integrations.intercom.source import IntercomSource

    token = settings.require("intercom.access_token", feature=INTERCOM)
    return IntercomSource(settings.intercom.url, token, clock)
