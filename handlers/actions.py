"""Buttons under a piece: attach, not feedback, undo."""

from __future__ import annotations

from collections.abc import Callable, Collection
from functools import partial

from bot.domain.match import AUTOMATIC
from bot.domain.message import Card, CardState
from bot.i18n import t
from bot.services import review
from bot.services.cards import show
from bot.services.review import Decided
from handlers.context import Context
from handlers.interaction import Interaction, mrkdwn, must_be_new
from handlers.roles import must_decide
from handlers.tasks import ANNOTATE, CARDS, TRUST
from integrations.slack.blocks.card import as_seen
from integrations.slack.blocks.elements import escape
from integrations.slack.blocks.review import decided_post

OPEN = (CardState.SUGGESTED, CardState.UNMATCHED)


def attach(context: Context, press: Interaction) -> None:
    """Attach the piece to the ticket that its card names."""
    _decide(context, press, review.attach, [CardState.ATTACHED])


def set_aside(context: Context, press: Interaction) -> None:
    """Take the piece as no feedback."""
    _decide(context, press, review.set_aside, [CardState.NOT_FEEDBACK])


def undo(context: Context, press: Interaction) -> None:
    """Take back what was decided about the piece; what was decided in an inbox waits there again."""
    _decide(context, press, review.restore if _is_in_inbox(press) else review.undo, OPEN)


def _decide(
    context: Context, press: Interaction, decide: Callable[..., Decided], wanted: Collection[CardState]
) -> None:
    must_decide(context, press)
    must_be_new(context, press)
    feedback_id = int(press.value)
    is_as_seen = partial(_is_as_seen, press)
    decided = decide(context.work, context.clock, feedback_id, press.user, is_as_seen=is_as_seen)
    before = decided.before
    # A card that somebody else decided is shown by their press: two at once are in each other's way.
    is_theirs = not decided.is_done and before.state in (CardState.ATTACHED, CardState.NOT_FEEDBACK)
    is_shown = is_theirs or show_now(context, feedback_id)
    is_wanted = before.state in wanted and before.decided_by in ("", press.user)
    if not decided.is_done and not is_wanted:
        press.reply(mrkdwn(t("This has changed since you saw it.") + " " + standing(decided.after)))
    elif _is_in_inbox(press):
        press.reply(decided_post(decided.after, standing(decided.after)))
    elif not is_shown or not _is_on_card(press, feedback_id):
        press.reply(mrkdwn(standing(decided.after)))


def show_now(context: Context, feedback_id: int) -> bool:
    """Show the decision on the card, and have the ticket and the switch follow.

    Return False where the card comes later.
    """
    context.queue.submit(ANNOTATE)
    context.queue.submit(TRUST)
    again = show(context.presenter, feedback_id)
    context.queue.submit(CARDS)
    if again is not None:
        context.queue.submit(CARDS, not_before=again)
    return again is None


def standing(card: Card) -> str:
    """Return in a sentence, as mrkdwn, where the piece stands and who decided it."""
    key = escape(card.ticket.key) if card.ticket else ""
    match card.state:
        case CardState.ATTACHED if card.note:
            return t(
                "It is attached to {key}, {note}.", key=key, note=escape(t(card.note, key=card.note_key))
            )
        case CardState.ATTACHED:
            own = card.decided_by == AUTOMATIC
            person = t("Voc itself") if own else f"<@{escape(card.decided_by)}>"
            return t("It is attached to {key}, by {person}.", key=key, person=person)
        case CardState.SUGGESTED:
            return t("It is proposed for {key} and waits for a decision.", key=key)
        case CardState.NOT_FEEDBACK:
            return t("It is set aside as not feedback.")
        case CardState.UNMATCHED:
            return t("It has no ticket now.")
        case CardState.WITHDRAWN:
            return t("The customer’s words were removed at their source.")


def _is_in_inbox(press: Interaction) -> bool:
    return press.block_id.startswith("inbox-")


def _is_on_card(press: Interaction, feedback_id: int) -> bool:
    return press.block_id.startswith(f"card-{feedback_id}-")


def _is_as_seen(press: Interaction, card: Card) -> bool:
    """Return whether the person decided on what is so now.

    The block of a card, or of one in an inbox, names what it showed; a digest shows open pieces.
    """
    if _is_on_card(press, card.feedback_id) or _is_in_inbox(press):
        return press.block_id.endswith(as_seen(card))
    return card.state in OPEN
