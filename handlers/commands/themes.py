"""`/voc themes`: what customers say that has no ticket yet."""

from __future__ import annotations

from uuid import uuid4

from bot.domain.week import week_of
from bot.errors import RequestError
from bot.services.theme_views import views
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.frame import Paged, pages_of
from integrations.slack.blocks.themes import MOST_THEMES, themes_answer


def themes_page(context: Context, act: Interaction, rest: str) -> Paged:
    """Return some of the themes that at least three people speak for, rising ones first."""
    if rest:
        raise RequestError("`/voc themes` takes no words after it. It shows what has no ticket yet.")
    with context.reading() as unit:
        found = views(unit, week_of(context.clock.now(), context.zone))
        unmatched = unit.pieces.counts()["unmatched"]
    pages = pages_of(len(found), MOST_THEMES)
    page = min(act.page, pages)
    waiting = max(0, unmatched - sum(view.pieces for view in found))
    shown = found[(page - 1) * MOST_THEMES : page * MOST_THEMES]
    answer = themes_answer(shown, waiting, uuid4().hex[:12], context.zone)
    return Paged(answer, page, pages, may_share=bool(found))
