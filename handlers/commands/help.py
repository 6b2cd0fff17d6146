"""`/voc help`."""

from __future__ import annotations

from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.answers import help_answer
from integrations.slack.blocks.elements import Post


def help_page(context: Context, act: Interaction, verb: str) -> Post:
    """Return one screen of help, or a named verb's alone, with a ticket of this workspace in the examples."""
    with context.reading() as unit:
        known = unit.tickets.matchable(closed_since=context.clock.now(), limit=1)
    return help_answer(verb.lower(), known[0].key if known else "KEY")
