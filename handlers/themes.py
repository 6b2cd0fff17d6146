"""Buttons under a theme: attach to a ticket, not us."""

from __future__ import annotations

from uuid import uuid4

from bot.i18n import t
from bot.services import theme_decisions
from handlers.context import Context
from handlers.interaction import Interaction, must_be_new, words
from handlers.roles import must_decide
from handlers.views import choose_ticket
from integrations.slack.blocks.themes import dismissed_answer


def open_attach(context: Context, press: Interaction) -> None:
    """Open the dialog that finds a ticket for all of the theme; what is near is near its plainest piece."""
    with context.reading() as unit:
        theme = theme_decisions.current(unit, int(press.value))
    choose_ticket(context, press, next(iter(theme.central), 0), theme.id)


def dismiss(context: Context, press: Interaction) -> None:
    """Set the theme aside as not ours."""
    must_decide(context, press)
    must_be_new(context, press)
    decided = theme_decisions.dismiss(context.work, context.clock, int(press.value), press.user)
    press.reply(dismissed_answer(decided.theme.id, decided.theme.name, uuid4().hex[:12]))


def restore(context: Context, press: Interaction) -> None:
    """Bring the theme back."""
    must_decide(context, press)
    must_be_new(context, press)
    theme_decisions.restore(context.work, context.clock, int(press.value), press.user)
    press.reply(words(t("The theme is back.")))
