"""Digests without words that may be kept no more, or need not be."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from bot.domain.digest import DigestSnapshot
from bot.domain.voice import QuotedVoice

T = TypeVar("T")


def without_words(value: T, gone: Collection[int]) -> T:
    """Return the value, whatever it holds, with no words in quotes of these pieces."""
    if isinstance(value, QuotedVoice):
        return replace(value, words="") if value.feedback_id in gone else value
    if isinstance(value, tuple):
        same: Any = tuple(without_words(one, gone) for one in value)
        return same  # type: ignore[no-any-return]
    if is_dataclass(value) and not isinstance(value, type):
        changed = {field.name: without_words(getattr(value, field.name), gone) for field in fields(value)}
        return replace(value, **changed)
    return value


def without_any_words(snapshot: DigestSnapshot) -> DigestSnapshot:
    """Return the digest with no customer's words in it."""
    return without_words(snapshot, {quote.feedback_id for quote in quotes_of(snapshot)})


def quotes_of(snapshot: DigestSnapshot) -> list[QuotedVoice]:
    """Return every quote that is in it, shown or not."""
    talk = snapshot.interview
    return [*snapshot.quotes, *([talk.voice] if talk else [])]
