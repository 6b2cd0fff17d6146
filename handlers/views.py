"""The dialog "another ticket": opened from a button, searched as one types, submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.match import AUTOMATIC
from bot.domain.message import Card, CardState, MessageRef, TicketLine
from bot.domain.ticket import Ticket
from bot.errors import AnswerError, NotFoundError
from bot.i18n import t
from bot.repositories import UnitOfWork
from bot.services import review
from bot.services.theme_tickets import Ticketed, attach_theme
from bot.services.ticket_links import ticket_called
from handlers.actions import show_now, standing
from handlers.context import Context
from handlers.interaction import Interaction, Repeated, mrkdwn, must_be_new, words
from handlers.roles import must_decide
from handlers.tasks import ANNOTATE, CARDS, THEMES
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import Json
from integrations.slack.blocks.modals import (
    MOST_RESULTS,
    another_ticket_view,
    read_other_ticket,
    ticket_options,
)
from integrations.slack.blocks.words import count

MOST_LOOKS = 10  # each is a request: enough for an acknowledgement on its way


def open_other_ticket(context: Context, press: Interaction) -> None:
    """Open the dialog that finds a ticket for the piece."""
    choose_ticket(context, press, int(press.value))


def choose_ticket(context: Context, press: Interaction, feedback_id: int, theme_id: int = 0) -> None:
    """Open the dialog for the piece, or with a theme_id for all of a theme that the piece speaks for."""
    must_decide(context, press)
    open_view(context, press.trigger_id, another_ticket_view(feedback_id, opened_from(press), theme_id))


def fill_in(
    context: Context, opened: Mapping[str, Any], feedback_id: int, message: MessageRef, root: str
) -> None:
    """Make an open dialog the one that chooses the piece's ticket.

    message: where it was opened from; root: the message that begins its thread.
    """
    replace_view(context, opened, another_ticket_view(feedback_id, message, root=root))


def opened_from(press: Interaction) -> MessageRef:
    """Return the message whose button was pressed."""
    return MessageRef(press.channel, press.body["container"]["message_ts"])


def options(context: Context, asked: Interaction) -> list[Json]:
    """Return the tickets that hold what was typed; where nothing was, the matcher's next best."""
    must_decide(context, asked)
    query, view = str(asked.body.get("value") or ""), asked.body["view"]
    if view["callback_id"] == ids.SESSION_VIEW:
        piece = int(asked.body["block_id"].split("-")[1])
    else:
        piece = read_other_ticket(view).feedback_id
    return ticket_options(_found(context, piece, query))


