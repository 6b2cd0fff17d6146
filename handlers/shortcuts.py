"""Shortcuts: a message, or what was said elsewhere, is passed on as feedback."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.capture import THREADS, Capture, thread_id
from bot.domain.feedback import Markup
from bot.domain.message import MessageRef
from bot.domain.route import Rules
from bot.domain.search import Named
from bot.errors import AccessError, AnswerError, IntegrationError, RequestError
from bot.i18n import later, t
from bot.services.alike import alike
from bot.services.by_hand import Said, record
from bot.services.capture import follow, keep, take
from bot.services.search import ByMeaning
from bot.text.characters import tidy
from bot.text.clean import clean
from handlers.commands.add import EXAMPLE
from handlers.context import Context
from handlers.interaction import Interaction, mrkdwn, must_be_new, words
from handlers.roles import must_decide, must_read
from handlers.tasks import ANNOTATE, CARDS, MATCH, thread
from handlers.views import fill_in, open_view, replace_view
from integrations.slack.blocks import ids
from integrations.slack.blocks.alike import alike_view
from integrations.slack.blocks.capture import (
    Passed,
    by_hand_view,
    fitting,
    message_view,
    read_passed,
    short_view,
)
from integrations.slack.blocks.elements import escape
from integrations.slack.client import is_direct
from integrations.slack.thread_mapping import alone, author_of

UNREADABLE = later(
    "Voc can’t read this channel, so it kept this message alone. Type `/invite @voc` for the rest."
)
LOOKS = later("Voc looks for the ticket that it is about.")
UNREADABLE_DIRECT = later("Voc can’t read direct messages, so it kept this message alone.")


@dataclass(frozen=True, slots=True)
class Kept:
    """What became of a message. pieces: its pieces' ids; note: what the person must know, "" for nothing.

    is_late: whether Slack did not answer, so that the pieces come later; first: who passed it on before, ""
    for nobody.
    """

    pieces: list[int]
    note: str = ""
    is_late: bool = False
    first: str = ""


def open_message(context: Context, act: Interaction) -> None:
    """Open the dialog that passes a message on, its words filled in."""
    must_read(context, act)
    passed = _of_others(context, act)
    if not passed.shown:
        raise RequestError(
            "Voc found no words in this message to quote. Type them with {example}.", example=EXAMPLE
        )
    open_view(context, act.trigger_id, message_view(passed, _areas(context.rules)))


def open_by_hand(context: Context, act: Interaction) -> None:
    """Open the dialog for what a customer said elsewhere."""
    must_read(context, act)
    open_view(context, act.trigger_id, by_hand_view(_areas(context.rules)))


def what_is_not_theirs(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the acknowledgement that keeps the dialog open where words are not the customer's own."""
    passed = read_passed(body["view"])
    if tidy(passed.said) in tidy(passed.shown):
        return {}
    said = t("These are not the customer’s words any more. Shorten them, but change nothing.")
    return {"response_action": "errors", "errors": {ids.SAID_BLOCK: said}}


def submit_message(context: Context, act: Interaction) -> None:
    """Store the message with its thread, and say what comes of it."""
    must_read(context, act)
    must_be_new(context, act)
    passed = read_passed(act.body["view"])
    kept = _kept(context, passed, act.user)
    _go_on(context)
    if kept.first:
        act.reply(mrkdwn(_captured_before(context, passed, kept)))
        return
    done = t("Added as feedback.") + " " + t(LOOKS)
    none = t("Added, but Voc found no words of a customer in it.")
    said = done if kept.pieces or kept.is_late else none
    act.reply(words(" ".join(part for part in (said, kept.note) if part)))


def _captured_before(context: Context, passed: Passed, kept: Kept) -> str:
    """Return, as mrkdwn, who passed the message on before, and as which piece."""
    person, piece = f"<@{escape(kept.first)}>", _piece_of(context, passed, kept.pieces)
    if piece is None:
        return t("{person} added this before.", person=person)
    return t("{person} added this before: #{number}.", person=person, number=piece)


def submit_by_hand(context: Context, act: Interaction) -> None:
    """Store what was said elsewhere. The dialog's id is the key: sent twice, it is stored once."""
    must_read(context, act)
    must_be_new(context, act)
    passed = read_passed(act.body["view"])
    customer = passed.customer.strip()
    with context.work() as unit:
        known = _known(unit.names.called(customer)) if customer else None
        said = Said(
            key=f"dialog:{act.body['view']['id']}",
            words=passed.said,
            by=act.user,
            at=context.clock.now(),
            inbox=passed.area,
            customer=customer,
            known=known,
        )
        record(unit, context.rules, said)
        unit.commit()
    _go_on(context)
    name = known.name if known and known.name else customer
    done = t("Added as feedback of {name}.", name=name) if name else t("Added as feedback.")
    act.reply(words(done + " " + t(LOOKS)))


