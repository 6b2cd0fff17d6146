"""The digest: one message of at most 20 blocks, read in a minute and a half."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.digest import DigestSnapshot, Length
from bot.domain.message import DigestPost, Showing, content_hash
from bot.domain.period import Rhythm
from bot.i18n import forms, later, t
from integrations.slack.blocks import words
from integrations.slack.blocks.digest_controls import footer_buttons, list_button, more_lists
from integrations.slack.blocks.digest_sections import (
    interview,
    quiet,
    said_lately,
    thanks,
    theme_list,
    theme_row,
    ticket_row,
    top_ticket,
    unticketed,
    waiting,
)
from integrations.slack.blocks.elements import (
    Json,
    Post,
    actions,
    context,
    divider,
    header,
    line,
    literal,
    notification,
    plain_section,
    rich_text,
    text,
)
from integrations.slack.blocks.fitting import fitting
from integrations.slack.blocks.sizes import seen

TOP = 3
BEFORE = {
    Rhythm.WEEKLY: later("{n} last week"),
    Rhythm.FORTNIGHTLY: later("{n} in the two weeks before"),
    Rhythm.MONTHLY: later("{n} the month before"),
}
QUIET = {
    Rhythm.WEEKLY: later("A quiet week: {numbers}, {items} set aside."),
    Rhythm.FORTNIGHTLY: later("Two quiet weeks: {numbers}, {items} set aside."),
    Rhythm.MONTHLY: later("A quiet month: {numbers}, {items} set aside."),
}
VOICE = {
    Rhythm.WEEKLY: later("This week’s voice"),
    Rhythm.FORTNIGHTLY: later("The voice of these two weeks"),
    Rhythm.MONTHLY: later("This month’s voice"),
}


@dataclass(frozen=True, slots=True)
class Room:
    """How much is shown. characters: of the message; quotes: of a ticket, for the first of the tickets.

    groups: without a ticket; is_whole: whether every section is there; talk: whether whom to talk to is
    quoted; voice, most: characters of the leading quote, and of others, 0 for none.
    """

    characters: int
    quotes: int
    groups: int
    is_whole: bool
    tickets: int = TOP
    talk: bool = True
    voice: int = 300
    most: int = 170

    def tighter(self) -> Iterator[Room]:
        """Yield the room itself, then ever tighter ones: a quote of a few words tells less than none.

        So what is told last goes first, and quotes go whole before the others get short.
        """
        told = replace(self, talk=False)
        one = replace(told, groups=min(self.groups, 1))
        yield from (self, told, one, one.cut(0.85))
        yield from (replace(one.cut(0.85), tickets=tickets) for tickets in range(self.tickets - 1, 0, -1))
        yield replace(one.cut(0.6), tickets=1)

    def cut(self, share: float) -> Room:
        """Return the room with quotes of that share of the characters."""
        return replace(self, voice=int(self.voice * share), most=int(self.most * share))


ROOMS = {
    Length.SHORT: Room(1_300, 0, 1, False, most=0),
    Length.NORMAL: Room(2_200, 1, 2, True),
    Length.LONG: Room(3_000, 2, 2, True, voice=400, most=220),
}


@dataclass(frozen=True, slots=True)
class Buttons:
    """What can be pressed: lists behind numbers; decide: what is to become of things, and of the digest.

    render: makes this rendering's block ids new.
    """

    lists: bool
    decide: bool
    render: str

    @classmethod
    def of(cls, post: DigestPost) -> Buttons:
        """Return what can be pressed where the digest is shown."""
        is_posted, is_version = post.showing is Showing.POSTED, post.showing is Showing.VERSION
        return cls(not is_version, is_posted, content_hash(post)[:12])


def digest_post(post: DigestPost) -> Post:
    """Return the digest; a quiet period is one line with the counts that prove it."""
    shot = post.snapshot
    is_preview = post.showing is Showing.PREVIEW
    title = t("Preview · What customers said") if is_preview else t("What customers said")
    buttons = Buttons.of(post)
    blocks: list[Json] = []
    for room in ROOMS[shot.length].tighter():
        blocks = _blocks(shot, title, buttons, room)
        if seen(blocks) <= room.characters:
            break
    return Post(_said(shot, title), fitting(blocks))


def _blocks(shot: DigestSnapshot, title: str, buttons: Buttons, room: Room) -> list[Json]:
    """Return all blocks."""
    has_list = bool(buttons.lists and shot.counts.pieces)
    shown = t("Show {pieces}", pieces=words.count(shot.counts.pieces, "piece"))
    behind = list_button(shot, "all", shown) if has_list else None
    blocks = [header(f"{title} · {words.period_name(shot.period)}"), plain_section(_counts(shot), behind)]
    blocks += [context(note) for note in [_gaps(shot)] if note]
    if shot.is_quiet:
        return blocks
    blocks += _voices(shot, buttons, room)
    blocks += _unticketed(shot, buttons, room)
    blocks += _people(shot, buttons, room)
    blocks.append(context(_footer(shot)))
    if buttons.decide:
        return [*blocks, footer_buttons(shot, f"footer-{buttons.render}")]
    return [*blocks, *more_lists(shot, f"footer-{buttons.render}")] if buttons.lists else blocks


def _voices(shot: DigestSnapshot, buttons: Buttons, room: Room) -> list[Json]:
    """Return sections 2 and 3."""
    blocks, zone = list[Json](), shot.period.zone
    if shot.voice:
        said = said_lately(shot.voice, zone, most=room.voice)
        blocks.append(rich_text(line(text(t(VOICE[shot.rhythm]), bold=True)), *said))
    if not shot.top:
        return blocks
    tickets = [
        top_ticket(
            ticket,
            zone,
            quotes=room.quotes if number < room.tickets else 0,
            most=room.most,
            rhythm=shot.rhythm,
        )
        for number, ticket in enumerate(shot.top[:TOP])
    ]
    tickets[0] = [line(text(t("Loudest tickets"), bold=True)), *tickets[0]]
    blocks += [divider(), *(rich_text(*lines) for lines in tickets)]
    return [*blocks, ticket_row(shot, f"tickets-{buttons.render}")] if buttons.lists else blocks


def _unticketed(shot: DigestSnapshot, buttons: Buttons, room: Room) -> list[Json]:
    """Return section 4."""
    blocks = list[Json]()
    for number, group in enumerate(shot.unticketed[: room.groups]):
        blocks.append(rich_text(*unticketed(group, shot.period.zone, room.most)))
        row = f"unticketed-{number}-{buttons.render}"
        if buttons.decide:
            blocks.append(theme_row(shot, number, row))
        elif buttons.lists:
            blocks.append(actions(row, theme_list(shot, number)))
    return [divider(), *blocks] if blocks else []


def _people(shot: DigestSnapshot, buttons: Buttons, room: Room) -> list[Json]:
    """Return sections 5 to 7."""
    zone, most = shot.period.zone, room.most
    blocks = [waiting(shot, shot.waiting, with_list=buttons.lists)] if shot.waiting else []
    if room.is_whole and shot.counts.pieces:
        if shot.thanks:
            blocks.append(rich_text(*thanks(shot.thanks, zone, most)))
        else:
            blocks.append(rich_text(*quiet(shot.quiet, zone, most)))
        if shot.interview:
            blocks.append(rich_text(*interview(shot.interview, zone, most if room.talk else 0)))
    return [divider(), *blocks] if blocks else []


def _counts(shot: DigestSnapshot) -> str:
    """Return the period in one line, against the one before and the usual of four."""
    now = shot.counts
    against = [t(BEFORE[shot.rhythm], n=forms.decimal(shot.before.conversations))] if shot.before else []
    against += [t("usually {n}", n=forms.decimal(shot.usual.conversations))] if shot.usual else []
    conversations = words.count(now.conversations, "conversation")
    conversations += f" ({', '.join(against)})" if against else ""
    if now.pieces:
        return t(
            "{conversations}: {pieces} of feedback from {people}, {companies}.",
            conversations=conversations,
            pieces=words.count(now.pieces, "piece"),
            people=words.count(now.people, "person"),
            companies=words.count(now.companies, "company"),
        )
    numbers = f"{conversations}, {words.count(now.pieces, 'piece')}"
    if shot.failed_sources:
        return t("Nothing was heard, but not every source was read: {numbers}.", numbers=numbers)
    aside = words.count(shot.set_aside, "item")
    return t(QUIET[shot.rhythm], numbers=numbers, items=aside)


def _gaps(shot: DigestSnapshot) -> str:
    """Return what may be missing, late or corrected; "" when all is well."""
    notes = []
    if shot.failed_sources:
        names = ", ".join(words.called(literal(name, 40)) for name in shot.failed_sources)
        notes.append(t("⚠ No answer lately from {names}: this may be incomplete", names=names))
    if shot.arrived_late:
        pieces = words.count(shot.arrived_late, "piece")
        notes.append(t("{pieces} of earlier days arrived late", pieces=pieces))
    if not shot.scope.is_all:
        notes.append(t("Only {scope}", scope=words.scope(shot.scope)))
    if shot.revision > 1:
        notes.append(t("Corrected since it was posted (version {n})", n=forms.decimal(shot.revision)))
    return " · ".join(notes)


def _footer(shot: DigestSnapshot) -> str:
    right, every = (forms.decimal(number) for number in shot.quotes_verified)
    notes = [
        t("Quotes verified {right} of {every}", right=right, every=every),
        t("{links} undone", links=words.count(shot.links_undone, "link")),
        t("{items} set aside", items=words.count(shot.set_aside, "item")),
    ]
    if not shot.attach_is_measured:
        notes.append(t("precision of automatic links not yet measured"))
    elif shot.links_checked.of:
        notes.append(t("{share} checked automatic links stood", share=forms.share(shot.links_checked)))
    return " · ".join(notes)


def _said(shot: DigestSnapshot, title: str) -> str:
    """Return the notification, which stands alone."""
    loudest = "; ".join(
        f"{ticket.key} {literal(ticket.title, 60)}, {words.reach(ticket.week)}" for ticket in shot.top[:TOP]
    )
    parts = [
        f"{title}, {words.period_name(shot.period)}:",
        _counts(shot),
        t("Loudest: {tickets}.", tickets=loudest) if loudest else "",
    ]
    return notification(*parts, _gaps(shot))
