"""The modals in which a person finds a ticket, or chooses a theme."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.message import MessageRef, TicketLine
from bot.i18n import t
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import (
    OPTION_MOST,
    Json,
    asking_select,
    context,
    field,
    labelled,
    option,
    plain,
    select,
)

MOST_RESULTS, MOST_CHOICES = 20, 100
NAME_MOST = 80
NEW_THEME = "new"


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTicket:
    """What the modal holds. choice: a ticket's key, "" without one; card: the message to show anew.

    theme_id: where all of a theme is attached, 0 for one piece.
    """

    feedback_id: int
    theme_id: int
    card: MessageRef | None
    choice: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceForm:
    """What a modal over a review session holds. session: the session as it was, to go on with.

    theme: a theme's id, or NEW_THEME with its name.
    """

    piece: int
    session: str
    theme: str
    name: str


def another_ticket_view(
    feedback_id: int, card_ref: MessageRef | None, theme_id: int = 0, *, root: str = ""
) -> Json:
    """Return the modal; tickets are offered as the person types."""
    chosen = asking_select(ids.TICKET, t("Words, or a ticket’s key")) | {"focus_on_load": True}
    return {
        "type": "modal",
        "callback_id": ids.OTHER_TICKET_VIEW,
        "private_metadata": metadata(feedback_id, card_ref, theme_id, root),
        "title": plain(t("Attach to a ticket")),
        "submit": plain(t("Attach")),
        "close": plain(t("Cancel")),
        "blocks": [labelled(t("Ticket"), chosen, hint=t("What is near comes first; type to search all."))],
    }


def metadata(feedback_id: int, card_ref: MessageRef | None, theme_id: int, root: str = "") -> str:
    """Return what a modal keeps of where it was opened. root: what begins the message's thread."""
    card = [card_ref.channel, card_ref.id] if card_ref else None
    return json.dumps({"feedback": feedback_id, "card": card, "theme": theme_id, "root": root})


def read_other_ticket(view: Mapping[str, Any]) -> OtherTicket:
    """Return what the modal holds, from the view that Slack sends with its submission."""
    about = json.loads(view["private_metadata"])
    return OtherTicket(
        feedback_id=int(about["feedback"]),
        theme_id=int(about.get("theme", 0)),
        card=MessageRef(*about["card"]) if about["card"] else None,
        choice=_values(view).get(ids.TICKET, ""),
    )


def ticket_options(found: Sequence[TicketLine]) -> list[Json]:
    """Return the tickets as choices."""
    named = [ticket for ticket in found if len(ticket.key) <= OPTION_MOST]
    return [option(f"{one.key} {one.title}", one.key, one.status) for one in named[:MOST_RESULTS]]


def piece_theme_view(piece: int, session: str, themes: Sequence[tuple[int, str]]) -> Json:
    """Return the modal that asks for a theme. themes: those that there are, by id and name."""
    choices = [option(t("A new theme"), NEW_THEME)]
    choices += [option(name or t("Said in different words"), str(number)) for number, name in themes]
    return _form(
        ids.PIECE_THEME_VIEW,
        {"piece": piece, "session": session},
        t("No ticket yet"),
        t("Put it there"),
        [
            labelled(t("Theme"), select(ids.THEME, choices[:MOST_CHOICES], initial=NEW_THEME)),
            labelled(t("Name of a new theme"), field(ids.NAME, most=NAME_MOST), optional=True),
            context(t("A theme is shown once three people speak for it.")),
        ],
    )


def read_piece_form(view: Mapping[str, Any]) -> PieceForm:
    """Return what the modal holds, from the view that Slack sends with its submission."""
    kept, values = json.loads(view["private_metadata"]), _values(view)
    return PieceForm(
        piece=int(kept["piece"]),
        session=str(kept["session"]),
        theme=values.get(ids.THEME, ""),
        name=values.get(ids.NAME, ""),
    )


def _form(callback_id: str, kept: Json, title: str, submit: str, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": json.dumps(kept),
        "title": plain(title),
        "submit": plain(submit),
        "close": plain(t("Back")),
        "blocks": blocks,
    }


def _values(view: Mapping[str, Any]) -> dict[str, str]:
    """Return what was typed or chosen, by action id; "" for nothing."""
    return {
        name: entered.get("value") or (entered.get("selected_option") or {}).get("value") or ""
        for fields in view.get("state", {}).get("values", {}).values()
        for name, entered in fields.items()
    }
