"""An annotation as lines of words, before any tracker's markup: one description, however it is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.domain.annotation import Annotation, Reach
from bot.domain.inert import clean, cut, is_address, one_line
from bot.domain.voice import QuotedVoice

MOST_LINES = 12
MOST_QUOTES, MOST_KINDS, MOST_VALUES = 3, 5, 5
LONGEST_QUOTE, LONGEST_FACT = 2_000, 80
KINDS = {"app_version": "app version", "os": "OS"}


@dataclass(frozen=True, slots=True)
class Words:
    """Some words of a line, plain: a renderer makes them inert. url: where they lead, "" for nowhere."""

    text: str
    is_strong: bool = False
    url: str = ""


Line = tuple[Words, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """Lines that belong together. is_quote: set apart as somebody's words."""

    lines: tuple[Line, ...]
    is_quote: bool = False


def blocks_of(annotation: Annotation) -> list[Block]:
    """Return what a reader sees, at most twelve lines, each without a break within."""
    if annotation.moved_to:
        return [Block((_moved(annotation),))]
    blocks = [Block(tuple(_reach_lines(annotation)))]
    blocks += [_quote(voice) for voice in annotation.quotes[:MOST_QUOTES]]
    stated = [_workaround(annotation.workaround)] if annotation.workaround else []
    stated += [(Words("As stated: " + context),)] if (context := _context(annotation)) else []
    blocks += [Block(tuple(stated))] if stated else []
    heard = f"First heard {_day(annotation.first_heard)}, last heard {_day(annotation.last_heard)}"
    return [*blocks, Block(((Words(heard), *_links(annotation)),))]


def plain(blocks: Sequence[Block]) -> str:
    """Return the words alone, with the addresses of links in brackets."""
    return "\n".join(_plain_line(line) for block in blocks for line in block.lines)


def count(number: int, one: str, many: str) -> str:
    """Return the number with its noun."""
    return f"{number:,} {one if number == 1 else many}"


def _plain_line(line: Line) -> str:
    return "".join(words.text + (f" ({words.url})" if words.url else "") for words in line)


def _moved(annotation: Annotation) -> Line:
    said = f"{count(annotation.pieces, 'customer voice', 'customer voices')} of this ticket moved to "
    return (Words(said), Words(_fact(annotation.moved_to), True, _address(annotation.all_url)))


def _reach_lines(annotation: Annotation) -> Iterator[Line]:
    new = annotation.new_this_month
    added = _reach(new) if new.people or new.companies else "nobody"
    yield (Words(_reach(annotation.reach), True), Words(f" | new in the last 30 days: {added}"))
    if annotation.heard_after_done:
        yield (Words("Reported again after it was closed", True),)


def _reach(reach: Reach) -> str:
    parts = [count(reach.people, "person", "people")]
    parts += [count(reach.companies, "company", "companies")] if reach.companies else []
    if reach.revenue:
        money = " + ".join(f"{sum_.currency} {sum_.amount:,.0f}" for sum_ in reach.revenue)
        parts.append(f"{money} a year")
    return " · ".join(parts)


def _quote(voice: QuotedVoice) -> Block:
    said: Line = (Words("— " + _speaker(voice)),)
    said += (Words(" · "), Words("conversation", url=voice.url)) if is_address(voice.url) else ()
    return Block(((Words(_spoken(voice)),), said), is_quote=True)


def _workaround(voice: QuotedVoice) -> Line:
    return (Words(f"Until then: {_spoken(voice)}"),)


def _spoken(voice: QuotedVoice) -> str:
    return f"“{cut(one_line(clean(voice.words)) + ('…' if voice.cut else ''), LONGEST_QUOTE)}”"


def _speaker(voice: QuotedVoice) -> str:
    who = " at ".join(part for part in (_fact(voice.role), _fact(voice.company)) if part) or "a customer"
    known = [who, _fact(voice.plan) and f"{_fact(voice.plan)} plan", _fact(voice.segment)]
    known += [f"customer since {voice.since:%Y-%m}" if voice.since else "", _day(voice.said_at)]
    return " · ".join(part for part in known if part)


def _context(annotation: Annotation) -> str:
    kinds = []
    for kind, values in annotation.context[:MOST_KINDS]:
        shown = ", ".join(f"{_fact(value)} ({often})" for value, often in values[:MOST_VALUES])
        kinds.append(f"{KINDS.get(kind, _fact(kind))} {shown}")
    return " · ".join(kinds)


def _links(annotation: Annotation) -> Iterator[Words]:
    """Yield where to read all of it and how to correct it: a page, else what can be done on the ticket."""
    many = annotation.pieces
    yield Words(" | ")
    if is_address(annotation.all_url):
        yield Words("all of it", url=annotation.all_url)
    else:
        yield Words(f"all {many:,} are linked on this ticket" if many > 1 else "it is linked on this ticket")
    yield Words(" | ")
    if is_address(annotation.wrong_match_url):
        yield Words("wrong match?", url=annotation.wrong_match_url)
    else:
        yield Words("wrong match? Remove its link")


def _fact(text: str) -> str:
    return cut(one_line(clean(text)), LONGEST_FACT)


def _address(url: str) -> str:
    return url if is_address(url) else ""


def _day(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d}"
