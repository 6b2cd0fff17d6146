"""The modals behind a digest's numbers: who and what was counted, and a digest's earlier versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.digest import DigestSnapshot
from bot.domain.digest_list import Entry, Kind, Page
from bot.domain.digest_place import DigestPlace
from bot.domain.message import DigestPost, Showing
from bot.i18n import forms, later, t
from integrations.slack.blocks import ids, words
from integrations.slack.blocks.digest import digest_post
from integrations.slack.blocks.digest_history import VERSIONS
from integrations.slack.blocks.elements import (
    Json,
    actions,
    button,
    context,
    line,
    literal,
    plain,
    plain_section,
    rich_text,
    text,
)

QUOTE_MOST, TITLE_MOST, MOST_VERSIONS = 500, 24, 20
NOUN = {
    Kind.PIECES: "piece",
    Kind.PEOPLE: "person",
    Kind.COMPANIES: "company",
    Kind.CONVERSATIONS: "conversation",
}
NAMED = {
    "all": later("All that was heard"),
    "aside": later("Set aside: counted, and neither matched nor quoted"),
    "late": later("Of earlier days, arrived late"),
    "undone": later("Automatic links that people undid"),
    "waiting": later("Shipped but not told"),
}


@dataclass(frozen=True, slots=True)
class Place:
    """What a list's modal shows."""

    digest: DigestPlace
    name: str
    kind: Kind = Kind.PIECES
    page: int = 0

    @property
    def address(self) -> str:
        """The place as text."""
        return f"{self.digest.address}|{self.name}|{self.kind}|{self.page}"

    @classmethod
    def at(cls, address: str) -> Place:
        """Return the place of an address, or of a button's value, which names the list alone."""
        *digest, name, kind, page = address.split("|") if address.count("|") > 5 else [
            *address.split("|"), Kind.PIECES, "0"
        ]  # fmt: skip
        return cls(DigestPlace.at("|".join(digest)), name, Kind(kind), int(page))


def list_view(page: Page) -> Json:
    """Return the modal of a page of a list."""
    place = Place(DigestPlace.of(page.snapshot), page.name, page.kind, page.page)
    blocks = [
        plain_section(f"{_heading(page)} · {words.period_name(page.snapshot.period)}"),
        _tabs(page),
        *(rich_text(*_entry(entry, page)) for entry in page.entries),
    ]
    if page.pages > 1:
        blocks += [context(_where(page)), _turns(page)]
    return _modal(t("Behind the number"), place.address, blocks)


def versions_view(newest: Sequence[DigestSnapshot], shown: int) -> Json:
    """Return the modal that shows one version of a digest, and leads to the others. shown: its revision."""
    shot = next((one for one in newest if one.revision == shown), newest[-1])
    place = Place(DigestPlace.of(shot), VERSIONS)
    others = [
        button(
            t("Version {n}", n=forms.decimal(one.revision)),
            f"{ids.LIST_TAB}:{one.revision}",
            Place(DigestPlace.of(one), VERSIONS).address,
        )
        for one in newest[-MOST_VERSIONS:]
        if one.revision != shot.revision
    ]
    told = forms.moment(words.local_moment(shot.built_at, shot.period.zone))
    title = t("Version {n}, as of {moment}", n=forms.decimal(shot.revision), moment=told)
    blocks = [context(title), *([actions(f"versions-{shot.revision}", *others)] if others else [])]
    return _modal(
        t("As it was told"), place.address, [*blocks, *digest_post(DigestPost(shot, Showing.VERSION)).blocks]
    )


def _heading(page: Page) -> str:
    if page.name in NAMED:
        return t(NAMED[page.name])
    kind, _, which = page.name.partition(":")
    if kind == "ticket":
        found = next(
            (f"{one.key} {one.title}" for one in page.snapshot.top if str(one.ticket_id) == which), ""
        )
        return literal(found, 120)
    groups = page.snapshot.unticketed
    name = groups[int(which)].name if which.isdecimal() and int(which) < len(groups) else ""
    return t("Without a ticket: {name}", name=literal(name, 90)) if name else t("Without a ticket")


def _tabs(page: Page) -> Json:
    made = [
        button(
            words.count(total, NOUN[kind]),
            f"{ids.LIST_TAB}:{kind}",
            Place(DigestPlace.of(page.snapshot), page.name, kind).address,
            style="primary" if kind is page.kind else "",
        )
        for kind, total in page.totals
    ]
    return actions(f"tabs-{page.kind}-{page.page}", *made)


def _entry(entry: Entry, page: Page) -> list[Json]:
    zone = page.snapshot.period.zone
    number = words.count(entry.pieces, "piece")
    lead = [line(text(f"{literal(entry.company, 90)} · {number}", bold=True))] if entry.company else []
    if not entry.company and entry.pieces > 1:
        lead = [line(text(number, bold=True))]
    if entry.voice is None:
        return [*lead, line(text(t("[withdrawn by the customer]"), italic=True))]
    return [*lead, *words.quotation(entry.voice, zone, most=QUOTE_MOST)]


def _where(page: Page) -> str:
    return t("Page {page} of {pages}", page=forms.decimal(page.page + 1), pages=forms.decimal(page.pages))


def _turns(page: Page) -> Json:
    digest = DigestPlace.of(page.snapshot)

    def turn(label: str, name: str, number: int) -> Json:
        return button(label, f"{ids.LIST_PAGE}:{name}", Place(digest, page.name, page.kind, number).address)

    made = [turn(t("‹ Back"), "earlier", page.page - 1)] if page.page else []
    made += [turn(t("More ›"), "later", page.page + 1)] if page.page + 1 < page.pages else []
    return actions(f"turns-{page.kind}-{page.page}", *made)


def _modal(title: str, address: str, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": ids.LIST_VIEW,
        "private_metadata": address,
        "title": plain(title[:TITLE_MOST]),
        "close": plain(t("Close")),
        "blocks": blocks[:100],
    }
