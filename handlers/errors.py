"""What a person is told when what they asked for went wrong, and what the log is told."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping

from bot.errors import (
    AccessError,
    IntegrationError,
    NotFoundError,
    RequestError,
    TransientError,
    UncertainError,
    VocError,
)
from bot.i18n import later, t
from integrations.slack.client import VENDOR

log = logging.getLogger(__name__)

# Slack's own word for it, and what helps the person who asked.
KNOWN: Mapping[str, str] = {
    "message_not_found": later("That message is gone: somebody deleted it in Slack."),
    "channel_not_found": later(
        "Voc can’t see that channel. If it is private, type /invite @voc there and try again."
    ),
    "is_archived": later("That channel is archived, so nothing can be posted there. Choose another one."),
    "is_inactive": later("That channel is archived, so nothing can be changed there."),
    "not_in_channel": later("Voc is not in that channel. Type /invite @voc there and try again."),
    "msg_blocks_too_long": later("The answer is longer than Slack takes. Ask for less, then try again."),
    "msg_too_long": later("The answer is longer than Slack takes. Ask for less, then try again."),
    "token_revoked": later("Slack no longer lets Voc in. Whoever runs Voc has to install it again."),
    "account_inactive": later("Slack no longer lets Voc in. Whoever runs Voc has to install it again."),
    "expired_trigger_id": later("That took too long for Slack to open it. Press again."),
    "ratelimited": later("Slack asks Voc to slow down. Try again in {seconds} s."),
}
TRIES_AGAIN = later("{vendor} does not answer right now. Try again in a moment (reference {reference}).")
LOOKS_AGAIN = later(
    "{vendor} did not say whether that was done. Look before you try again (reference {reference})."
)
REFUSED = later("{vendor} refused that ({why}). What helps: {remedy} (reference {reference}).")
GONE = later("{vendor} no longer has that (reference {reference}).")
UNKNOWN = later("Something went wrong (reference {reference}).")


def told(exc: Exception, listener: str, *, is_asked: bool = True) -> str:
    """Return what the person is told; log it once, unless it is what they did.

    Slack's own refusals are told by what helps; what is nobody's fault here gets a reference, under which the
    log has it. is_asked: whether somebody asked for it; else nobody is told, as a customer may be reading.
    """
    if isinstance(exc, RequestError):
        return t(exc.message, **exc.facts)
    code = _code(exc)
    if code in KNOWN:
        log.warning("interaction refused by Slack", extra={"listener": listener, "code": code})
        seconds = round(getattr(exc, "retry_after_s", None) or 1)
        return t(KNOWN[code], seconds=seconds) if is_asked else ""
    reference = secrets.token_hex(3)
    facts = {"listener": listener, "error": type(exc).__name__, "reference": reference}
    log.error("interaction failed", extra=facts, exc_info=None if isinstance(exc, VocError) else exc)
    return _unknown(exc, reference) if is_asked else ""


def _code(exc: Exception) -> str:
    """Return Slack's word for the refusal, "" where it is no refusal of Slack's."""
    is_slacks = isinstance(exc, IntegrationError) and exc.vendor == VENDOR
    return exc.detail.partition(" ")[0] if is_slacks and isinstance(exc, IntegrationError) else ""


def _unknown(exc: Exception, reference: str) -> str:
    if not isinstance(exc, IntegrationError):
        return t(UNKNOWN, reference=reference)
    vendor = exc.vendor.title()
    match exc:
        case AccessError(remedy=remedy) if remedy:
            return t(REFUSED, vendor=vendor, why=exc.detail, remedy=t(remedy), reference=reference)
        case UncertainError():
            return t(LOOKS_AGAIN, vendor=vendor, reference=reference)
        case NotFoundError():
            return t(GONE, vendor=vendor, reference=reference)
        case TransientError():
            return t(TRIES_AGAIN, vendor=vendor, reference=reference)
        case _:
            return t(UNKNOWN, reference=reference)
