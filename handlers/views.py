"""The dialog "another ticket": opened from a button, searched, submitted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.match import AUTOMATIC
from bot.domain.message import Card, CardState, MessageRef, TicketLine
from bot.domain.ticket import Ticket
from bot.errors import AnswerError
from bot.repositories import UnitOfWork
from bot.services import review
from bot.services.theme_tickets import Ticketed, attach_theme
from handlers.actions import show_now, standing
from handlers.context import Context
from handlers.interaction import Interaction, Repeated, mrkdwn, must_be_new, words
from handlers.roles import must_decide
from handlers.tasks import ANNOTATE, CARDS, THEMES
from integrations.slack.blocks import ids
from integrations.slack.blocks.modals import MOST_RESULTS, another_ticket_view, read_other_ticket
from integrations.slack.blocks.words import count


def open_other_ticket(context: Context, press: Interaction) -> None:
    """Open the dialog at once, since its trigger lasts three seconds; then fill in what is near."""
    choose_ticket(context, press, int(press.value))


def choose_ticket(context: Context, press: Interaction, feedback_id: int, theme_id: int = 0) -> None:
    """Open the dialog for the piece, or with a theme_id for all of a theme that the piece speaks for."""
    must_decide(context, press)
    message = opened_from(press)
    empty = another_ticket_view(feedback_id, "", [], message, theme_id)
    opened = open_view(context, press.trigger_id, empty)
    if near := _found(context, feedback_id, ""):
        replace_view(context, opened, another_ticket_view(feedback_id, "", near, message, theme_id))


def opened_from(press: Interaction) -> MessageRef:
    """Return the message whose button was pressed."""
    return MessageRef(press.channel, press.body["container"]["message_ts"])


def search(context: Context, entered: Interaction) -> None:
    """Show the tickets that hold the words; without words, the matcher's next best."""
    view = entered.body["view"]
    held = read_other_ticket(view)
    results = _found(context, held.feedback_id, held.query)
    again = another_ticket_view(held.feedback_id, held.query, results, held.card, held.theme_id)
    replace_view(context, view, again)


def what_is_missing(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the acknowledgement that asks for a ticket where none was chosen. From the request alone."""
    if read_other_ticket(body["view"]).choice:
        return {}
    errors = {ids.SEARCH_BLOCK: "Search for a ticket, then choose one of the list."}
    return {"response_action": "errors", "errors": errors}


def submit(context: Context, act: Interaction) -> None:
    """Attach the piece to the chosen ticket; it wins over an earlier choice, whose author is then named."""
    must_decide(context, act)
    must_be_new(context, act)
    held = read_other_ticket(act.body["view"])
    if held.theme_id:
        attached(context, act, attach_theme(context.ticketing, held.theme_id, held.choice, act.user))
        return
    decided = review.attach(context.work, context.clock, held.feedback_id, act.user, ticket_key=held.choice)
    is_shown = show_now(context, held.feedback_id)
    if _overrules(decided.before, decided.after, act.user):
        act.reply(mrkdwn(f"{standing(decided.after)} Before: {standing(decided.before)}"))
    elif not is_shown or not _is_card(context, held.feedback_id, held.card):
        act.reply(mrkdwn(standing(decided.after)))


def attached(context: Context, act: Interaction, done: Ticketed) -> None:
    """Let tickets and cards follow a theme's pieces, and say what became of them."""
    for task in (ANNOTATE, CARDS, THEMES):
        context.queue.submit(task)
    if done.ticket is None:
        where = f"The ticket in {done.theme.project} is not confirmed yet."
        act.reply(words(f"{where} Voc goes on by itself, creates it once, and then attaches the pieces."))
        return
    pieces = count(done.pieces, "piece")
    ticket = done.ticket
    act.reply(words(f"Attached to {ticket.key} {ticket.title}: {pieces}. {ticket.url}".strip()))


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
        tickets = (
            unit.tickets.search(query, limit=MOST_RESULTS) if query.strip() else _next_best(unit, feedback_id)
        )
    return _lines(tickets)


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
    try:
        answer = context.slack.write("views.open", "opening a dialog", trigger_id=trigger_id, view=view)
    except AnswerError as exc:
        if exc.detail == "exchanged_trigger_id":
            raise Repeated from exc
        raise
    shown: Mapping[str, Any] = answer["view"]
    return shown


def replace_view(context: Context, shown: Mapping[str, Any], view: Mapping[str, Any]) -> None:
    """Show the dialog anew, unless it has changed since: then what the person did last stands."""
    try:
        context.slack.upsert(
            "views.update", "updating a dialog", view_id=shown["id"], hash=shown["hash"], view=view
        )
    except AnswerError as exc:
        if exc.detail != "hash_conflict":
            raise
