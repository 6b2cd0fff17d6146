"""The dialog "create a ticket": once a project is chosen, it asks what the tracker needs there."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.asking import TicketForm
from bot.errors import IntegrationError, RequestError
from bot.i18n import t
from bot.services import piece_tickets, theme_decisions, theme_tickets
from bot.services.creating import Details, NotCreated
from handlers.context import Context
from handlers.interaction import Interaction, must_be_new, words
from handlers.roles import must_decide
from handlers.sessions import decided_page, kept_of, page_of, show_home
from handlers.views import attached, open_view, opened_from, replace_submitted, replace_view
from integrations.slack.blocks import ids
from integrations.slack.blocks.asked_fields import field_of, matching
from integrations.slack.blocks.elements import Json, escape, is_link
from integrations.slack.blocks.new_ticket import (
    NewTicket,
    creating_view,
    ended_view,
    new_ticket_view,
    read_new_ticket,
)
from integrations.slack.blocks.review import read_session

log = logging.getLogger(__name__)


def open_of_piece(context: Context, press: Interaction) -> None:
    """Ask, in place of the review's page, what a ticket of its piece is to hold."""
    must_decide(context, press)
    projects = _projects(context)
    with context.reading() as unit:
        voice = unit.pieces.voice(int(press.value))
    routed = context.rules.routes.of(voice.source, voice.inbox, voice.tags).projects
    new = NewTicket(
        piece=voice.feedback_id,
        session=kept_of(press),
        projects=[key for key in projects if key in routed] or projects,
        title=piece_tickets.title_of(voice),
        description=piece_tickets.description_of(voice),
    )
    new = _with_only_project(new)
    _fill_in(context, replace_view(context, press.body["view"], new_ticket_view(new, None)), new)


def open_of_theme(context: Context, press: Interaction) -> None:
    """Ask what a ticket of the theme is to hold."""
    must_decide(context, press)
    projects = _projects(context)
    with context.reading() as unit:
        theme = theme_decisions.current(unit, int(press.value))
        title = theme_tickets.title_of(unit, theme)
        description = theme_tickets.description_of(unit, theme)
    new = NewTicket(
        theme_id=theme.id,
        card=opened_from(press),
        projects=projects,
        title=title,
        description=description,
    )
    new = _with_only_project(new)
    _fill_in(context, open_view(context, press.trigger_id, new_ticket_view(new, None)), new)


def choose_project(context: Context, press: Interaction) -> None:
    """Ask what the project needs."""
    _choose(context, press, replace(read_new_ticket(press.body["view"]), kind=""))


def choose_kind(context: Context, press: Interaction) -> None:
    """Ask what that kind of ticket needs."""
    _choose(context, press, read_new_ticket(press.body["view"]))


def choices(context: Context, asked: Interaction) -> list[Json]:
    """Return the choices that hold what was typed, of a field with too many to be shown.

    They came with the dialog; only another process than its own has to ask the tracker, once.
    """
    must_decide(context, asked)
    field, of = field_of(asked.body["block_id"]), read_new_ticket(asked.body["view"]).asked
    project, _, kind = of.partition(":")
    form = context.ticketing.form(project, kind)
    found = next((one.choices for one in form.fields if one.id == field), ())
    return matching(found, str(asked.body.get("value") or ""))


def go_back(context: Context, press: Interaction) -> None:
    """Show the review's page again."""
    must_decide(context, press)
    session = read_session({"private_metadata": read_new_ticket(press.body["view"]).session})
    replace_view(context, press.body["view"], page_of(context, session))


