"""What keeps themes: apart from what only decides about them, which must load no matcher."""

from __future__ import annotations

from bot.services import piece_tickets
from bot.services.creating import Ticketing
from bot.services.theme_tickets import finish_tickets
from bot.services.themes import Gatherer, update_themes


def keep_themes(ticketing: Ticketing, gatherer: Gatherer) -> None:
    """Go on with the tickets that people asked for, and bring the themes up to date."""
    finish_tickets(ticketing)
    piece_tickets.finish_tickets(ticketing)
    update_themes(gatherer)