def open_attach(context: Context, act: Interaction) -> None:
    """Store the message with its thread, then let the person choose its ticket."""
    must_decide(context, act)
    passed = _of_others(context, act)
    title = t("Attach to a ticket")
    opened = open_view(context, act.trigger_id, short_view(ids.OTHER_TICKET_VIEW, title))
    kept = _kept(context, passed, act.user)
    _go_on(context)
    own = _piece_of(context, passed, kept.pieces)
    if own is None:
        said = kept.note or t("Voc found no words of a customer in this message.")
        replace_view(context, opened, short_view(ids.OTHER_TICKET_VIEW, title, said))
        return
    fill_in(context, opened, own, MessageRef(passed.channel, passed.ts), passed.root)


def show_alike(context: Context, act: Interaction) -> None:
    """Show what else was said like the message, and which tickets are near it. Nothing is stored."""
    must_read(context, act)
    empty = short_view(ids.WHO_ELSE_VIEW, t("Who else said this?"))
    opened = open_view(context, act.trigger_id, empty)
    passed = _chosen(act)
    found = alike(context.searcher, passed.shown, _stored(context, passed))
    note = "" if found.by_meaning is ByMeaning.YES else t("Looked for by words alone, not by meaning.")
    replace_view(context, opened, alike_view(found.pieces, found.tickets, note, context.zone))


def _stored(context: Context, passed: Passed) -> list[int]:
    """Return the pieces that are stored of the message."""
    with context.reading() as unit:
        known = unit.conversations.find(THREADS, thread_id(passed.channel, passed.root))
        pieces = unit.pieces.of_conversation(known.id) if known else []
    return [piece.id for piece in pieces if piece.quote.turn_external_id == passed.ts]


def _kept(context: Context, passed: Passed, user: str) -> Kept:
    """Store the message's thread; where Voc may not read it, the message alone, and say so."""
    external_id = thread_id(passed.channel, passed.root)
    capture = Capture(
        external_id=external_id,
        by=user,
        picked={passed.ts: passed.part},
        customer=passed.customer,
        area=passed.area,
    )
    first = take(context.work, context.clock, capture)
    try:
        pieces = follow(context.work, context.clock, context.rules, context.threads, external_id)
        return Kept(pieces, first=first)
    except (AccessError, AnswerError):
        received = alone(capture, passed.ts, passed.author, passed.shown, context.directory.member)
        note = t(UNREADABLE_DIRECT if is_direct(passed.channel) else UNREADABLE)
        return Kept(keep(context.work, context.clock, context.rules, received), note, first=first)
    except IntegrationError:
        context.queue.submit(thread(passed.channel, passed.root))
        return Kept(
            [], t("Slack does not answer right now; Voc tries again by itself."), is_late=True, first=first
        )


def _piece_of(context: Context, passed: Passed, pieces: list[int]) -> int | None:
    """Return the piece that quotes the message, else the thread's first."""
    with context.reading() as unit:
        voices = unit.pieces.voices(pieces)
    own = [v.feedback_id for v in voices if v.quote.turn_external_id == passed.ts]
    return next(iter([*own, *(v.feedback_id for v in voices)]), None)


def _of_others(context: Context, act: Interaction) -> Passed:
    """Return the message that the shortcut was chosen on. Raises RequestError for one of Voc's own."""
    passed = _chosen(act)
    if context.directory.is_voc(passed.author):
        raise RequestError("Voc wrote this itself, so these are not a customer’s own words.")
    return passed


def _chosen(act: Interaction) -> Passed:
    """Return the message that the shortcut was chosen on."""
    message = act.body["message"]
    shown = fitting(clean(message.get("text") or "", Markup.MRKDWN, channel="chat"))
    return Passed(
        channel=act.channel,
        ts=message["ts"],
        root=message.get("thread_ts") or message["ts"],
        author=author_of(message),
        shown=shown,
        said=shown,
    )


def _known(found: list[Named]) -> Named | None:
    """Return whom a name means: the one of that name, of several the one company; else somebody new."""
    companies = [one for one in found if one.kind == "company"]
    return next((some[0] for some in (found, companies) if len(some) == 1), None)


def _areas(rules: Rules) -> list[str]:
    """Return the product areas that the operator's routes name."""
    named = [name for route in rules.routes.routes for name in (route.tag, route.inbox) if name]
    return list(dict.fromkeys(named))


def _go_on(context: Context) -> None:
    for task in (MATCH, CARDS, ANNOTATE):
        context.queue.submit(task)
