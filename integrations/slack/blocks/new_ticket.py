"""The modal in which a new ticket is described: that of a piece in a review, or of all of a theme."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.domain.asking import Answers, TicketField, TicketForm
from bot.domain.message import MessageRef
from bot.i18n import t
from integrations.slack.blocks import elements, ids
from integrations.slack.blocks.asked_fields import answers_in, complaints, entries, inputs, is_asked
from integrations.slack.blocks.elements import (
    OPTION_MOST,
    Json,
    actions,
    button,
    context,
    labelled,
    line,
    link,
    literal,
    option,
    plain,
    plain_section,
    rich_text,
    select,
    text,
)

MOST_CHOICES, TITLE_MOST, DESCRIPTION_MOST, NAMED_MOST = 100, 200, 3_000, 200
PLACED = frozenset({"project", "issuetype", "summary", "description"})  # by what trackers call them
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class NewTicket:
    """What the modal holds. session: the review to go on with, "" for a theme's ticket; card: the message
    with the theme's button.

    projects: to choose from; fields: answers by the field's id; asked: project and kind whose fields are
    shown, "" while they are not known; by_hand: fields that only the tracker's own form asks for.
    """

    piece: int = 0
    session: str = ""
    theme_id: int = 0
    card: MessageRef | None = None
    projects: Sequence[str] = ()
    project: str = ""
    kind: str = ""
    title: str = ""
    description: str = ""
    fields: Answers = field(default_factory=dict)
    asked: str = ""
    by_hand: str = ""

    @property
    def wanted(self) -> str:
        """The project and kind that are chosen now."""
        return f"{self.project}:{self.kind}"


def new_ticket_view(
    new: NewTicket, form: TicketForm | None, refused: Mapping[str, str] = NOTHING, notice: str = ""
) -> Json:
    """Return the modal. form: None while it is asked for; refused: what the tracker said, by field."""
    fields = form.fields if form else ()
    needed, optional = ([one for one in fields if one.optional is so] for so in (False, True))
    by_hand = [one.name for one in needed if not is_asked(one)]
    blocks = [plain_section(notice)] if notice else []
    blocks += [*_misplaced(form, refused), *_project(new, refused)]
    if form is not None:
        blocks += [*_kind(new, form, refused), *_inputs(new, form, needed, refused), *_by_hand(form, by_hand)]
    elif new.project:
        blocks.append(context(t("Asking what a ticket in {project} needs…", project=new.project)))
    blocks += _words(new, refused)
    if form is not None:
        blocks += _inputs(new, form, optional, refused)
    blocks.append(context(_note(new)))
    if new.session:
        blocks.append(actions("back", button(t("Back to the review"), ids.SESSION_BACK, "back")))
    kept = {
        "piece": new.piece,
        "session": new.session,
        "theme": new.theme_id,
        "card": [new.card.channel, new.card.id] if new.card else None,
        "asked": new.wanted if form is not None else "",
        "by_hand": ", ".join(by_hand)[:NAMED_MOST],
    }
    return {**_modal(json.dumps(kept), blocks), "submit": plain(t("Create"))}


def creating_view(view: Mapping[str, Any]) -> Json:
    """Return what is seen from the submission until the tracker has answered. view: as submitted."""
    project = read_new_ticket(view).project
    said = t("Creating the ticket in {project}… You may close this: Voc goes on by itself.", project=project)
    return _modal(view["private_metadata"], [plain_section(said)])


def ended_view(said: str, url: str = "") -> Json:
    """Return what became of it. url: the ticket's, "" without one."""
    opened = [rich_text(line(link(t("Open the ticket"), url)))] if url else []
    return _modal("{}", [plain_section(said), *opened])


def read_new_ticket(view: Mapping[str, Any]) -> NewTicket:
    """Return what the modal holds, from the view as Slack sends it."""
    kept, entered = json.loads(view["private_metadata"]), entries(view)
    offered = (block["element"]["options"] for block in view["blocks"] if block["block_id"] == ids.PROJECT)
    return NewTicket(
        piece=int(kept["piece"]),
        session=str(kept["session"]),
        theme_id=int(kept["theme"]),
        card=MessageRef(*kept["card"]) if kept["card"] else None,
        projects=tuple(one["value"] for one in next(offered, ())),
        project=str(entered.get(ids.PROJECT, "")),
        kind=str(entered.get(ids.KIND, "")),
        title=str(entered.get(ids.TITLE, "")),
        description=str(entered.get(ids.DESCRIPTION, "")),
        fields=answers_in(entered),
        asked=str(kept["asked"]),
        by_hand=str(kept["by_hand"]),
    )


def _modal(kept: str, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": ids.NEW_TICKET_VIEW,
        "private_metadata": kept,
        "title": plain(t("Create a ticket")),
        "close": plain(t("Close")),
        "blocks": blocks,
    }


def _misplaced(form: TicketForm | None, refused: Mapping[str, str]) -> Iterator[Json]:
    """Yield what the tracker said of fields that have no place here."""
    names = {one.id: one.name for one in form.fields} if form else {}
    shown = {one.id for one in form.fields if is_asked(one)} if form else set()
    for name in sorted(refused.keys() - shown - PLACED):
        yield from complaints(refused, name, names.get(name, name))


def _project(new: NewTicket, refused: Mapping[str, str]) -> Iterator[Json]:
    keys = [key for key in new.projects if len(key) <= OPTION_MOST][:MOST_CHOICES]
    chosen = select(ids.PROJECT, [option(key, key) for key in keys], initial=new.project)
    yield {**labelled(t("Project"), chosen), "dispatch_action": True}
    yield from complaints(refused, "project")


def _kind(new: NewTicket, form: TicketForm, refused: Mapping[str, str]) -> Iterator[Json]:
    if form.kinds:
        kinds = [option(name, id_) for id_, name in form.kinds[:MOST_CHOICES]]
        chosen = labelled(t("Kind of ticket"), select(ids.KIND, kinds, initial=form.kind))
        # Of a block id that stays, Slack keeps what was chosen, though it be another project's.
        yield {**chosen, "block_id": f"{ids.KIND}:{new.project}", "dispatch_action": True}
    yield from complaints(refused, "issuetype")


def _inputs(
    new: NewTicket, form: TicketForm, fields: Sequence[TicketField], refused: Mapping[str, str]
) -> Iterator[Json]:
    """Yield the fields' inputs, which stand for this project and kind alone."""
    return inputs(fields, f"{new.project}/{form.kind}", new.fields, refused)


def _by_hand(form: TicketForm, names: Sequence[str]) -> Iterator[Json]:
    if names:
        needed = t("It also requires {fields}, which can’t be asked here.", fields=", ".join(names))
        there = link(t("Create it in the tracker"), form.url)
        yield rich_text(line(text(literal(needed) + " "), there))


def _words(new: NewTicket, refused: Mapping[str, str]) -> Iterator[Json]:
    title = literal(new.title, TITLE_MOST) if new.title.strip() else ""
    yield labelled(t("Title"), elements.field(ids.TITLE, value=title, most=TITLE_MOST))
    yield from complaints(refused, "summary")
    described = elements.field(ids.DESCRIPTION, value=new.description, most=DESCRIPTION_MOST, lines=True)
    yield labelled(t("Description"), described, optional=True)
    yield from complaints(refused, "description")


def _note(new: NewTicket) -> str:
    if new.session:
        return t("The feedback is attached to the new ticket. Undo lets it go again; the ticket stays.")
    return t("The feedback of the theme is attached to the new ticket.")
