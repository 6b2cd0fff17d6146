"""A reviewed piece: the customer's words, the ticket, the reason, and what can be done."""

from __future__ import annotations

import re

from bot.domain.match import AUTOMATIC
from bot.domain.message import Card, CardState, TicketLine, content_hash
from integrations.slack.blocks import ids, words
from integrations.slack.blocks.elements import (
    Json,
    Post,
    actions,
    button,
    context,
    line,
    link,
    literal,
    notification,
    rich_text,
    text,
)

QUOTE_MOST, TITLE_MOST, NOTE_MOST = 1_200, 140, 200
CHAT_USER = re.compile(r"[UW][A-Z0-9]{2,20}")

LEADS = {
    CardState.SUGGESTED: "Is this about ",
    CardState.ATTACHED: "Attached to ",
    CardState.UNMATCHED: "No ticket fits well enough",
    CardState.NOT_FEEDBACK: "Set aside as not feedback",
    CardState.WITHDRAWN: "Withdrawn at its source",
}
AUDIT_LEAD = "Voc attached this by itself. Right? "


def card_post(card: Card) -> Post:
    """Return the card. A withdrawn piece shows none of its words and has no buttons."""
    names_ticket = card.state in (CardState.SUGGESTED, CardState.ATTACHED)
    title = ticket_title(card.ticket) if names_ticket and card.ticket else ""
    asks = "?" if card.state is CardState.SUGGESTED else ""
    lead = AUDIT_LEAD if card.is_audit else LEADS[card.state]
    lead = lead if title or not names_ticket else "No ticket named"
    heading = [text(lead, bold=True)]
    if title and card.ticket:
        heading += [link(title, card.ticket.url, bold=True), text(asks + _status(card.ticket))]
    if card.state is CardState.WITHDRAWN:
        return Post(
            notification(lead), [rich_text(line(*heading)), context("Its words are no longer shown.")]
        )
    shown = [rich_text(line(*heading), *words.quotation(card.voice, most=QUOTE_MOST))]
    shown += [context(note) for note in [_why(card), literal(card.note, NOTE_MOST)] if note]
    if decider := _decider(card):
        shown.append(decider)
    shown.append(actions(f"card-{card.feedback_id}-{content_hash(card)[:12]}", *_buttons(card)))
    said = f"“{literal(card.voice.words, 160)}”"
    return Post(notification(f"{lead}{title}{asks}", said, f"— {words.who(card.voice, most=2)}"), shown)


def ticket_title(ticket: TicketLine) -> str:
    """Return the ticket's key and title in one line."""
    return literal(f"{ticket.key} {ticket.title}", TITLE_MOST)


def _status(ticket: TicketLine) -> str:
    return f" ({literal(ticket.status, 40)})" if ticket.status else " "


def _why(card: Card) -> str:
    """Return how sure the matcher was and why; "" where no ticket was weighed or it no longer matters."""
    if card.ticket is None or card.state is CardState.NOT_FEEDBACK:
        return ""
    sure = f"{card.score:.0%} sure"
    if card.state is CardState.UNMATCHED:
        sure = f"Nearest is {ticket_title(card.ticket)}, {sure}"
    notes = [sure, words.reasons(card.reasons)]
    if card.state is CardState.ATTACHED and card.decided_by == AUTOMATIC:
        notes.append(
            "attached by Voc itself" + (", precision not yet measured" if card.is_unmeasured else "")
        )
    return " · ".join(note for note in notes if note)


def _decider(card: Card) -> Json | None:
    """Return the line that names the person who decided; a mention in an edit notifies nobody."""
    if not CHAT_USER.fullmatch(card.decided_by):
        return None
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": f"Decided by <@{card.decided_by}>"}]}


def _buttons(card: Card) -> list[Json]:
    value = str(card.feedback_id)
    attach = button("Attach", ids.ATTACH, value, style="primary")
    another = button("Another ticket…", ids.OTHER_TICKET, value)
    choose = button("Attach to a ticket…", ids.OTHER_TICKET, value)
    nothing = button("Not feedback", ids.NOT_FEEDBACK, value)
    undo = button("Undo", ids.UNDO, value)
    match card.state:
        case CardState.SUGGESTED:
            return [attach, another, nothing] if card.ticket else [choose, nothing]
        case CardState.ATTACHED if card.is_audit:
            return [button("Right", ids.ATTACH, value, style="primary"), another, nothing, undo]
        case CardState.ATTACHED:
            return [undo, another]
        case CardState.NOT_FEEDBACK:
            return [undo]
        case _:
            return [choose, nothing]
