"""`/voc themes`: what customers say that has no ticket yet."""

from __future__ import annotations

from uuid import uuid4

from bot.domain.week import week_of
from bot.errors import RequestError
from bot.services.theme_views import ranked, viewed
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.frame import Paged, pages_of
from integrations.slack.blocks.themes import MOST_THEMES, themes_answer


def themes_page(context: Context, act: Interaction, rest: str) -> Paged:
    """Return some of the themes that at least three people speak for, rising ones first."""
    if rest:
        raise RequestError("`/voc themes` takes no words after it. It shows what has no ticket yet.")
    with context.reading() as unit:
        found = ranked(unit, week_of(context.clock.now(), context.zone))
        pages = pages_of(len(found), MOST_THEMES)
        page = min(act.page, pages)
        shown = viewed(unit, found[(page - 1) * MOST_THEMES : page * MOST_THEMES])
        unmatched = unit.pieces.counts()["unmatched"]
    waiting = max(0, unmatched - sum(one.voices.pieces for one in found))
    answer = themes_answer(shown, waiting, uuid4().hex[:12], context.zone)
    return Paged(answer, page, pages, may_share=bool(found))
