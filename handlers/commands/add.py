"""`/voc add "words" for customer`: record feedback that was heard elsewhere."""

from __future__ import annotations

from uuid import uuid4

from bot.domain.search import Named
from bot.errors import RequestError
from bot.i18n import forms, t
from bot.services.by_hand import SOURCE, Said, record
from bot.services.ingest import withdraw
from bot.services.standing import standing_of
from handlers.commands.parser import Token, parse
from handlers.context import Context
from handlers.interaction import Interaction, must_be_new, show_instead, words
from handlers.roles import must_decide, must_read
from handlers.tasks import ANNOTATE, CARDS, MATCH
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.found import recorded_answer

EXAMPLE = '`/voc add "The export drops rows" for Acme`'


def add_answer(context: Context, act: Interaction, rest: str) -> Post:
    """Record the words, and return what was recorded with a button that takes it back."""
    must_read(context, act)
    said, customer = _read(parse(rest).tokens)
    known = _known(context, customer) if customer else None
    must_be_new(context, act)
    key = f"typed:{uuid4().hex}"
    with context.work() as unit:
        recorded = Said(
            key=key,
            words=said,
            by=act.user,
            at=context.clock.now(),
            inbox=str(act.body.get("channel_name", "")),
            customer=customer,
            known=known,
        )
        piece = record(unit, context.rules, recorded)
        unit.commit()
    context.queue.submit(MATCH)
    with context.reading() as unit:
        [shown] = standing_of(unit, [piece])
    name = known.name if known and known.name else customer
    return recorded_answer(shown, name, f"{act.user} {key}", uuid4().hex[:12], context.zone)


def undo(context: Context, press: Interaction) -> None:
    """Take back what was recorded: whoever recorded it may, and whoever may decide."""
    must_read(context, press)
    by, _, key = press.value.partition(" ")
    if by != press.user:
        must_decide(context, press)
    must_be_new(context, press)
    with context.work() as unit:
        gone = withdraw(unit, SOURCE, [key], context.clock.now())
        unit.commit()
    for task in (CARDS, ANNOTATE):
        context.queue.submit(task)
    said = t("Taken back. It is as if it had never been said.") if gone else t("It was taken back before.")
    show_instead(context, press, words(said))


def _read(tokens: tuple[Token, ...]) -> tuple[str, str]:
    """Return the words and the customer, "" for none. Raises RequestError with an example."""
    if not tokens:
        raise RequestError("What was said? Say for example {example}.", example=EXAMPLE)
    first, *rest = tokens
    if not first.is_quoted:
        raise RequestError("Put what the customer said in quotes, for example {example}.", example=EXAMPLE)
    if not rest:
        return first.text, ""
    if rest[0].text.lower() != "for" or len(rest) == 1:
        raise RequestError("After the quotation comes only `for` and a customer: {example}.", example=EXAMPLE)
    return first.text, " ".join(token.text for token in rest[1:])


def _known(context: Context, customer: str) -> Named | None:
    """Return whom the name means, None for somebody new. Raises RequestError where several are meant."""
    with context.reading() as unit:
        found = unit.names.called(customer)
    companies = [one for one in found if one.kind == "company"]
    if len(found) > 1 and len(companies) != 1:
        names = forms.listed([f"“{one.name}”" for one in found[:5]])
        raise RequestError(
            "“{customer}” may be several customers: {names}. Give the whole name, or an e-mail address.",
            customer=customer[:60],
            names=names,
        )
    return companies[0] if companies else next(iter(found), None)
