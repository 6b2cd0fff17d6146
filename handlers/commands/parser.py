"""What people type after `/voc VERB`: words, quotations and `key:value`, read as they come from any keyboard.

A quotation opens where a word could begin, or after `key:`, and closes with its own mark, else with any of
its family: phones set “ and ” in either place. A backslash takes a quotation mark, a colon, white space or a
backslash as it is.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from bot.errors import RequestError

CLOSING: Mapping[str, str] = {
    '"': '"', "“": "”", "”": "”", "„": "“”", "‟": "”", "«": "»", "»": "«»", "「": "」", "『": "』",
}  # fmt: skip
DOUBLE = frozenset('"“”„‟«»')
SINGLE: Mapping[str, str] = {"'": "'", "‘": "’", "‚": "‘’", "‹": "›", "›": "‹›"}  # also apostrophes
ESCAPED = frozenset("\\:") | DOUBLE | CLOSING.keys() | SINGLE.keys() | {"’"}
KEY = re.compile(r"(?P<key>[A-Za-z]+):(?!//)")
SHOWN = 40


@dataclass(frozen=True, slots=True)
class Token:
    """One word, or the words of one quotation. key: what stood before its colon, "" for none."""

    text: str
    key: str = ""
    is_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Typed:
    """What was typed. tokens: what has no key, in order; filters: by key."""

    tokens: tuple[Token, ...]
    filters: Mapping[str, str]

    @property
    def words(self) -> tuple[str, ...]:
        """The words and quotations, without their marks."""
        return tuple(token.text for token in self.tokens)

    @property
    def text(self) -> str:
        """All of them in one text."""
        return " ".join(self.words)


def parse(text: str, keys: Collection[str] = ()) -> Typed:
    """Return what was typed. keys: the filters that the verb takes.

    Raises RequestError for a key that was likely misspelt, has no value or comes twice, and for a quotation
    without an end. What looks like no key of the verb's is a word: `error:`, `12:30`, `https://…`.
    """
    words: list[Token] = []
    filters: dict[str, str] = {}
    for token in _tokens(unescaped(text), frozenset(keys)):
        if not token.key:
            words.append(token)
        elif token.key in filters:
            raise RequestError("`{key}:` is there twice. Give it once.", key=token.key)
        else:
            filters[token.key] = token.text
    return Typed(tuple(words), filters)


def unescaped(text: str) -> str:
    """Return the text as it was typed: Slack sends & < > as entities."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def nearest(typed: str, known: Collection[str]) -> str:
    """Return which of the known words was likely meant, "" where none is near."""
    return next(iter(get_close_matches(typed.lower(), list(known), 1, 0.6)), "")


def _tokens(text: str, keys: frozenset[str]) -> Iterator[Token]:
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        key, start = _key_at(text, at, keys)
        if (end := _end_of_quotation(text, start)) is not None:
            token, at = Token(_plain(text[start + 1 : end]).strip(), key, True), end + 1
        else:
            end = _end_of_word(text, start)
            token, at = Token(_plain(text[start:end]), key), end
        if key and not token.text:
            raise RequestError(
                "`{key}:` needs a value right after the colon, for example `{example}`.",
                key=key,
                example=EXAMPLES.get(key, f'{key}:"two words"'),
            )
        if token.text:
            yield token


def _key_at(text: str, at: int, keys: frozenset[str]) -> tuple[str, int]:
    """Return the key that begins there, in lower case, with where its value begins; "" for none."""
    found = KEY.match(text, at) if keys else None
    if found is None:
        return "", at
    key = found["key"].lower()
    if key in keys:
        return key, found.end()
    if near := nearest(key, keys):
        raise RequestError(
            "`{typed}:` is no filter. Did you mean `{near}:`? To look for the word itself, put it in quotes.",
            typed=key[:SHOWN],
            near=near,
        )
    return "", at


def _end_of_quotation(text: str, at: int) -> int | None:
    """Return where the quotation that opens there closes, None where none opens."""
    mark = text[at : at + 1]
    if mark in SINGLE:
        return _closing(text, at, SINGLE[mark], before_space=True)
    if mark not in CLOSING:
        return None
    end = _closing(text, at, CLOSING[mark])
    end = _closing(text, at, DOUBLE) if end is None and mark in DOUBLE else end
    if end is None:
        begun = text[at : at + SHOWN]
        raise RequestError(
            "The quotation {begun} has no end. Close it with {mark}.", begun=begun, mark=CLOSING[mark][-1]
        )
    return end


def _closing(text: str, at: int, marks: Collection[str], *, before_space: bool = False) -> int | None:
    """Return where one of the marks closes it. before_space: only at a word's end, unlike an apostrophe."""
    place = at + 1
    while place < len(text):
        if text[place] == "\\" and text[place + 1 : place + 2] in ESCAPED:
            place += 2
            continue
        follows = text[place + 1 : place + 2]
        if text[place] in marks and (not before_space or not follows or follows.isspace()):
            return place
        place += 1
    return None


def _end_of_word(text: str, at: int) -> int:
    while at < len(text) and not text[at].isspace():
        at += 2 if text[at] == "\\" and _is_escaped(text, at) else 1
    return min(at, len(text))


def _plain(text: str) -> str:
    """Return the text with its escapes read."""
    out, at = [], 0
    while at < len(text):
        if text[at] == "\\" and _is_escaped(text, at):
            at += 1
        out.append(text[at])
        at += 1
    return "".join(out)


def _is_escaped(text: str, at: int) -> bool:
    follows = text[at + 1 : at + 2]
    return bool(follows) and (follows in ESCAPED or follows.isspace())


EXAMPLES: Mapping[str, str] = {
    "since": "since:30d",
    "until": "until:2026-10-31",
    "source": "source:zendesk",
    "segment": 'segment:"mid market"',
    "project": "project:APP",
    "company": 'company:"Acme Inc"',
}
