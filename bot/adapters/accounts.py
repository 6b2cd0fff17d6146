"""Accounts at vendors: where what `connect` got is sealed, and how it signs requests."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from bot.errors import SettingError

if TYPE_CHECKING:
    from bot.operator.credential_store import CredentialStore
    from bot.ports import Clock
    from bot.repositories import Work
    from config.settings import Settings
    from integrations.oauth import AuthServer, OAuthClient, OAuthTokens


@dataclass(frozen=True, slots=True)
class Stores:
    """What keeping tokens needs."""

    settings: Settings
    clock: Clock
    work: Work

    def of(self, vendor: str) -> CredentialStore:
        """Return where the vendor's account has its tokens. Raises SettingError without a secret key."""
        from bot.operator.credential_store import CredentialStore
        from bot.operator.sealing import Sealer

        keys = self.settings.secret_keys
        if not keys:
            feature, remedy = f"storing {vendor.title()}'s tokens", "Make one with: python -m bot init"
            raise SettingError("VOC_SECRET_KEY", "is not set", feature=feature, remedy=remedy)
        return CredentialStore(self.work, Sealer(keys), self.clock, vendor, address_of(self.settings, vendor))


def address_of(settings: Settings, vendor: str) -> str:
    """Return what tells this account from others of the vendor's."""
    if vendor == "linear":
        return settings.linear.site or settings.linear.url
    return settings.require(f"{vendor}.url", feature=f"connecting {vendor.title()}")


def client_of(settings: Settings, vendor: str) -> OAuthClient:
    """Return our OAuth client at the vendor; the browser is sent back to this machine."""
    from integrations.oauth import OAuthClient

    feature = f"connecting {vendor.title()} by OAuth"
    return OAuthClient(
        settings.require(f"{vendor}.client_id", feature=feature),
        settings.require(f"{vendor}.client_secret", feature=feature),
        f"http://127.0.0.1:{getattr(settings, vendor).callback_port}/callback",
    )


def server_of(settings: Settings, vendor: str) -> AuthServer:
    """Return where the vendor's access is allowed."""
    from integrations.jira import oauth as jira
    from integrations.linear import oauth as linear
    from integrations.zendesk import oauth as zendesk

    made: Mapping[str, Callable[[], AuthServer]] = {
        "zendesk": lambda: zendesk.auth_server(address_of(settings, vendor)),
        "jira": lambda: jira.auth_server(settings.jira.auth_url),
        "linear": lambda: linear.auth_server(settings.linear.auth_url, settings.linear.url),
    }
    return made[vendor]()


def tokens_of(vendor: str, stores: Stores) -> OAuthTokens:
    """Return the account's rotating tokens. Raises SettingError without a client or a secret key."""
    from integrations.jira.oauth import cloud_id_of
    from integrations.oauth import OAuthTokens

    settings, store = stores.settings, stores.of(vendor)
    server, client = server_of(settings, vendor), client_of(settings, vendor)
    if vendor != "jira":
        return OAuthTokens(server, client, store, stores.clock)
    site = partial(cloud_id_of, settings.jira.api_url, address_of(settings, vendor))
    return OAuthTokens(server, client, store, stores.clock, learn=lambda headers: {"cloud_id": site(headers)})


TOKENS = {
    "zendesk": ("access_token", "api_token"),
    "jira": ("api_token", "personal_token"),
    "linear": ("api_key",),
}


def token_set(settings: Settings, vendor: str) -> str:
    """Return the variable that holds a token of the vendor's, "" where none does."""
    section = getattr(settings, vendor)
    found = (key for key in TOKENS[vendor] if getattr(section, key))
    return next((f"VOC_{vendor.upper()}__{key.upper()}" for key in found), "")
