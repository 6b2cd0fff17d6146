"""The weekly digest: one message of at most 20 blocks, read in a minute and a half."""

from __future__ import annotations

from bot.domain.digest import DigestSnapshot, TopTicket, Unticketed
from bot.domain.message import DigestPost, content_hash
from integrations.slack.blocks import ids, words
from integrations.slack.blocks.elements import (
    Json,
    Post,
    actions,
    button,
    context,
    divider,
    header,
    line,
    link,
    literal,
    notification,
    rich_text,
    text,
)
from integrations.slack.blocks.themes import theme_choices

VOICE_MOST, QUOTE_MOST, TITLE_MOST = 280, 150, 90
TOP, UNTICKETED = 3, 2


def digest_post(post: DigestPost) -> Post:
    """Return the digest; a quiet week is one line with the counts that prove it."""
    shot = post.snapshot
    name = ("Preview · " if post.is_preview else "") + "What customers said"
    blocks = [header(f"{name} · {words.week_name(shot.week)}"), rich_text(line(text(_counts(shot))))]
    blocks += [context(note) for note in [_gaps(shot)] if note]
    if not shot.is_quiet:
        blocks += _body(shot, "" if post.is_preview else content_hash(post)[:12])
        blocks.append(context(_footer(shot)))
    return Post(_said(shot, name), blocks)


def top_ticket(ticket: TopTicket, zone: str, *, quotes: int, most: int) -> list[Json]:
    """Return a ticket as rich text: what it is, who asks and how that changes, and its quotes."""
    heading = [link(literal(f"{ticket.key} {ticket.title}", TITLE_MOST), ticket.url, bold=True)]
    if ticket.status:
        heading.append(text(f" ({literal(ticket.status, 40)})"))
    in_all = f" · in all {words.reach(ticket.total)}" if ticket.total != ticket.week else ""
    lines = [
        line(*heading),
        line(text(f"This week {words.reach(ticket.week)}{in_all}")),
        line(text(f"Pieces a week: {words.trend(ticket.trend)}")),
    ]
    if ticket.carried_by:
        lines.append(line(text(f"⚠ Mostly from {literal(ticket.carried_by, 120)}", bold=True)))
    for voice in ticket.quotes[:quotes]:
        lines += words.quotation(voice, zone, most=most, facts=2)
    return lines


def _body(shot: DigestSnapshot, render: str) -> list[Json]:
    """Return sections 2 to 4. render: makes this rendering's block ids new; "" for one without buttons."""
    zone = shot.week.zone
    blocks: list[Json] = []
    if shot.voice:
        said = words.quotation(shot.voice, zone, most=VOICE_MOST)
        blocks.append(rich_text(line(text("This week’s voice", bold=True)), *said))
    if shot.top:
        blocks += [divider(), rich_text(line(text("Loudest tickets", bold=True)))]
        blocks += [rich_text(*top_ticket(t, zone, quotes=1, most=QUOTE_MOST)) for t in shot.top[:TOP]]
    if shot.unticketed:
        blocks.append(divider())
    for number, group in enumerate(shot.unticketed[:UNTICKETED]):
        blocks.append(rich_text(*_unticketed(group, zone)))
        if render:
            blocks.append(_choices(group, f"unticketed-{number}-{render}"))
    return blocks


def _unticketed(group: Unticketed, zone: str) -> list[Json]:
    lead = "Rising, without a ticket" if group.is_rising else "Without a ticket"
    name = f": {literal(group.name, TITLE_MOST)}" if group.name else ""
    numbers = f" · {words.count(group.pieces, 'piece')} from {words.reach(group.reach)}"
    if group.all_pieces > group.pieces:
        every = words.count(group.all_people, "person")
        numbers += f" · in nine weeks {words.count(group.all_pieces, 'piece')} from {every}"
    said = words.quotation(group.quote, zone, most=QUOTE_MOST, facts=2)
    return [line(text(lead + name, bold=True), text(numbers)), *said]


def _choices(group: Unticketed, block_id: str) -> Json:
    if group.theme_id:
        return theme_choices(group.theme_id, block_id)
    value = str(group.quote.feedback_id)
    return actions(
        block_id,
        button("Attach to a ticket…", ids.OTHER_TICKET, value),
        button("Not feedback", ids.NOT_FEEDBACK, value),
    )


def _counts(shot: DigestSnapshot) -> str:
    """Return the week in one line, against last week and the four-week usual."""
    now = shot.counts
    before = [f"{shot.before.conversations} last week"] if shot.before else []
    before += [f"usually {shot.usual.conversations}"] if shot.usual else []
    against = f" ({', '.join(before)})" if before else ""
    numbers = f"{words.count(now.conversations, 'conversation')}{against}, {words.count(now.pieces, 'piece')}"
    if not shot.is_quiet:
        return f"{numbers}, {words.count(now.people, 'person')}, {words.count(now.companies, 'company')}."
    if shot.failed_sources:
        return f"Nothing was heard, but not every source was read: {numbers}."
    return f"A quiet week: {numbers}, {words.count(shot.set_aside, 'item')} set aside."


def _gaps(shot: DigestSnapshot) -> str:
    """Return what may be missing or late; "" when all is well."""
    notes = []
    if shot.failed_sources:
        names = ", ".join(literal(name, 40) for name in shot.failed_sources)
        notes.append(f"⚠ No answer lately from {names}: this week may be incomplete")
    if shot.arrived_late:
        notes.append(f"{words.count(shot.arrived_late, 'piece')} of earlier weeks arrived late")
    if shot.projects:
        notes.append(f"Only {', '.join(literal(p, 40) for p in shot.projects[:10])}")
    return " · ".join(notes)


def _footer(shot: DigestSnapshot) -> str:
    right, all_quotes = shot.quotes_verified
    notes = [
        f"Quotes verified {right} of {all_quotes}",
        f"{words.count(shot.links_undone, 'link')} undone last week",
        f"{words.count(shot.set_aside, 'item')} set aside",
    ]
    if not shot.attach_is_measured:
        notes.append("precision of automatic links not yet measured")
    elif shot.links_checked.of:
        notes.append(f"{shot.links_checked} checked automatic links stood")
    return " · ".join(notes)


def _said(shot: DigestSnapshot, name: str) -> str:
    """Return the notification, which stands alone."""
    loudest = "; ".join(f"{t.key} {literal(t.title, 60)}, {words.reach(t.week)}" for t in shot.top[:TOP])
    parts = [
        f"{name}, {words.week_name(shot.week)}:",
        _counts(shot),
        f"Loudest: {loudest}." if loudest else "",
    ]
    return notification(*parts, _gaps(shot))
