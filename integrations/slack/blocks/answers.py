"""Answers to /voc about a ticket and about how Voc is doing, shown to the one who asked."""

from __future__ import annotations

from collections.abc import Sequence

from bot.domain.digest import TopTicket
from bot.domain.ticket import Ticket
from bot.domain.voice import QuotedVoice
from bot.i18n import forms, later, nt, t
from bot.ports import Finding
from integrations.slack.blocks import words
from integrations.slack.blocks.digest_sections import top_ticket
from integrations.slack.blocks.elements import (
    Post,
    context,
    header,
    line,
    literal,
    notification,
    rich_text,
    text,
)

QUOTE_MOST, MOST_FINDINGS = 600, 40
KINDS = {
    "device": later("device"),
    "os": later("system"),
    "browser": later("browser"),
    "app_version": later("app version"),
    "locale": later("locale"),
}


def status_answer(
    findings: Sequence[Finding],
    *,
    waiting: int,
    trust: Sequence[str] = (),
) -> Post:
    """Return how things stand, problems first.

    waiting: open proposals; trust: how automatic links do, in words.
    """
    lines = [
        line(
            text(f"{'✓' if f.is_ok else '✗'} {literal(f.what + (f'. {f.remedy}' if f.remedy else ''), 400)}")
        )
        for f in sorted(findings, key=lambda one: one.is_ok)[:MOST_FINDINGS]
    ]
    if len(findings) > MOST_FINDINGS:
        lines.append(
            line(text(t("… and {number} more", number=forms.decimal(len(findings) - MOST_FINDINGS))))
        )
    notes = [nt("{n} proposal waiting for an answer", "{n} proposals waiting for an answer", waiting), *trust]
    blocks = [rich_text(*lines)] if lines else []
    bad = sum(not f.is_ok for f in findings)
    said = t("Voc: {problems}.", problems=words.count(bad, "problem")) if bad else t("Voc: all well.")
    return Post(notification(said, notes[0]), [header(said), *blocks, context(" · ".join(notes))])


def ticket_answer(
    ticket: TopTicket,
    *,
    context_of_use: Sequence[tuple[str, Sequence[tuple[str, int]]]] = (),
    zone: str = "UTC",
) -> Post:
    """Return who asked for a ticket, in their words. context_of_use: (kind, values by how often)."""
    blocks = [header(t("Who asks for this")), rich_text(*top_ticket(ticket, zone, quotes=5, most=QUOTE_MOST))]
    if not ticket.quotes:
        blocks.append(context(t("Nobody’s words are attached to it yet.")))
    facts = [
        f"{t(KINDS.get(kind, kind))}: "
        + ", ".join(f"{value} ({forms.decimal(times)})" for value, times in values[:5])
        for kind, values in context_of_use[:5]
    ]
    if facts:
        blocks.append(context(literal(" · ".join(facts), 1_000)))
    return Post(notification(f"{ticket.key} {ticket.title}:", words.reach(ticket.total)), blocks)


def more_quotes(ticket: Ticket, quotes: Sequence[QuotedVoice], zone: str = "UTC") -> Post:
    """Return a later page of what customers said on a ticket."""
    title = t("More on {key}", key=literal(ticket.key, 40))
    said = [part for quote in quotes for part in words.quotation(quote, zone, most=QUOTE_MOST)]
    blocks = [rich_text(*said)] if said else [context(t("There is no more."))]
    return Post(notification(f"{title}:", ticket.title), [header(title), *blocks])
