"""Commands on what goes out: annotate, writes, unlink."""

from __future__ import annotations

from bot.app import Bot
from bot.commands.annotating import lines
from bot.commands.console import say
from bot.commands.store import BY_OPERATOR, opened
from bot.domain.message import Card, CardState
from bot.errors import RequestError
from bot.services.annotate import annotate_marked, annotate_these
from bot.services.annotator import Written
from bot.services.review import undo
from bot.services.status import stop_words

ACTS = ("stop", "resume", "status")


def annotate(keys: list[str], *, dry_run: bool) -> None:
    """Write what tickets lack, those that are due or these; or only tell of it. Raises RequestError."""
    bot = opened()
    chosen = [_ticket_id(bot, key) for key in keys]
    if dry_run:
        for line in lines(bot.annotator, chosen):
            say(line)
        return
    written = annotate_these(bot.annotator, chosen) if keys else annotate_marked(bot.annotator)
    say(_told(written))
    _say_if_stopped(bot)


def writes(act: str) -> None:
    """Stop all outward acts, let them go on, or tell whether they are stopped. Raises RequestError."""
    bot = opened()
    if act not in ACTS:
        raise RequestError(f"writes {act}: say stop, resume or status")
    if act != "status":
        with bot.work() as unit:
            if act == "stop":
                unit.writes.stop(BY_OPERATOR, bot.clock.now())
            else:
                unit.writes.resume()
            unit.commit()
    if not _say_if_stopped(bot):
        say("Writes are on: each project's switch decides about its tickets.")


def unlink(item: str) -> None:
    """Take back what was decided about a piece, as Undo on its card does. Raises RequestError."""
    bot = opened()
    done = undo(bot.work, bot.clock, _piece_id(bot, item), BY_OPERATOR, is_as_seen=_can_be_undone)
    if not done.is_done:
        raise RequestError(f"Piece {item} is attached to no ticket, so there is nothing to unlink.")
    ticket = done.before.ticket
    if done.before.state is CardState.ATTACHED and ticket:
        say(f"Piece {item} is unlinked from {ticket.key}, and Voc has learned that it does not belong there.")
    else:
        say(f"Piece {item} counts as feedback again.")


def _can_be_undone(card: Card) -> bool:
    return card.state in (CardState.ATTACHED, CardState.NOT_FEEDBACK)


def _ticket_id(bot: Bot, key: str) -> int:
    with bot.reading() as unit:
        ticket = unit.tickets.by_key(key.strip())
    if ticket is None:
        raise RequestError(f"No ticket {key.strip().upper()} is known. Give a key such as ABC-123.")
    return ticket.id


def _piece_id(bot: Bot, item: str) -> int:
    """Return the id of the piece that is named by it, or by the key of its link on a ticket."""
    if item.isdecimal():
        return int(item)
    source, _, rest = item.removeprefix("voc:").partition(":")
    external_id, _, ordinal = rest.rpartition(":")
    with bot.reading() as unit:
        conversation = unit.conversations.find(source, external_id)
        pieces = unit.pieces.of_conversation(conversation.id) if conversation else []
    found = next((piece.id for piece in pieces if str(piece.ordinal) == ordinal), None)
    if found is None:
        raise RequestError(f"No piece {item} is known. Give its number, or its link's key: voc:zendesk:123:1")
    return found


def _told(written: Written) -> str:
    links = f"{written.links:,} links written, {written.removed:,} removed"
    said = f"{written.comments:,} comments and {written.figures:,} sets of figures brought up to date"
    return f"{written.tickets:,} tickets looked at: {links}, {said}."


def _say_if_stopped(bot: Bot) -> bool:
    with bot.reading() as unit:
        stop = unit.writes.stopped()
    if stop:
        say(stop_words(stop))
    return stop is not None
