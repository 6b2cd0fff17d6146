"""Who may do what: members of the workspace read, editors decide, admins set things up."""

from __future__ import annotations

from bot.errors import RequestError
from handlers.context import Context
from handlers.interaction import Interaction


def must_read(context: Context, act: Interaction) -> None:
    """Raise RequestError unless the person may see what customers say."""
    if not act.is_own:
        raise RequestError("Only members of this workspace can see what customers say.")


def must_decide(context: Context, act: Interaction) -> None:
    """Raise RequestError unless the person may decide what happens to feedback and digests."""
    if not act.is_own:
        raise RequestError("Only members of this workspace can decide this.")
    if context.admins and act.user not in context.admins:
        raise RequestError("Only Voc’s admins can decide this. Ask one of them, or an operator to add you.")


def must_administer(context: Context, act: Interaction) -> None:
    """Raise RequestError unless the person may set up projects and switches."""
    must_decide(context, act)
