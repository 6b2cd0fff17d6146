"""Which webhooks are taken, made of the settings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.adapters.accounts import address_of

if TYPE_CHECKING:
    from pydantic import SecretStr

    from config.settings import Settings
    from handlers.signatures import Hook

ID_LETTERS = 12


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where a tracker's webhook is taken. missing: the setting without which it is not."""

    tracker: str
    path: str
    missing: str = ""


def connection_id(settings: Settings, vendor: str) -> str:
    """Return what the connection is called in addresses: the same for the same account."""
    address = address_of(settings, vendor).lower()
    return hashlib.sha256(f"{vendor} {address}".encode()).hexdigest()[:ID_LETTERS]


def hooks(settings: Settings) -> list[Hook]:
    """Return the webhooks whose secrets are set."""
    from handlers.signatures import Hook, JiraHooks, LinearHooks

    jira, linear, made = settings.jira, settings.linear, []
    if settings.has_jira and (jira.webhook_secret or jira.client_secret):
        dialect = JiraHooks(_clear(jira.webhook_secret), _clear(jira.client_secret))
        made.append(Hook("jira", connection_id(settings, "jira"), dialect))
    if settings.has_linear and linear.webhook_secret:
        own = LinearHooks(_clear(linear.webhook_secret))
        made.append(Hook("linear", connection_id(settings, "linear"), own))
    return made


def endpoints(settings: Settings) -> list[Endpoint]:
    """Return each configured tracker's, taken or not."""
    taken = {hook.tracker for hook in hooks(settings)}
    return [
        Endpoint(
            vendor,
            f"/webhooks/{vendor}/{connection_id(settings, vendor)}",
            "" if vendor in taken else f"VOC_{vendor.upper()}__WEBHOOK_SECRET",
        )
        for vendor, is_there in (("jira", settings.has_jira), ("linear", settings.has_linear))
        if is_there
    ]


def _clear(secret: SecretStr | None) -> str:
    return secret.get_secret_value() if secret else ""
