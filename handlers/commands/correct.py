"""`/voc attach ITEM KEY` and `/voc unlink ITEM`: correct a match where no button is at hand."""

from __future__ import annotations

import re

from bot.domain.message import Card, CardState
from bot.errors import RequestError
from bot.i18n import forms, later, t
from bot.repositories import UnitOfWork
from bot.services import review
from handlers.actions import show_now, standing
from handlers.commands.parser import parse
from handlers.context import Context
from handlers.interaction import Interaction, mrkdwn, must_be_new
from handlers.roles import must_decide
from integrations.slack.blocks.elements import Post, rich_text
from integrations.slack.blocks.elements import context as context_line
from integrations.slack.blocks.words import quotation

QUOTE_MOST = 200
NUMBER = re.compile(r"#?(?P<id>\d{1,15})", re.ASCII)
LINK_KEY = re.compile(r"voc:(?P<source>[^:]+):(?P<external_id>.+):(?P<ordinal>\d{1,6})", re.ASCII)
ITEM = later(
    "a piece’s number such as #123, its link’s key such as voc:zendesk:123:1, or its conversation’s address"
)


def attach_answer(context: Context, act: Interaction, rest: str) -> Post:
    """Attach the piece to the ticket, whatever it was before, and return where it stands."""
    must_decide(context, act)
    typed = parse(rest).words
    if len(typed) != 2:
        raise RequestError("What to which ticket? Say for example `/voc attach #123 ABC-45`.")
    feedback_id = _item(context, typed[0])
    must_be_new(context, act)
    decided = review.attach(context.work, context.clock, feedback_id, act.user, ticket_key=typed[1])
    show_now(context, feedback_id)
    return _told(decided.after)


def unlink_answer(context: Context, act: Interaction, rest: str) -> Post:
    """Take the piece off its ticket, for good, and return where it stands."""
    must_decide(context, act)
    typed = parse(rest).words
    if len(typed) != 1:
        raise RequestError("What is to be unlinked? Say for example `/voc unlink #123`.")
    feedback_id = _item(context, typed[0])
    must_be_new(context, act)
    decided = review.undo(context.work, context.clock, feedback_id, act.user, is_as_seen=_is_attached)
    if not decided.is_done:
        raise RequestError(
            "#{number} is attached to no ticket, so there is nothing to unlink.", number=feedback_id
        )
    show_now(context, feedback_id)
    return _told(decided.after)


def _told(card: Card) -> Post:
    """Return where the piece stands, what it says, and the way back."""
    said = mrkdwn(standing(card))
    number = f"#{card.feedback_id}"
    attached = card.state is CardState.ATTACHED
    back = (
        t("/voc unlink {number} takes it off again.", number=number)
        if attached
        else t("/voc attach {number} and a ticket’s key attaches it.", number=number)
    )
    quote = rich_text(*quotation(card.voice, most=QUOTE_MOST, facts=2))
    return Post(said.text, [*said.blocks, quote, context_line(back)])


def _is_attached(card: Card) -> bool:
    return card.state is CardState.ATTACHED


def _item(context: Context, typed: str) -> int:
    """Return the piece that is meant. Raises RequestError where none or more than one is."""
    with context.reading() as unit:
        if number := NUMBER.fullmatch(typed):
            found = [voice.feedback_id for voice in unit.pieces.voices([int(number["id"])])]
        elif key := LINK_KEY.fullmatch(typed):
            found = _by_key(unit, key)
        elif typed.startswith(("http://", "https://")):
            pieces = [
                piece for one in unit.conversations.at(typed) for piece in unit.pieces.of_conversation(one)
            ]
            found = [piece.id for piece in pieces if piece.excluded is None]
        else:
            raise RequestError("“{typed}” is no item. An item is {item}.", typed=typed[:60], item=t(ITEM))
    if not found:
        raise RequestError(
            "Nothing is known as “{typed}”. An item is {item}.", typed=typed[:60], item=t(ITEM)
        )
    if len(found) > 1:
        numbers = forms.listed([f"#{one}" for one in found[:10]])
        raise RequestError(
            "That conversation holds several pieces: {numbers}. Give the number.", numbers=numbers
        )
    return found[0]


def _by_key(unit: UnitOfWork, key: re.Match[str]) -> list[int]:
    known = unit.conversations.find(key["source"], key["external_id"])
    pieces = unit.pieces.of_conversation(known.id) if known else []
    return [piece.id for piece in pieces if piece.ordinal == int(key["ordinal"])]
