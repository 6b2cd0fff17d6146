"""`/voc`: one noun, short verbs; every answer is for the asker's eyes alone until they share it."""

from __future__ import annotations

from uuid import uuid4

from handlers.commands.add import undo as undo_add
from handlers.commands.frame import page_of, share, show
from handlers.commands.verbs import COMMAND, VERBS, handler_of
from handlers.context import Context
from handlers.interaction import Interaction
from handlers.roles import must_read
from integrations.slack.blocks.frame import Asked

__all__ = ["COMMAND", "VERBS", "answer", "handler_of", "share", "show", "undo_add"]


def answer(context: Context, act: Interaction) -> None:
    """Answer the command."""
    must_read(context, act)
    act.reply(page_of(context, act, Asked(act.text, uuid4().hex[:12])))
