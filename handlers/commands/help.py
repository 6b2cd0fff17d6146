"""`/voc help`."""

from __future__ import annotations

from bot.errors import RequestError
from handlers.commands.parser import nearest
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.help import VERBS, Examples, help_answer


def help_page(context: Context, act: Interaction, rest: str) -> Post:
    """Return one screen of help, or a named verb's alone, with examples from this workspace."""
    verb = " ".join(rest.lower().split())
    if verb and not any(known == verb or known.startswith(f"{verb} ") for known in VERBS):
        near = nearest(verb, VERBS)
        remedy = f"/voc help {near}" if near else "/voc help"
        raise RequestError("`{verb}` is no verb of /voc. Try `{remedy}`.", verb=verb[:40], remedy=remedy)
    with context.reading() as unit:
        [*known] = unit.tickets.matchable(closed_since=context.clock.now(), limit=1)
        key = known[0].key if known else ""
        company = unit.names.some_company()
    return help_answer(verb, Examples(key, company))
