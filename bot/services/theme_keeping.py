"""What keeps themes: apart from what only decides about them, which must load no matcher."""

from __future__ import annotations

from bot.services.theme_tickets import Ticketing, finish_tickets
from bot.services.themes import Gatherer, update_themes


def keep_themes(ticketing: Ticketing, gatherer: Gatherer) -> None:
    """Go on with the tickets that people asked for, and bring the themes up to date."""
    finish_tickets(ticketing)
    update_themes(gatherer)