def what_is_missing(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the acknowledgement that asks for a ticket where none was chosen. From the request alone."""
    if read_other_ticket(body["view"]).choice:
        return {}
    return {"response_action": "errors", "errors": {ids.TICKET: t("Choose a ticket of the list.")}}


def submit(context: Context, act: Interaction) -> None:
    """Attach the piece to the chosen ticket; it wins over an earlier choice, whose author is then named."""
    must_decide(context, act)
    must_be_new(context, act)
    held = read_other_ticket(act.body["view"])
    if held.theme_id:
        done = attach_theme(context.ticketing, held.theme_id, held.choice, act.user)
        act.reply(words(f"{attached(context, done)} {done.ticket.url if done.ticket else ''}".strip()))
        return
    decided = review.attach(context.work, context.clock, held.feedback_id, act.user, ticket_key=held.choice)
    is_shown = show_now(context, held.feedback_id)
    if _overrules(decided.before, decided.after, act.user):
        before = t("Before: {standing}", standing=standing(decided.before))
        act.reply(mrkdwn(f"{standing(decided.after)} {before}"))
    elif not is_shown or not _is_card(context, held.feedback_id, held.card):
        act.reply(mrkdwn(standing(decided.after)))


def attached(context: Context, done: Ticketed) -> str:
    """Let tickets and cards follow a theme's pieces, and return what became of them, in words."""
    for task in (ANNOTATE, CARDS, THEMES):
        context.queue.submit(task)
    if done.ticket is None:
        return t(
            "The ticket in {project} is not confirmed yet. Voc goes on by itself, creates it once, and then "
            "attaches the pieces.",
            project=done.theme.project,
        )
    pieces, ticket = count(done.pieces, "piece"), done.ticket
    return t("Attached to {ticket}: {pieces}.", ticket=f"{ticket.key} {ticket.title}", pieces=pieces)


def _overrules(before: Card, after: Card, user: str) -> bool:
    """Return whether another person's decision was just replaced by a different one."""
    if before.state is CardState.NOT_FEEDBACK:
        return True
    is_others = before.state is CardState.ATTACHED and before.decided_by not in (AUTOMATIC, user)
    return is_others and before.ticket != after.ticket


def _is_card(context: Context, feedback_id: int, message: MessageRef | None) -> bool:
    """Return whether the dialog was opened from the piece's own card, which shows the outcome by itself."""
    if message is None:
        return False
    with context.reading() as unit:
        voice = unit.pieces.voice(feedback_id)
        channel = context.rules.routes.of(voice.source, voice.inbox, voice.tags).owner_channel
        posted = unit.effects.find("card", channel, f"feedback:{feedback_id}")
    return posted is not None and posted.result == message.address


def _found(context: Context, feedback_id: int, query: str) -> list[TicketLine]:
    with context.reading() as unit:
        if not query.strip():
            return _lines(_next_best(unit, feedback_id))
        named, found = ticket_called(unit, query), unit.tickets.search(query, limit=MOST_RESULTS)
    others = [one for one in found if named is None or one.id != named.id]
    return _lines([named, *others] if named else others)


def _next_best(unit: UnitOfWork, feedback_id: int) -> list[Ticket]:
    verdict = unit.pieces.verdict(feedback_id)
    if verdict is None:
        return []
    held = {m.ticket_id for m in unit.matches.of_feedback(feedback_id)}
    candidates = [verdict.best, *verdict.others] if verdict.best else []
    return unit.tickets.many([c.ticket_id for c in candidates if c.ticket_id not in held])


def _lines(tickets: Sequence[Ticket]) -> list[TicketLine]:
    return [TicketLine(t.key, t.title, t.url, t.status) for t in tickets if not t.gone]


def open_view(context: Context, trigger_id: str, view: Mapping[str, Any]) -> Mapping[str, Any]:
    """Open the dialog and return it as Slack shows it. Raises Repeated for a press that has opened one."""
    return _triggered(context, "views.open", trigger_id, view)


def push_view(context: Context, trigger_id: str, view: Mapping[str, Any]) -> Mapping[str, Any]:
    """Lay the dialog over the one that is open. Raises Repeated for a press that has opened one."""
    return _triggered(context, "views.push", trigger_id, view)


def _triggered(context: Context, method: str, trigger_id: str, view: Mapping[str, Any]) -> Mapping[str, Any]:
    try:
        answer = context.slack.write(method, "opening a dialog", trigger_id=trigger_id, view=view)
    except AnswerError as exc:
        if exc.detail == "exchanged_trigger_id":
            raise Repeated from exc
        raise
    shown: Mapping[str, Any] = answer["view"]
    return shown


def replace_view(
    context: Context, shown: Mapping[str, Any], view: Mapping[str, Any]
) -> Mapping[str, Any] | None:
    """Show the dialog anew, unless it has changed since or is closed: what the person did last stands.

    shown: as Slack sent it; its hash may be missing where any state is to be replaced.
    Return the view as Slack shows it now, None where it was left alone.
    """
    unchanged = {"hash": shown["hash"]} if "hash" in shown else {}
    try:
        answer = context.slack.upsert(
            "views.update", "updating a dialog", view_id=shown["id"], view=view, **unchanged
        )
    except NotFoundError:
        return None
    except AnswerError as exc:
        if exc.detail != "hash_conflict":
            raise
        return None
    now: Mapping[str, Any] = answer["view"]
    return now


def replace_submitted(context: Context, submitted: Mapping[str, Any], view: Mapping[str, Any]) -> bool:
    """Show the view in place of what a submission's acknowledgement shows; return whether anybody sees it.

    Slack takes the acknowledgement in its own time. Until it has, the dialog is as it was submitted, by its
    hash, and what is shown now would be replaced: so it is shown until the hash is another, and then to stay.
    """
    seen = submitted
    for _ in range(MOST_LOOKS):
        if (shown := replace_view(context, seen, view)) is None:
            break
        seen = shown
    return replace_view(context, {"id": submitted["id"]}, view) is not None
