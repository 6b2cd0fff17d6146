"""A command that creates a ticket: ticket."""

from __future__ import annotations

from bot.commands.console import say
from bot.commands.store import BY_OPERATOR, opened

UNCONFIRMED = "The tracker has not confirmed the ticket yet. A worker goes on with it, and creates it once."


def ticket(feedback_id: int, project: str, title: str) -> None:
    """Create a ticket of a piece."""
    from bot.services.piece_tickets import create_ticket

    made = create_ticket(opened().ticketing, feedback_id, project, BY_OPERATOR, title)
    said = f"{made.key} is created with the piece attached. {made.url}".rstrip() if made else UNCONFIRMED
    say(said)