def what_is_missing(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the acknowledgement that asks for what was left out. From the request alone."""
    new, errors = read_new_ticket(body["view"]), dict[str, str]()
    if not new.project:
        errors[ids.PROJECT] = t("Choose a project.")
    elif new.asked != new.wanted:
        waits = t("One moment: Voc is asking what a ticket in {project} needs.", project=new.project)
        errors[ids.PROJECT] = waits
    elif new.by_hand:
        errors[ids.PROJECT] = t(
            "It also requires {fields}. Create it in the tracker, and attach the feedback to it.",
            fields=new.by_hand,
        )
    if not new.title.strip():
        errors[ids.TITLE] = t("Give the ticket a title.")
    return {"response_action": "errors", "errors": errors} if errors else {}


def meanwhile(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the acknowledgement that keeps the dialog open until the tracker has answered."""
    return {"response_action": "update", "view": creating_view(body["view"])}


def submit(context: Context, act: Interaction) -> None:
    """Create the ticket, once, and show what became of it; where the tracker refuses, its reasons."""
    must_decide(context, act)
    must_be_new(context, act)
    new = read_new_ticket(act.body["view"])
    try:
        view, said = (_of_piece if new.session else _of_theme)(context, act, new)
    except NotCreated as exc:
        said = t(exc.message, **exc.facts)
        form, _ = _form(context, new)
        again = replace(new, kind=form.kind)
        view = new_ticket_view(again, form, exc.fields, notice="" if exc.fields else said)
    except RequestError as exc:
        said = t(exc.message, **exc.facts)
        view = ended_view(said)
    if not replace_submitted(context, act.body["view"], view):
        act.reply(words(said))
    if new.session:
        show_home(context, act, read_session({"private_metadata": new.session}))


def _of_piece(context: Context, act: Interaction, new: NewTicket) -> tuple[Json, str]:
    """Create the piece's ticket; return the review's next page, and what to say where nobody sees it."""
    outcome = [t("This has changed since you saw it.")]

    def create() -> str:
        made = piece_tickets.create_ticket(
            context.ticketing, new.piece, new.project, act.user, new.title, _details(new)
        )
        outcome[0] = t("The ticket is not confirmed yet. Voc goes on by itself and creates it once.")
        if made is None:
            return outcome[0]
        outcome[0] = t("Created {ticket}.", ticket=f"{made.key} {made.title} {made.url}".strip())
        key = f"<{made.url}|{escape(made.key)}>" if is_link(made.url) else escape(made.key)
        return t("Created {ticket}.", ticket=key)

    return decided_page(context, act.user, new.piece, new.session, create), outcome[0]


def _of_theme(context: Context, act: Interaction, new: NewTicket) -> tuple[Json, str]:
    done = theme_tickets.create_ticket(
        context.ticketing, new.theme_id, new.project, act.user, new.title, _details(new)
    )
    said, url = attached(context, done), done.ticket.url if done.ticket else ""
    return ended_view(said, url), f"{said} {url}".strip()


def _details(new: NewTicket) -> Details:
    return Details(description=new.description, kind=new.kind, fields=new.fields)


def _choose(context: Context, press: Interaction, new: NewTicket) -> None:
    """Show at once that it is asked for, and then what the tracker needs."""
    must_decide(context, press)
    _fill_in(context, replace_view(context, press.body["view"], new_ticket_view(new, None)), new)


def _fill_in(context: Context, shown: Mapping[str, Any] | None, new: NewTicket) -> None:
    """Show the fields of the chosen project in the dialog, unless something else was chosen meanwhile."""
    if shown is not None and new.project:
        form, notice = _form(context, new)
        replace_view(context, shown, new_ticket_view(replace(new, kind=form.kind), form, notice=notice))


def _form(context: Context, new: NewTicket) -> tuple[TicketForm, str]:
    """Return what the tracker needs; where it does not say now, nothing, and that this is so."""
    try:
        return context.ticketing.form(new.project, new.kind, is_fresh=True), ""
    except IntegrationError as exc:
        log.warning("form not read", extra={"project": new.project, "error": type(exc).__name__})
        unknown = t(
            "The tracker does not say now what a ticket needs. Try all the same: Voc shows what it refuses."
        )
        return TicketForm(), unknown


def _projects(context: Context) -> Sequence[str]:
    if projects := list(context.ticketing.projects):
        return projects
    raise RequestError("No tracker is set up, so Voc can’t create a ticket.")


def _with_only_project(new: NewTicket) -> NewTicket:
    return replace(new, project=new.projects[0] if len(new.projects) == 1 else "")
