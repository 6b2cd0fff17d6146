"""Where trackers' webhooks are taken, in an operator's words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from bot.adapters.hooks import endpoints

if TYPE_CHECKING:
    from bot.app import Bot


def webhook_lines(bot: Bot, vendor: str = "") -> Iterator[str]:
    """Yield a line a configured tracker, or the one's. Without a webhook Voc reads every few minutes."""
    base = bot.settings.web.public_url or ""
    for endpoint in endpoints(bot.settings):
        if vendor in ("", endpoint.tracker):
            off = f"not taken: {endpoint.missing} is not set; " if endpoint.missing else ""
            there = "" if base else " below this server's address (VOC_WEB__PUBLIC_URL is not set)"
            yield f"webhook {endpoint.tracker}: {off}{base}{endpoint.path}{there}"
