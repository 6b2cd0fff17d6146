"""Answers to /voc, shown to the one who asked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.digest import TopTicket
from bot.ports import Finding
from integrations.slack.blocks import words
from integrations.slack.blocks.digest_sections import top_ticket
from integrations.slack.blocks.elements import (
    Post,
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

QUOTE_MOST, MOST_FINDINGS = 600, 40
VERBS: Mapping[str, tuple[str, str]] = {  # what to type after /voc, what it does
    "help": ("help [verb]", "this page"),
    "ticket": ("ticket KEY", "who asked for a ticket, in their words, and how many"),
    "themes": ("themes", "what customers say that has no ticket yet: attach, create a ticket, or not us"),
    "status": ("status", "each source, what waits for an answer, and what is stuck"),
    "digest preview": ("digest preview", "this channel’s digest as it stands, shown to you alone"),
    "digest now": ("digest now", "post the last whole week’s digest here now"),
    "digest schedule": (
        "digest schedule mon 9:00 [Europe/Berlin] [every two weeks, monthly]",
        "when the digest comes to this channel, or in a direct message to you",
    ),
    "digest pause": ("digest pause 2w", "no digest for a while; `digest resume` brings it back"),
    "digest resume": ("digest resume", "let digests come again"),
    "digest short": ("digest short", "how much it tells: `short`, `normal` or `long`"),
    "digest normal": ("digest normal", "the usual length"),
    "digest long": ("digest long", "more quotes"),
    "digest language": ("digest language de", "the digest’s language: en, de or fr"),
    "digest history": ("digest history", "the digests told here, in all their versions"),
    "subscribe": (
        "subscribe project:APP area:… label:… segment:… source:…",
        "what this channel hears about; `subscribe list`, `alerts:on`",
    ),
    "unsubscribe": ("unsubscribe", "no digest here any more"),
}


def help_answer(verb: str = "", ticket_key: str = "KEY") -> Post:
    """Return one screen of help. verb: one of VERBS for that alone; ticket_key: a real one as the example."""
    chosen = {verb: VERBS[verb]} if verb in VERBS else VERBS
    key = escape(literal(ticket_key, 40))
    lines = [f"`/voc {usage.replace('KEY', key)}`  {does}" for usage, does in chosen.values()]
    return Post("What /voc can do", [section("\n".join(lines))])


def status_answer(
    findings: Sequence[Finding],
    *,
    waiting: int,
    trust: Sequence[str] = (),
) -> Post:
    """Return how things stand. waiting: open proposals; trust: how automatic links do, in words."""
    lines = [
        line(
            text(f"{'✓' if f.is_ok else '✗'} {literal(f.what + (f'. {f.remedy}' if f.remedy else ''), 400)}")
        )
        for f in findings[:MOST_FINDINGS]
    ]
    if len(findings) > MOST_FINDINGS:
        lines.append(line(text(f"… and {len(findings) - MOST_FINDINGS} more")))
    notes = [f"{words.count(waiting, 'proposal')} waiting for an answer", *trust]
    blocks = [rich_text(*lines)] if lines else []
    bad = sum(not f.is_ok for f in findings)
    said = f"Voc: {words.count(bad, 'problem')}" if bad else "Voc: all well"
    return Post(notification(said + ".", notes[0]), [*blocks, context(" · ".join(notes))])


def ticket_answer(
    ticket: TopTicket,
    *,
    context_of_use: Sequence[tuple[str, Sequence[tuple[str, int]]]] = (),
    zone: str = "UTC",
) -> Post:
    """Return who asked for a ticket, in their words. context_of_use: (kind, values by how often)."""
    blocks = [header("Who asks for this"), rich_text(*top_ticket(ticket, zone, quotes=5, most=QUOTE_MOST))]
    if not ticket.quotes:
        blocks.append(context("Nobody’s words are attached to it yet."))
    facts = [
        f"{kind.replace('_', ' ')}: " + ", ".join(f"{value} ({times})" for value, times in values[:5])
        for kind, values in context_of_use[:5]
    ]
    if facts:
        blocks.append(context(literal(" · ".join(facts), 1_000)))
    return Post(notification(f"{ticket.key} {ticket.title}:", words.reach(ticket.total)), blocks)
