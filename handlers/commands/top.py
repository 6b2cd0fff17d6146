"""`/voc top`: the loudest tickets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from bot.domain.standing import Ranking
from bot.errors import RequestError
from bot.i18n import nt, t
from bot.services.top import top_of
from handlers.commands.dates import span_of
from handlers.commands.parser import nearest, parse
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks import words
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.found import nothing
from integrations.slack.blocks.frame import Paged
from integrations.slack.blocks.top import top_answer

USUAL = timedelta(days=7)
BESIDE, ALONE = 5, 15
SOON = timedelta(minutes=1)  # what is said this very moment counts


def top_page(context: Context, act: Interaction, rest: str) -> Post | Paged:
    """Return the rankings of the period, by default of seven days, or the one that was named."""
    span, rankings = _read(parse(rest).words)
    now = context.clock.now()
    most = BESIDE if len(rankings) > 1 else ALONE
    with context.reading() as unit:
        top = top_of(unit, (now - span, now + SOON), rankings, most)
    weeks, over = divmod(span.days, 7)
    days = words.count(weeks, "week") if weeks > 1 and not over else words.count(span.days, "day")
    within = t("last {days}", days=days)
    if not any(top.rankings.values()):
        return _nothing(within, is_heard=bool(top.tickets))
    notes = [nt("{n} ticket was heard of", "{n} tickets were heard of", top.tickets)]
    if top.currency:
        notes.append(t("revenue ranked in {currency}", currency=top.currency))
    return top_answer(top.rankings, within, [" · ".join(notes)])


def _nothing(within: str, *, is_heard: bool) -> Paged:
    if is_heard:
        return nothing(
            t("No revenue is known of the companies that were heard from, {span}.", span=within),
            t("It is read from custom fields: an operator can map them. `/voc top` ranks by people as well."),
        )
    return nothing(
        t("No ticket was heard of, {span}.", span=within),
        t("`/voc top 90d` looks further back, and `/voc themes` shows what has no ticket yet."),
    )


def _read(typed: tuple[str, ...]) -> tuple[timedelta, list[Ranking]]:
    """Return the period and the rankings. Raises RequestError for any other word."""
    span, rankings = USUAL, list(Ranking)
    for word in _with_units(typed):
        if word.lower() == "by":
            continue
        if (found := span_of(word)) is not None:
            span = found
        elif word.lower() in set(Ranking):
            rankings = [Ranking(word.lower())]
        elif near := nearest(word, set(Ranking)):
            raise RequestError(
                "“{word}” is no ranking. Did you mean `/voc top by {near}`?", word=word[:40], near=near
            )
        else:
            raise RequestError(
                "“{word}” is no period or ranking. Say e.g. `/voc top 30d` or `/voc top by companies`.",
                word=word[:40],
            )
    return span, rankings


def _with_units(typed: tuple[str, ...]) -> Iterator[str]:
    """Yield the words, a number together with the unit that follows it: "30 days"."""
    left = [word.strip(",") for word in typed]
    while left:
        word = left.pop(0)
        is_span = bool(left) and word.isdecimal() and span_of(f"{word} {left[0]}") is not None
        yield f"{word} {left.pop(0)}" if is_span else word
