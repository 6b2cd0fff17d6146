"""The verbs of `/voc`, each with what answers it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.errors import RequestError
from handlers.commands.add import add_answer
from handlers.commands.correct import attach_answer, unlink_answer
from handlers.commands.customer import customer_page
from handlers.commands.digest import digest_answer
from handlers.commands.help import help_page
from handlers.commands.inbox import inbox_page
from handlers.commands.parser import nearest
from handlers.commands.search import search_page
from handlers.commands.status import status_page
from handlers.commands.subscribe import subscribe, unsubscribe
from handlers.commands.themes import themes_page
from handlers.commands.ticket import ticket_page
from handlers.commands.top import top_page
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.frame import Paged

COMMAND = "/voc"

# Each takes the words after the verb; those that only read may be shared and asked again.
VERBS: Mapping[str, Callable[[Context, Interaction, str], Post | Paged]] = {
    "help": help_page,
    "search": search_page,
    "ticket": ticket_page,
    "customer": customer_page,
    "top": top_page,
    "themes": themes_page,
    "inbox": inbox_page,
    "add": add_answer,
    "attach": attach_answer,
    "unlink": unlink_answer,
    "digest": digest_answer,
    "subscribe": subscribe,
    "unsubscribe": unsubscribe,
    "status": status_page,
}
SHARED = frozenset({"help", "search", "ticket", "customer", "top", "themes", "inbox", "status"})


def answer_to(context: Context, act: Interaction) -> Post | Paged:
    """Return the answer to what was typed. Raises RequestError for an unknown verb, naming the nearest."""
    verb, rest = _parted(act.text)
    return handler_of(verb)(context, act, rest)


def is_shared(text: str) -> bool:
    """Return whether the answer to what was typed may be asked for again and shown to a channel."""
    return (_parted(text)[0].lower() or "help") in SHARED


def handler_of(verb: str) -> Callable[[Context, Interaction, str], Post | Paged]:
    """Return what answers the verb, in any letter case. Raises RequestError for one that is not known."""
    if (known := VERBS.get(verb.lower() or "help")) is not None:
        return known
    if near := nearest(verb, VERBS):
        raise RequestError(
            "`/voc {typed}` is not a command. Did you mean `/voc {near}`?", typed=verb[:40], near=near
        )
    raise RequestError("`/voc {typed}` is not a command. `/voc help` shows all there are.", typed=verb[:40])


def _parted(text: str) -> tuple[str, str]:
    verb, *rest = text.split(None, 1)[:2] or [""]
    return verb, rest[0].strip() if rest else ""
