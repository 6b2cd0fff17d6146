"""A reviewed piece: the customer's words, the ticket, the reason, and what can be done."""

from __future__ import annotations

import re

from bot.domain.match import AUTOMATIC
from bot.domain.message import Card, CardState, TicketLine, content_hash
from bot.i18n import forms, later, t
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
    CardState.UNMATCHED: later("No ticket fits well enough"),
    CardState.NOT_FEEDBACK: later("Set aside as not feedback"),
    CardState.WITHDRAWN: later("Withdrawn at its source"),
}
# Around the ticket, which is a link: what stands before it, and what after.
AROUND = {
    CardState.SUGGESTED: later("Is this about {ticket}?"),
    CardState.ATTACHED: later("Attached to {ticket}"),
}
AUDIT = later("Voc attached this by itself. Right? {ticket}")
NO_TICKET = later("No ticket named")
TICKET = "\N{OBJECT REPLACEMENT CHARACTER}"  # where the ticket's link stands in the words around it


def card_post(card: Card) -> Post:
    """Return the card. A withdrawn piece shows none of its words and has no buttons."""
    shown = card_blocks(card)
    if card.state is CardState.WITHDRAWN:
        return Post(notification(lead(card)), shown)
    shown.append(actions(f"card-{card.feedback_id}-{as_seen(card)}", *_buttons(card)))
    return Post(announced(card), shown)


def card_blocks(card: Card, *, most: int = QUOTE_MOST) -> list[Json]:
    """Return what the card tells, without buttons. most: characters of the words."""
    if card.state is CardState.WITHDRAWN:
        return [rich_text(line(text(lead(card), bold=True))), context(t("Its words are no longer shown."))]
    shown = [rich_text(line(*_heading(card)), *words.quotation(card.voice, most=most))]
    notes = [_why(card), literal(t(card.note, key=card.note_key), NOTE_MOST) if card.note else ""]
    shown += [context(note) for note in notes if note]
    if decider := _decider(card):
        shown.append(decider)
    return shown


def announced(card: Card) -> str:
    """Return the card in one line, for notifications and screen readers."""
    said = f"“{literal(card.voice.words, 160)}”"
    return notification(lead(card), said, f"— {words.who(card.voice, most=2)}")


def as_seen(card: Card) -> str:
    """Return what tells whether the card has changed since: it ends a block's id."""
    return content_hash(card)[:12]


def lead(card: Card) -> str:
    """Return where the piece stands, in words alone."""
    before, title, after = _parts(card)
    return f"{before}{title}{after}"


def ticket_title(ticket: TicketLine) -> str:
    """Return the ticket's key and title in one line."""
    return literal(f"{ticket.key} {ticket.title}", TITLE_MOST)


def _parts(card: Card) -> tuple[str, str, str]:
    """Return the words before the ticket, the ticket, and the words after it."""
    around = AUDIT if card.is_audit else AROUND.get(card.state)
    if around is None:
        return t(LEADS[card.state]), "", ""
    if card.ticket is None:
        return t(NO_TICKET), "", ""
    before, _, after = t(around, ticket=TICKET).partition(TICKET)
    return before, ticket_title(card.ticket), after


def _heading(card: Card) -> list[Json]:
    before, title, after = _parts(card)
    leaves = [text(before, bold=True)] if before else []
    if title and card.ticket:
        status = f" ({literal(card.ticket.status, 40)})" if card.ticket.status else ""
        leaves += [
            link(title, card.ticket.url, bold=True),
            *([text(after + status)] if after + status else []),
        ]
    return leaves


def _why(card: Card) -> str:
    """Return how sure the matcher was and why; "" where no ticket was weighed or it no longer matters."""
    if card.ticket is None or card.state is CardState.NOT_FEEDBACK:
        return ""
    sure = t("{share} sure", share=forms.percent(card.score))
    if card.state is CardState.UNMATCHED:
        sure = t("Nearest is {ticket}, {sure}", ticket=ticket_title(card.ticket), sure=sure)
    notes = [sure, words.reasons(card.reasons)]
    if card.state is CardState.ATTACHED and card.decided_by == AUTOMATIC:
        unmeasured = t("attached by Voc itself, precision not yet measured")
        notes.append(unmeasured if card.is_unmeasured else t("attached by Voc itself"))
    return " · ".join(note for note in notes if note)


def _decider(card: Card) -> Json | None:
    """Return the line that names the person who decided; a mention in an edit notifies nobody."""
    if not CHAT_USER.fullmatch(card.decided_by):
        return None
    by = t("Decided by {person}", person=f"<@{card.decided_by}>")
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": by}]}


def _buttons(card: Card) -> list[Json]:
    value = str(card.feedback_id)
    attach = button(t("Attach"), ids.ATTACH, value, style="primary")
    another = button(t("Another ticket…"), ids.OTHER_TICKET, value)
    choose = button(t("Attach to a ticket…"), ids.OTHER_TICKET, value)
    nothing = button(t("Not feedback"), ids.NOT_FEEDBACK, value)
    undo = button(t("Undo"), ids.UNDO, value)
    match card.state:
        case CardState.SUGGESTED:
            return [attach, another, nothing] if card.ticket else [choose, nothing]
        case CardState.ATTACHED if card.is_audit:
            return [button(t("Right"), ids.ATTACH, value, style="primary"), another, nothing, undo]
        case CardState.ATTACHED:
            return [undo, another]
        case CardState.NOT_FEEDBACK:
            return [undo]
        case _:
            return [choose, nothing]
