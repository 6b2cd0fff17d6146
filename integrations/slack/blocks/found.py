"""Answers that list pieces: what a search found, what one customer said, what was recorded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.customer import Revenue
from bot.domain.search import Named, Record
from bot.domain.standing import Standing
from bot.i18n import forms, t
from integrations.slack.blocks import ids, words
from integrations.slack.blocks.elements import (
    Json,
    Post,
    actions,
    button,
    context,
    escape,
    header,
    line,
    literal,
    notification,
    rich_text,
    section,
    text,
)
from integrations.slack.blocks.frame import Asked, Paged, choice
from integrations.slack.blocks.listing import piece, pieces

NAME_MOST, WORDS_MOST, BUTTON_MOST = 90, 80, 75


@dataclass(frozen=True, slots=True, kw_only=True)
class Customer:
    """Whom an answer is about. name: "" where none is known; company: of a person, "" for none."""

    named: Named
    company: str = ""
    role: str = ""
    plan: str = ""
    segment: str = ""
    revenue: Revenue | None = None


def search_answer(
    typed: str, found: Sequence[Standing], total: int, notes: Sequence[str], zone: str = "UTC"
) -> Post:
    """Return one page of what was found. typed: the words; total: on all pages; notes: what to know of it."""
    title = t("Customers on “{words}”", words=literal(typed, WORDS_MOST))
    facts = " · ".join([words.count(total, "piece"), *notes])
    said = notification(f"{title}:", facts)
    return Post(said, [header(title), context(facts), *pieces(found, zone)])


def nothing(said: str, *remedies: str) -> Paged:
    """Return that there is nothing, with what to do. remedies: Voc's own words, `code` in them as such."""
    lines = [section(escape(literal(one, 500))) for one in (said, *remedies) if one]
    return Paged(Post(notification(said), lines), may_share=False)


def customer_answer(who: Customer, record: Record, found: Sequence[Standing], zone: str = "UTC") -> Post:
    """Return one page of what the customer said, and what became of it all."""
    name = literal(who.named.name or t("A customer without a name"), NAME_MOST)
    revenue = t("{revenue} a year", revenue=forms.money(who.revenue)) if who.revenue else ""
    plan = t("{plan} plan", plan=who.plan) if who.plan else ""
    segment = t("{segment} segment", segment=who.segment) if who.segment else ""
    about = " · ".join(
        literal(fact, NAME_MOST) for fact in (who.role, who.company, plan, segment, revenue) if fact
    )
    blocks = [header(name), *([context(about)] if about else [])]
    lines = [_said(who, record), _became(record), _heard(record, zone)]
    blocks.append(rich_text(*(line(text(said)) for said in lines if said)))
    return Post(notification(f"{name}:", lines[0]), [*blocks, *pieces(found, zone)])


def which_customer(typed: str, named: Sequence[Named], token: str) -> Post:
    """Return the question which of several is meant, a button each."""
    said = t(
        "Several customers are called something like “{name}”. Which one?", name=literal(typed, NAME_MOST)
    )
    return Post(notification(said), [section(escape(said)), _choices(named, token)])


def nearest_customers(typed: str, named: Sequence[Named], token: str) -> Post:
    """Return that nobody of that name is known, with the nearest names as buttons."""
    said = t(
        "Nobody called “{name}” has been heard of. Did you mean one of these?", name=literal(typed, NAME_MOST)
    )
    return Post(notification(said), [section(escape(said)), _choices(named, token)])


def recorded_answer(one: Standing, customer: str, undo: str, render: str, zone: str = "UTC") -> Post:
    """Return what was recorded, with the way back. customer: as typed, "" for none; undo: names it."""
    whose = t("Recorded for {customer}", customer=literal(customer, NAME_MOST)) if customer else t("Recorded")
    row = actions(f"added-{render}", button(t("Undo"), ids.ADD_UNDO, undo))
    note = t("Voc looks for its ticket now, as for any other feedback.")
    if not customer:
        note += " " + t('Add who said it with: /voc add "…" for Acme')
    blocks = [rich_text(line(text(whose, bold=True))), piece(one, zone), context(note), row]
    return Post(notification(f"{whose}:", f"“{one.voice.words}”"), blocks)


def _said(who: Customer, record: Record) -> str:
    counts = [words.count(record.pieces, "piece"), words.count(record.conversations, "conversation")]
    counts += [words.count(record.people, "person")] if who.named.kind == "company" else []
    return t("Said: {counts}", counts=forms.listed(counts))


def _became(record: Record) -> str:
    """Return what became of it all."""
    if not record.pieces:
        return ""
    parts = [t("{number} attached to tickets", number=forms.decimal(record.attached))]
    if record.done:
        parts.append(t("{number} of them done", number=forms.decimal(record.done)))
    if open_ := record.pieces - record.attached:
        parts.append(t("{number} without a ticket", number=forms.decimal(open_)))
    return ", ".join(parts)


def _heard(record: Record, zone: str) -> str:
    if record.first is None or record.last is None:
        return ""
    first, last = (forms.full_day(words.local(at, zone)) for at in (record.first, record.last))
    if first == last:
        return t("Heard on {day}", day=first)
    return t("First heard {first}, last {last}", first=first, last=last)


def _choices(named: Sequence[Named], token: str) -> Json:
    is_mixed = len({one.kind for one in named}) > 1

    def called(one: Named) -> str:
        kind = t("company") if one.kind == "company" else t("person")
        return literal(f"{one.name or '?'} ({kind})" if is_mixed else one.name or "?", BUTTON_MOST)

    row = [
        choice(called(one), f"{at}", Asked(f"customer {one.kind}:{one.id}", token))
        for at, one in enumerate(named)
    ]
    return actions(f"which-{token}", *row)
