"""Buttons under a theme: attach to a ticket, create one, not us."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from bot.errors import RequestError
from bot.i18n import t
from bot.services import theme_decisions
from bot.services.theme_tickets import create_ticket, title_of
from handlers.context import Context
from handlers.interaction import Interaction, must_be_new, words
from handlers.roles import must_decide
from handlers.views import attached, choose_ticket, open_view, opened_from
from integrations.slack.blocks import ids
from integrations.slack.blocks.themes import dismissed_answer, new_ticket_view, read_new_ticket


def open_attach(context: Context, press: Interaction) -> None:
    """Open the dialog that finds a ticket for all of the theme; what is near is near its plainest piece."""
    with context.reading() as unit:
        theme = theme_decisions.current(unit, int(press.value))
    choose_ticket(context, press, next(iter(theme.central), 0), theme.id)


def open_create(context: Context, press: Interaction) -> None:
    """Open the dialog that asks for a project and a title."""
    must_decide(context, press)
    projects = list(context.ticketing.projects)
    if not projects:
        raise RequestError("No tracker is set up, so Voc can’t create a ticket.")
    with context.reading() as unit:
        theme = theme_decisions.current(unit, int(press.value))
        title = title_of(unit, theme)
    open_view(context, press.trigger_id, new_ticket_view(theme.id, title, projects, opened_from(press)))


def what_is_missing(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the acknowledgement that asks for what was left out. From the request alone."""
    asked = read_new_ticket(body["view"])
    errors = {} if asked.project else {ids.PROJECT: "Choose a project."}
    errors |= {} if asked.title.strip() else {ids.TITLE: "Give the ticket a title."}
    return {"response_action": "errors", "errors": errors} if errors else {}


def submit_create(context: Context, act: Interaction) -> None:
    """Create the ticket, and say where it is."""
    must_decide(context, act)
    must_be_new(context, act)
    asked = read_new_ticket(act.body["view"])
    attached(
        context, act, create_ticket(context.ticketing, asked.theme_id, asked.project, act.user, asked.title)
    )


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
