"""Themes: the list, and what can be done with one."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.theme import ThemeView
from bot.i18n import forms, later, nt, t
from integrations.slack.blocks import ids, words
from integrations.slack.blocks.elements import (
    Json,
    Post,
    actions,
    button,
    context,
    escape,
    header,
    line,
    literal,
    notification,
    rich_text,
    section,
    text,
)

MOST_THEMES, QUOTE_MOST, NAME_MOST = 10, 300, 90
UNNAMED = later("Said in different words")


def themes_answer(views: Sequence[ThemeView], waiting: int, render: str, zone: str = "UTC") -> Post:
    """Return some themes with what can be done. waiting: pieces without a ticket that are in none of all.

    render: makes this rendering's block ids new.
    """
    rest = nt(
        "{n} piece without a ticket is in no theme so far.",
        "{n} pieces without a ticket are in no theme so far.",
        waiting,
    )
    if not views:
        said = t("No theme yet: nothing without a ticket was said alike by at least three people.")
        return Post(notification(said), [section(said), *([context(rest)] if waiting else [])])
    blocks = [header(t("What has no ticket yet"))]
    for view in views[:MOST_THEMES]:
        blocks.append(rich_text(*_theme(view, zone)))
        blocks.append(theme_choices(view.theme.id, f"theme-{view.theme.id}-{render}"))
    names = "; ".join(view.theme.name or t(UNNAMED) for view in views[:3])
    return Post(
        notification(t("Without a ticket: {names}", names=names)),
        [*blocks, *([context(rest)] if waiting else [])],
    )


def theme_choices(theme_id: int, block_id: str) -> Json:
    """Return the buttons of a theme."""
    value = str(theme_id)
    return actions(
        block_id,
        button(t("Attach to a ticket…"), ids.THEME_ATTACH, value),
        button(t("Create a ticket…"), ids.THEME_CREATE, value),
        button(t("Not us"), ids.THEME_DISMISS, value),
    )


def dismissed_answer(theme_id: int, name: str, render: str) -> Post:
    """Return that the theme is set aside, with the way back."""
    said = t("The theme is set aside as not yours. What is said like it is counted, and not shown.")
    if name:
        called = escape(literal(name, NAME_MOST))
        said = t(
            "“{theme}” is set aside as not yours. What is said like it is counted, and not shown.",
            theme=called,
        )
    undo = actions(f"theme-{theme_id}-{render}", button(t("Undo"), ids.THEME_RESTORE, str(theme_id)))
    return Post(notification(t("The theme is set aside.")), [section(said), undo])


def _theme(view: ThemeView, zone: str) -> list[Json]:
    first, last = (words.local(at, zone) for at in (view.theme.first_heard, view.theme.last_heard))
    heard = t("first heard {first}, last {last}", first=forms.full_day(first), last=forms.full_day(last))
    pieces = t(
        "{pieces} from {reach}", pieces=words.count(view.pieces, "piece"), reach=words.reach(view.reach)
    )
    weekly = words.weekly(view.trend, is_rising=view.is_rising)
    return [
        line(text(literal(view.theme.name or t(UNNAMED), NAME_MOST), bold=True)),
        line(text(f"{pieces} · {heard}")),
        line(text(t("Pieces a week: {weekly}", weekly=weekly))),
        *words.quotation(view.quote, zone, most=QUOTE_MOST, facts=2),
    ]
