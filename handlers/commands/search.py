"""`/voc search words`: customers' words, with the ticket that each is attached to."""

from __future__ import annotations

from datetime import datetime

from bot.domain.search import Among
from bot.errors import RequestError
from bot.i18n import forms, later, t
from bot.repositories import UnitOfWork
from bot.services.search import MOST, ByMeaning, Found, search
from bot.services.standing import standing_of
from handlers.commands.dates import since_of, until_of
from handlers.commands.parser import Typed, parse
from handlers.context import Context
from handlers.interaction import Interaction
from integrations.slack.blocks.elements import Post
from integrations.slack.blocks.found import nothing, search_answer
from integrations.slack.blocks.frame import Paged, pages_of

KEYS = ("since", "until", "source", "segment", "project", "company")
PAGE = 5
BY_WORDS = {
    ByMeaning.LOADING: later("by their words alone: what they mean is being read in, try again in a while"),
    ByMeaning.OFF: later("by their words alone: meanings are not compared here"),
    ByMeaning.FAILED: later("by their words alone: what compares meanings does not answer"),
}


def search_page(context: Context, act: Interaction, rest: str) -> Post | Paged:
    """Return one page of what holds the words or means much the same, best first."""
    typed = parse(rest, KEYS)
    if not typed.tokens:
        raise RequestError("Which words? Say for example `/voc search export since:30d`.")
    with context.reading() as unit:
        among = _among(unit, typed, context.clock.now(), context.zone)
    found = search(context.searcher, typed.words, among)
    if not found.feedback_ids:
        with context.reading() as unit:
            return nothing(*_nothing(unit, typed, found))
    pages = pages_of(len(found.feedback_ids), PAGE)
    page = min(act.page, pages)
    with context.reading() as unit:
        shown = standing_of(unit, found.feedback_ids[(page - 1) * PAGE : page * PAGE])
    notes = _notes(typed, found)
    return Paged(search_answer(typed.text, shown, len(found.feedback_ids), notes, context.zone), page, pages)


def _among(unit: UnitOfWork, typed: Typed, now: datetime, zone: str) -> Among:
    """Return which pieces count. Raises RequestError for a day or a company that is none."""
    given = typed.filters
    since = since_of(given["since"], now, zone) if "since" in given else None
    until = until_of(given["until"], now, zone) if "until" in given else None
    if since and until and since >= until:
        raise RequestError("`since:` is not before `until:`, so nothing was said between them.")
    return Among(
        since=since,
        until=until,
        source=given.get("source", ""),
        segment=given.get("segment", ""),
        project=given.get("project", ""),
        companies=_companies(unit, given["company"]) if "company" in given else None,
    )


def _companies(unit: UnitOfWork, name: str) -> tuple[int, ...]:
    if found := unit.names.called(name, ["company"]):
        return tuple(one.id for one in found)
    near = forms.listed([f"“{one.name}”" for one in unit.names.nearest(name, ["company"])])
    if near:
        raise RequestError("No company is called “{name}”. Near it: {near}.", name=name[:60], near=near)
    raise RequestError("No company is called “{name}”.", name=name[:60])


def _notes(typed: Typed, found: Found) -> list[str]:
    notes = [t("best {number}", number=forms.decimal(MOST))] if len(found.feedback_ids) == MOST else []
    notes += [f"{key}: {value}" for key, value in typed.filters.items()]
    notes += [t("none holds all the words, these hold some or mean the like")] if found.is_any else []
    return notes + ([t(BY_WORDS[found.by_meaning])] if found.by_meaning in BY_WORDS else [])


def _nothing(unit: UnitOfWork, typed: Typed, found: Found) -> list[str]:
    """Return that nothing was found, and what to do about it."""
    if not unit.conversations.count():
        return [
            t("Nothing was read yet, so there is nothing to find."),
            t("`/voc status` shows each source."),
        ]
    said = [t("Nobody was heard saying anything like “{words}”.", words=typed.text)]
    for key in ("source", "segment", "project"):
        known = unit.search.known(key) if key in typed.filters else []
        if key in typed.filters and typed.filters[key].lower() not in {value.lower() for value in known}:
            values = forms.listed([f"`{value}`" for value in known[:12]]) or "–"
            said.append(
                t(
                    "No {key} is called “{value}”. Known: {values}",
                    key=key,
                    value=typed.filters[key],
                    values=values,
                )
            )
    if len(said) == 1:
        said.append(
            t("Try other or fewer words{less}.", less=t(", or fewer filters") if typed.filters else "")
        )
    return said + (
        [t("Looked for {how}.", how=t(BY_WORDS[found.by_meaning]))] if found.by_meaning in BY_WORDS else []
    )
