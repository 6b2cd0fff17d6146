"""Voc's own words in the reader's language: English in the code, German and French in catalogues beside it.

The language belongs to what is being said, as it does in gettext: whoever renders for a reader says
`with speaking("de"):`, and all words, numbers and days within come out in that language.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from babel import Locale, UnknownLocaleError

from bot.i18n.catalogue import translations

LANGUAGES = ("en", "de", "fr")
DEFAULT = Locale.parse("en_001")  # English of no country: the day before the month

_speaking: ContextVar[Locale] = ContextVar("speaking", default=DEFAULT)


@contextmanager
def speaking(tag: str) -> Iterator[None]:
    """Say all that is within in the language. tag: e.g. "de" or "fr-CA"; English without a catalogue."""
    token = _speaking.set(locale_of(tag))
    try:
        yield
    finally:
        _speaking.reset(token)


def locale_of(tag: str) -> Locale:
    """Return the locale whose catalogue, numbers and days serve the tag; DEFAULT where none does."""
    try:
        known = Locale.parse(tag.strip().replace("-", "_"))
    except (ValueError, UnknownLocaleError):
        return DEFAULT
    if known.language not in LANGUAGES or str(known) == "en":
        return DEFAULT
    return known


def locale() -> Locale:
    """Return the locale that is spoken now."""
    return _speaking.get()


def language() -> str:
    """Return the language that is spoken now, one of LANGUAGES."""
    return locale().language


def t(message: str, /, **facts: object) -> str:
    """Return the message in the language spoken now, its {facts} filled in."""
    said = translations(language()).gettext(message)
    return said.format(**facts) if facts else said


def nt(one: str, many: str, number: int, /, **facts: object) -> str:
    """Return the form of the message for the number, which is {n} in it, as the language counts."""
    from bot.i18n.forms import decimal

    said = translations(language()).ngettext(one, many, number)
    return said.format(n=decimal(number), **facts)


def later(message: str) -> str:
    """Return the message as it is: it is a constant here, and said by `t` where it is shown."""
    return message


def nlater(one: str, many: str) -> tuple[str, str]:
    """Return both forms as they are, to be said by `nt`."""
    return one, many
