"""`/voc themes`: what customers say that has no ticket yet."""

from __future__ import annotations

from uuid import uuid4

from bot.domain.week import week_of
from bot.errors import RequestError
from bot.services.theme_views import views
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.themes import themes_answer


def themes_page(context: Context, act: Interaction, rest: str) -> Post:
    """Return the themes that at least three people speak for, rising ones first."""
    if rest:
        raise RequestError("`/voc themes` takes no words after it. It shows what has no ticket yet.")
    with context.reading() as unit:
        shown = views(unit, week_of(context.clock.now(), context.zone))
        unmatched = unit.pieces.counts()["unmatched"]
    waiting = max(0, unmatched - sum(view.pieces for view in shown))
    return themes_answer(shown, waiting, uuid4().hex[:12], context.zone)
