"""The digest's sections as lines of rich text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.domain.digest import DigestSnapshot, Interview, Quiet, Thanks, TopTicket, Unticketed, Waiting
from bot.domain.period import Rhythm
from bot.domain.theme import RISING_WEEKS
from bot.domain.voice import QuotedVoice
from bot.i18n import forms, later, nt, t
from integrations.slack.blocks import ids, words
from integrations.slack.blocks.digest_controls import list_button
from integrations.slack.blocks.elements import (
    Json,
    actions,
    button,
    line,
    link,
    literal,
    plain_section,
    text,
)
from integrations.slack.blocks.themes import theme_choices

TITLE_MOST = 90
MOST_REASONS = 3
NAMELESS_MOST = 120  # characters: what has no name says what it is
DURING = {
    Rhythm.WEEKLY: later("This week {reach}"),
    Rhythm.FORTNIGHTLY: later("In these two weeks {reach}"),
    Rhythm.MONTHLY: later("This month {reach}"),
}
HEARD_LEAST = {
    "segment": later("heard least: the {name} segment, {people}"),
    "plan": later("heard least: the {name} plan, {people}"),
    "language": later("heard least: in {name}, {people}"),
    "source": later("heard least: by {name}, {people}"),
}


def said_lately(voice: QuotedVoice, zone: str, *, most: int, facts: int = 4) -> list[Json]:
    """Return a quote of the digest's own days."""
    return words.quotation(voice, zone, most=most, facts=facts, is_recent=True)


def top_ticket(
    ticket: TopTicket, zone: str, *, quotes: int, most: int, rhythm: Rhythm = Rhythm.WEEKLY
) -> list[Json]:
    """Return a ticket as rich text: what it is, who asks and how that changes, and its quotes."""
    heading = [link(literal(f"{ticket.key} {ticket.title}", TITLE_MOST), ticket.url, bold=True)]
    if ticket.status:
        heading.append(text(f" ({literal(ticket.status, 40)})"))
    is_heard = ticket.week.people > 0
    lately = t(DURING[rhythm], reach=words.reach(ticket.week)) if is_heard else t("Nobody this week")
    if ticket.total != ticket.week:
        lately += " · " + t("{people} in all", people=words.count(ticket.total.people, "person"))
    trend = t("pieces a week: {trend}", trend=words.trend(ticket.trend))
    lines = [line(*heading), line(text(f"{lately} · {trend}"))]
    if ticket.carried_by:
        names = forms.listed([literal(name, 60) for name in ticket.carried_by])
        lines.append(line(text(t("⚠ Mostly from {names}", names=names), bold=True)))
    for voice in ticket.quotes[:quotes]:
        lines += said_lately(voice, zone, most=most, facts=2)
    return lines


def ticket_row(shot: DigestSnapshot, block_id: str) -> Json:
    """Return the buttons that open who asked for each ticket."""
    made = [
        list_button(
            shot,
            f"ticket:{ticket.ticket_id}",
            t(
                "Who asked for {key} ({n})",
                key=literal(ticket.key, 30),
                n=forms.decimal(ticket.week.people),
            ),
            number,
        )
        for number, ticket in enumerate(shot.top[:3])
    ]
    return actions(block_id, *made)


def unticketed(group: Unticketed, zone: str, most: int) -> list[Json]:
    """Return what has no ticket. most: characters of the quote, 0 for none where it has a name."""
    lead = t("Rising, without a ticket") if group.is_rising else t("Without a ticket")
    name = f": {literal(group.name, TITLE_MOST)}" if group.name else ""
    most = most or (0 if name else NAMELESS_MOST)
    said = said_lately(group.quote, zone, most=most, facts=2) if group.quote and most else []
    if group.pieces == 1 and not name:
        return [line(text(lead, bold=True)), *said]
    who = words.reach(replace(group.reach, revenue=()))
    numbers = t("{pieces} from {reach}", pieces=words.count(group.pieces, "piece"), reach=who)
    if group.all_pieces > group.pieces:
        pieces, people = words.count(group.all_pieces, "piece"), words.count(group.all_people, "person")
        weeks = forms.decimal(RISING_WEEKS + 1)
        numbers += " · " + t(
            "{pieces} from {people} in {weeks} weeks", weeks=weeks, pieces=pieces, people=people
        )
    return [line(text(lead + name, bold=True), text(f" · {numbers}")), *said]


