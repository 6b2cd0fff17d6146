"""Proposals that wait for a yes or no."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

from bot.domain.standing import Standing
from bot.i18n import nt, t
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import Json, Post, actions, button, context, header, notification
from integrations.slack.blocks.listing import piece
from integrations.slack.blocks.review import review_button

QUOTE_MOST = 220


def inbox_answer(
    shown: Sequence[Standing], waiting: int, zone: str = "UTC", *, own: int = 0, owner: str = "mine"
) -> Post:
    """Return some of the proposals with what can be done. waiting: how many there are in all.

    own: how many of them a review by the person would go through; owner: whose those are.
    """
    title = nt("{n} proposal waits for an answer", "{n} proposals wait for an answer", waiting)
    blocks = [header(title), context(t("The newest words first. Each answer teaches the matcher."))]
    for one in shown:
        blocks += [piece(one, zone, most=QUOTE_MOST, facts=2), _choices(one)]
    if own:
        blocks.append(actions(f"review-{uuid4().hex[:8]}", review_button(own, owner)))
    keys = ", ".join(one.ticket.key for one in shown[:3] if one.ticket)
    return Post(notification(f"{title}:", keys), blocks)


def _choices(one: Standing) -> Json:
    value = str(one.voice.feedback_id)
    return actions(
        f"waiting-{value}-{uuid4().hex[:8]}",
        button(t("Attach"), ids.ATTACH, value, style="primary"),
        button(t("Another ticket…"), ids.OTHER_TICKET, value),
        button(t("Not feedback"), ids.NOT_FEEDBACK, value),
    )
