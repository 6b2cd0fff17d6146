"""Who may do what: full members of the workspace read, editors decide, admins set things up.

Whoever Slack does not vouch for is refused: not knowing is never a yes.
"""

from __future__ import annotations

import logging

from bot.errors import AccessError, IntegrationError, NotFoundError, RequestError
from bot.i18n import later, t
from handlers.context import Context
from handlers.interaction import Interaction

log = logging.getLogger(__name__)

UNSURE = later(
    "Slack doesn’t say right now who you are, so Voc can’t let you do this. Try again in a moment."
)


def must_read(context: Context, act: Interaction) -> None:
    """Raise RequestError unless the person is a full member, who may see what customers say."""
    if not act.is_own:
        raise RequestError("Only members of this workspace can see what customers say.")
    try:
        member = context.directory.member(act.user)
    except IntegrationError as exc:
        raise _unsure(exc) from exc
    if member.is_external:
        raise RequestError("Only members of this workspace can see what customers say.")
    if member.is_guest:
        raise RequestError("Guests can’t see what customers say. Ask a full member of this workspace.")


def must_decide(context: Context, act: Interaction) -> None:
    """Raise RequestError unless the person may decide what happens to feedback and digests."""
    must_read(context, act)
    if context.editors and not _is_among(context, context.editors | context.admins, act):
        raise RequestError("Only Voc’s editors can decide this. Ask one of them, or an operator to add you.")


def must_administer(context: Context, act: Interaction) -> None:
    """Raise RequestError unless the person may set up projects and switches."""
    must_decide(context, act)
    if context.admins and not _is_among(context, context.admins, act):
        raise RequestError("Only Voc’s admins can decide this. Ask one of them, or an operator to add you.")


def _is_among(context: Context, named: frozenset[str], act: Interaction) -> bool:
    try:
        return context.groups.holds(named, act.user)
    except IntegrationError as exc:
        raise _unsure(exc) from exc


def _unsure(exc: IntegrationError) -> RequestError:
    """Return the refusal, with what helps where waiting does not; the log has it for whoever runs Voc."""
    log.warning("nobody known to be allowed", extra={"error": exc.detail})
    match exc:
        case NotFoundError():
            return RequestError(
                "Slack has no user group {group} any more, so Voc can’t tell who may do this. Whoever runs "
                "Voc puts its new handle or its id into the settings.",
                group=exc.detail,
            )
        case AccessError(remedy=remedy) if remedy:
            return RequestError(
                "Slack does not let Voc see who you are ({why}), so Voc can’t let you do this. What helps: "
                "{remedy}.",
                why=exc.detail,
                remedy=t(remedy),
            )
        case _:
            return RequestError(UNSURE)
