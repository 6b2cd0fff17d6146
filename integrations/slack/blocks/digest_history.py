"""The digests that were told, each with the buttons that open its versions."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from bot.domain.digest import DigestSnapshot
from bot.domain.digest_place import DigestPlace
from bot.i18n import forms, t
from integrations.slack.blocks import ids, words
from integrations.slack.blocks.elements import (
    Json,
    Post,
    button,
    header,
    notification,
    plain_section,
    section,
)

VERSIONS = "versions"


def history_answer(newest: Sequence[DigestSnapshot], zone: str) -> Post:
    """Return the digests, latest first. newest: the last revision of each."""
    if not newest:
        said = t("No digest was told here yet. `/voc digest preview` shows what one would say.")
        return Post(notification(said), [section(said)])
    title = t("Digests told here")
    render = uuid4().hex[:12]
    rows = [
        plain_section(_line(shot), _open(shot), block_id=f"history-{number}-{render}")
        for number, shot in enumerate(newest)
    ]
    return Post(notification(title), [header(title), *rows])


def _line(shot: DigestSnapshot) -> str:
    counted = words.count(shot.counts.conversations, "conversation")
    told = f"{words.period_name(shot.period)}: {counted}"
    if shot.revision == 1:
        return told
    return f"{told} · " + t("corrected, version {n}", n=forms.decimal(shot.revision))


def _open(shot: DigestSnapshot) -> Json:
    label = t("Versions") if shot.revision > 1 else t("Open")
    return button(label, f"{ids.DIGEST_LIST}:0", f"{DigestPlace.of(shot).address}|{VERSIONS}")
