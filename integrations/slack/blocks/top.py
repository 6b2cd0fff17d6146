"""The loudest tickets, by people, companies and revenue side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from bot.domain.annotation import Reach
from bot.domain.standing import Loud, Ranking
from bot.i18n import forms, later, t
from integrations.slack.blocks import words
from integrations.slack.blocks.elements import (
    Json,
    Post,
    context,
    header,
    line,
    literal,
    notification,
    rich_text,
    text,
)
from integrations.slack.blocks.listing import ticket_leaves

HEADINGS: Mapping[Ranking, str] = {
    Ranking.PEOPLE: later("By people"),
    Ranking.COMPANIES: later("By companies"),
    Ranking.REVENUE: later("By revenue"),
}

# Side by side each ranking tells its own number alone.
MEASURES: Mapping[Ranking, Callable[[Reach], str]] = {
    Ranking.PEOPLE: lambda who: words.count(who.people, "person"),
    Ranking.COMPANIES: lambda who: words.count(who.companies, "company"),
    Ranking.REVENUE: words.revenue,
}


def top_answer(rankings: Mapping[Ranking, Sequence[Loud]], span: str, notes: Sequence[str] = ()) -> Post:
    """Return the rankings, best first. span: the period, in words."""
    title = t("Loudest tickets, {span}", span=span)
    blocks = [header(title)]
    for ranking, loud in rankings.items():
        if loud:
            said = words.reach if len(rankings) == 1 else MEASURES[ranking]
            lines = [line(text(t(HEADINGS[ranking]), bold=True)), *_rows(loud, said)]
            blocks.append(rich_text(*lines))
    loudest = next(loud[0] for loud in rankings.values() if loud)
    heard = f"{loudest.ticket.key} {loudest.ticket.title}, {words.reach(loudest.reach)}"
    return Post(notification(f"{title}:", heard), [*blocks, *(context(literal(note, 300)) for note in notes)])


def _rows(loud: Sequence[Loud], said: Callable[[Reach], str]) -> list[Json]:
    rows = []
    for place, one in enumerate(loud, start=1):
        leaves = [text(f"{place}. "), *ticket_leaves(one.ticket), text(f" · {said(one.reach)}")]
        if one.carried_by:
            names = literal(forms.listed(one.carried_by), 120)
            leaves.append(text(" · " + t("⚠ mostly from {names}", names=names), bold=True))
        rows.append(line(*leaves))
    return rows
