"""The modal in which a person finds another ticket for a piece."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.message import MessageRef, TicketLine
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import Json, context, literal, plain

MOST_RESULTS, OPTION_MOST, QUERY_MOST = 10, 75, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherTicket:
    """What the modal holds. choice: a ticket's key, "" without one; card: the message to show anew.

    theme_id: where all of a theme is attached, 0 for one piece.
    """

    feedback_id: int
    theme_id: int
    card: MessageRef | None
    query: str
    choice: str


def another_ticket_view(
    feedback_id: int,
    query: str,
    results: Sequence[TicketLine],
    card_ref: MessageRef | None,
    theme_id: int = 0,
) -> Json:
    """Return the modal. Enter in the search field dispatches SEARCH; submitting sends the chosen key."""
    return {
        "type": "modal",
        "callback_id": ids.OTHER_TICKET_VIEW,
        "private_metadata": metadata(feedback_id, card_ref, theme_id),
        "title": plain("Attach to a ticket"),
        "submit": plain("Attach"),
        "close": plain("Cancel"),
        "blocks": [_search(query), _results(query, results)],
    }


def metadata(feedback_id: int, card_ref: MessageRef | None, theme_id: int) -> str:
    """Return what a modal keeps of where it was opened."""
    card = [card_ref.channel, card_ref.id] if card_ref else None
    return json.dumps({"feedback": feedback_id, "card": card, "theme": theme_id})


def read_other_ticket(view: Mapping[str, Any]) -> OtherTicket:
    """Return what the modal holds, from the view that Slack sends with a search or a submission."""
    about = json.loads(view["private_metadata"])
    query = choice = ""
    for fields in view.get("state", {}).get("values", {}).values():
        query = (fields.get(ids.SEARCH) or {}).get("value") or query
        choice = ((fields.get(ids.CHOICE) or {}).get("selected_option") or {}).get("value") or choice
    card = MessageRef(*about["card"]) if about["card"] else None
    return OtherTicket(
        feedback_id=int(about["feedback"]),
        theme_id=int(about.get("theme", 0)),
        card=card,
        query=query,
        choice=choice,
    )


def choice_block_id(query: str) -> str:
    """Return the results' block id: another for another search, so that no earlier choice lingers."""
    return f"voc_choice_{hashlib.sha256(query.encode('utf-8', 'replace')).hexdigest()[:12]}"


def _search(query: str) -> Json:
    field: Json = {
        "type": "plain_text_input",
        "action_id": ids.SEARCH,
        "placeholder": plain("Words, or a ticket’s key"),
        "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
        "max_length": QUERY_MOST,
    }
    if query.strip():
        field["initial_value"] = literal(query, QUERY_MOST)
    return {
        "type": "input",
        "block_id": ids.SEARCH_BLOCK,
        "label": plain("Search tickets"),
        "hint": plain("Press Enter to search."),
        "element": field,
        "dispatch_action": True,
        "optional": True,
    }


def _results(query: str, results: Sequence[TicketLine]) -> Json:
    options = [_option(ticket) for ticket in results[:MOST_RESULTS] if len(ticket.key) <= OPTION_MOST]
    if not options:
        return context("No ticket matches. Try other words." if query.strip() else "Search for a ticket.")
    return {
        "type": "input",
        "block_id": choice_block_id(query),
        "label": plain("Ticket"),
        "element": {"type": "radio_buttons", "action_id": ids.CHOICE, "options": options},
    }


def _option(ticket: TicketLine) -> Json:
    option = {"text": plain(literal(f"{ticket.key} {ticket.title}", OPTION_MOST)), "value": ticket.key}
    return {**option, "description": plain(literal(ticket.status, OPTION_MOST))} if ticket.status else option
