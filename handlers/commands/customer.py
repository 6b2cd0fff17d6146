"""`/voc customer NAME`: everything that one customer said, and what became of it."""

from __future__ import annotations

import re
from uuid import uuid4

from bot.domain.search import Named
from bot.errors import RequestError
from bot.i18n import t
from bot.repositories import UnitOfWork
from bot.services.standing import standing_of
from handlers.commands.parser import parse
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.found import (
    Customer,
    customer_answer,
    nearest_customers,
    nothing,
    which_customer,
)
from integrations.slack.blocks.frame import Paged, pages_of

PAGE, CHOICES = 5, 8
BY_ID = re.compile(r"(?P<kind>person|company):(?P<id>\d{1,15})", re.ASCII)


def customer_page(context: Context, act: Interaction, rest: str) -> Post | Paged:
    """Return one page of what the person or company said; where several are meant, the question which."""
    name = parse(rest).text
    if not name:
        raise RequestError(
            "Which customer? Say for example `/voc customer Acme` or `/voc customer ann@acme.com`."
        )
    token = uuid4().hex[:12]
    with context.reading() as unit:
        named = _named(unit, name)
        if not named:
            if near := unit.names.nearest(name, limit=CHOICES):
                return Paged(nearest_customers(name, near, token), may_share=False)
            return nothing(
                t("Nobody called “{name}” has been heard of.", name=name[:90]),
                t("Try a part of the name, an e-mail address, or `/voc search` for what they said."),
            )
        if len(named) > 1:
            return Paged(which_customer(name, named, token), may_share=False)
        return _about(unit, named[0], act.page, context.zone)


def _named(unit: UnitOfWork, name: str) -> list[Named]:
    """Return whom the name means; buttons name one by number."""
    if by_id := BY_ID.fullmatch(name):
        kind, number = by_id["kind"], int(by_id["id"])
        return [Named(kind, number, known) for known in unit.names.names(kind, [number]).values()]
    return unit.names.called(name, limit=CHOICES)


def _about(unit: UnitOfWork, named: Named, page: int, zone: str) -> Paged:
    record = unit.insights.record(named)
    pages = pages_of(record.pieces, PAGE)
    page = min(page, pages)
    ids = unit.insights.of_customer(named, limit=PAGE, offset=(page - 1) * PAGE)
    answer = customer_answer(_described(unit, named), record, standing_of(unit, ids), zone)
    return Paged(answer, page, pages)


def _described(unit: UnitOfWork, named: Named) -> Customer:
    if named.kind == "company":
        company = unit.people.employer(named.id)
        return Customer(named=named, plan=company.plan, segment=company.segment, revenue=company.revenue)
    person = unit.people.get(named.id)
    employer = person.company
    return Customer(
        named=named,
        company=employer.name if employer else "",
        role=person.role,
        plan=(employer.plan if employer else "") or person.plan,
        segment=(employer.segment if employer else "") or person.segment,
        revenue=employer.revenue if employer else None,
    )
