"""`/voc inbox`: proposals that wait for a yes or no."""

from __future__ import annotations

from bot.errors import RequestError
from bot.i18n import t
from bot.services.inbox import counts
from bot.services.standing import standing_of
from handlers.commands.parser import parse
from handlers.context import Context
from handlers.interaction import Interaction
from handlers.ownership import owner_at, owners_of
from integrations.slack.blocks.found import nothing
from integrations.slack.blocks.frame import Paged, pages_of
from integrations.slack.blocks.inbox import inbox_answer

PAGE = 10


def inbox_page(context: Context, act: Interaction, rest: str) -> Paged:
    """Return ten of the proposals, those of the newest words first, each with what can be done."""
    if parse(rest).tokens:
        raise RequestError(
            "`/voc inbox` takes no words after it. It shows the proposals that wait for an answer."
        )
    with context.reading() as unit:
        waiting = unit.insights.count_proposed()
        pages = pages_of(waiting, PAGE)
        page = min(act.page, pages)
        shown = standing_of(unit, unit.insights.proposed(limit=PAGE, offset=(page - 1) * PAGE))
        due = unit.pieces.counts()["due"] if not waiting else 0
    if not waiting:
        return nothing(
            t("Nothing waits for an answer."),
            t("{due} pieces are still to be matched.", due=due) if due else "",
            t("`/voc themes` shows what has no ticket yet, and `/voc status` how things stand."),
        )
    owner, own = _review(context, act)
    return Paged(inbox_answer(shown, waiting, context.zone, own=own, owner=owner), page, pages)


def _review(context: Context, act: Interaction) -> tuple[str, int]:
    """Return whose proposals a review here goes through, the channel's or else the person's, and how many."""
    here = owner_at(context, act.channel)
    owners = (here,) if here else owners_of(context, act.user)
    with context.reading() as unit:
        waiting = counts(unit, context.rules)
    return here or "mine", sum(waiting.get(owner, 0) for owner in owners)