def theme_row(shot: DigestSnapshot, number: int, block_id: str) -> Json:
    """Return what can be done with it, and the button that opens who said it."""
    group = shot.unticketed[number]
    if group.theme_id:
        row = theme_choices(group.theme_id, block_id)
    else:
        value = str(group.quote.feedback_id) if group.quote else "0"
        row = actions(
            block_id,
            button(t("Attach to a ticket…"), ids.OTHER_TICKET, value),
            button(t("Not feedback"), ids.NOT_FEEDBACK, value),
        )
    row["elements"].append(theme_list(shot, number))
    return row


def theme_list(shot: DigestSnapshot, number: int) -> Json:
    """Return the button that opens who said it."""
    people = forms.decimal(shot.unticketed[number].reach.people)
    return list_button(shot, f"theme:{number}", t("Who said this ({n})", n=people))


def waiting(shot: DigestSnapshot, untold: Waiting, *, with_list: bool) -> Json:
    """Return whom nobody told."""
    tickets = forms.listed([literal(f"{one.key} {one.title}", 60) for one in untold.tickets])
    said = t(
        "Shipped but not told: {reach} asked for what is done now ({tickets}), and nobody has written to"
        " them since.",
        reach=words.reach(untold.reach),
        tickets=tickets,
    )
    return plain_section(said, list_button(shot, "waiting", t("Show who")) if with_list else None)


def thanks(given: Thanks, zone: str, most: int) -> list[Json]:
    """Return a thank-you with the ticket that it is for."""
    named = literal(f"{given.ticket.key} {given.ticket.title}", TITLE_MOST)
    lead = line(text(t("A thank-you, for") + " ", bold=True), link(named, given.ticket.url, bold=True))
    return [lead, *said_lately(given.voice, zone, most=most, facts=3)]


def quiet(least: Quiet | None, zone: str, most: int) -> list[Json]:
    """Return the voice of those who are heard least."""
    lead = text(t("A quiet voice"), bold=True)
    if least is None:
        return [line(lead), line(text(t("Everybody who spoke is quoted above.")))]
    said = said_lately(least.voice, zone, most=most, facts=3) if least.voice else []
    if not least.kind:
        return [line(lead), *said]
    name = words.language(least.name) if least.kind == "language" else literal(least.name, 60)
    group = t(HEARD_LEAST[least.kind], name=name, people=words.count(least.people, "person"))
    return [line(lead, text(f" · {group}")), *said]


def _worth_talking(talk: Interview, zone: str) -> Iterator[str]:
    """Yield why somebody is worth talking to, the best reason first."""
    if talk.has_workaround:
        yield t("says how they get by until then")
    keys = [literal(key, 30) for key in talk.tickets]
    if talk.is_awaited:
        yield t("waits for {ticket}, which most people ask for", ticket=keys[0])
    elif keys:
        yield t("about {tickets}", tickets=forms.listed(keys))
    if talk.pieces > 1:
        yield nt("{n} piece this time", "{n} pieces this time", talk.pieces)
    if talk.since and talk.earlier:
        day = forms.full_day(words.local(talk.since, zone))
        yield nt(
            "spoke once before, on {day}", "spoke {n} times before, first on {day}", talk.earlier, day=day
        )
    elif talk.earlier == 0:
        yield t("heard for the first time")


def interview(talk: Interview, zone: str, most: int) -> list[Json]:
    """Return whom to talk to, and why. most: characters of what they said, 0 for none of it."""
    why = list(_worth_talking(talk, zone))[:MOST_REASONS] or [t("says clearly what they need")]
    lead = [line(text(t("Talk to someone"), bold=True), text(" · " + ", ".join(why)))]
    if talk.is_quoted and most:
        return lead + said_lately(talk.voice, zone, most=most, facts=3)
    return [*lead, words.attribution(talk.voice, zone, is_recent=True)]
