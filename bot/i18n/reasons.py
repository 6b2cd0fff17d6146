"""Why a pair scored as it did, said to a person who wants to check it at a glance."""

from __future__ import annotations

from bot.domain.match import Reason
from bot.i18n import later, nt, t

SAID = {
    "reference": later("names {detail}"),
    "meaning": later("means much the same"),
    "likeness": later("a little alike in meaning"),
    "language": later("in {detail}, so it asks"),
    "asks": later("its conversation holds {detail} asks, so it asks"),
}


def said(reason: Reason) -> str:
    """Return e.g. "same words: “export”, “rows”"."""
    detail = reason.detail
    match reason.kind:
        case "words":
            return t("same words: {words}", words=", ".join(f"“{word}”" for word in detail.split(", ")))
        case "neighbour" if detail.isdecimal():
            return nt("{n} attached piece says the same", "{n} attached pieces say the same", int(detail))
    return t(SAID[reason.kind], detail=detail) if reason.kind in SAID else detail
