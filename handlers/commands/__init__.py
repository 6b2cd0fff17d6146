"""`/voc`: one noun, short verbs; every answer is for the asker's eyes alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from difflib import get_close_matches

from bot.errors import RequestError
from handlers.commands.digest import digest_answer
from handlers.commands.help import help_page
from handlers.commands.status import status_page
from handlers.commands.subscribe import subscribe, unsubscribe
from handlers.commands.themes import themes_page
from handlers.commands.ticket import ticket_page
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.elements import Post

COMMAND = "/voc"

# Each takes the words after the verb.
VERBS: Mapping[str, Callable[[Context, Interaction, str], Post]] = {
    "help": help_page,
    "status": status_page,
    "ticket": ticket_page,
    "themes": themes_page,
    "digest": digest_answer,
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
}


def answer(context: Context, act: Interaction) -> None:
    """Answer the command; an unknown verb is offered the nearest one."""
    verb, _, rest = act.text.partition(" ")
    act.reply(handler_of(verb)(context, act, rest.strip()))


def handler_of(verb: str) -> Callable[[Context, Interaction, str], Post]:
    """Return what answers the verb, in any letter case. Raises RequestError for one that is not known."""
    if (known := VERBS.get(verb.lower() or "help")) is not None:
        return known
    near = get_close_matches(verb.lower(), VERBS, 1, 0.5)
    offer = f"Did you mean `{COMMAND} {near[0]}`?" if near else f"`{COMMAND} help` shows all there are."
    raise RequestError(f"`{COMMAND} {verb[:40]}` is not a command. {offer}")
