"""The dialog that shows who else said much the same."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.message import TicketLine
from bot.domain.standing import Standing
from bot.i18n import t
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import Json, context, header, line, plain, rich_text, section
from integrations.slack.blocks.listing import pieces, ticket_leaves


def alike_view(found: Sequence[Standing], tickets: Sequence[TicketLine], note: str, zone: str) -> Json:
    """Return the dialog. note: what to know of how it was looked for, "" for nothing."""
    blocks: list[Json] = []
    if tickets:
        lines = [line(*ticket_leaves(ticket)) for ticket in tickets]
        blocks += [header(t("Tickets near it")), rich_text(*lines)]
    if found:
        blocks += [header(t("What customers said")), *pieces(found, zone)]
    if not blocks:
        blocks.append(section(t("Nobody was heard saying anything like it.")))
        blocks.append(context(t("“Add as feedback” in the message’s menu lets Voc hear this one.")))
    if note:
        blocks.append(context(note))
    title, close = plain(t("Who else said this?")), plain(t("Close"))
    about = {"callback_id": ids.WHO_ELSE_VIEW, "title": title, "close": close}
    return {"type": "modal", **about, "blocks": blocks}
