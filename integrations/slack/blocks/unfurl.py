"""What is shown under a link: the ticket, how many ask for it, and one of them in their words."""

from __future__ import annotations

from bot.domain.annotation import Reach
from bot.domain.message import TicketLine
from bot.domain.voice import QuotedVoice
from bot.i18n import t
from integrations.slack.blocks import words
from integrations.slack.blocks.card import ticket_title
from integrations.slack.blocks.elements import Json, line, link, rich_text, text

QUOTE_MOST = 400


def unfurl(ticket: TicketLine | None, reach: Reach, quote: QuotedVoice | None, zone: str = "UTC") -> Json:
    """Return what Slack shows under the link. ticket: None for a conversation that is about none."""
    if ticket is None:
        heading = [text(t("No ticket yet"), bold=True)]
    else:
        heading = [link(ticket_title(ticket), ticket.url, bold=True)]
    heading.append(text(f" · {words.reach(reach)}"))
    said = words.quotation(quote, zone, most=QUOTE_MOST) if quote else []
    return {"blocks": [rich_text(line(*heading), *said)]}
