"""How well a quote stands on its own, judged by its form alone so that every language is judged alike."""

from __future__ import annotations

import re

from bot.text.sentences import word_count

_FEWEST, _MOST = 8, 40
_ENOUGH_CHARACTERS = 1000
_REDACTION = re.compile(r"\[[a-z][a-z -]{1,20}\]")
_ADDRESS = re.compile(r"https?://|www\.")
_LIST = re.compile(r"^\s*(?:[-*•·]|\d{1,2}[.)])\s", re.MULTILINE)
# Frames of a stack trace, log lines, JSON, markup, code.
_MACHINE = re.compile(
    r"^\s*at \S+\(|^Traceback |\bFile \"|(?:Exception|Error)\b:|^\s*[{\[]\s*\"|^\d{4}-\d\d-\d\d[T ]\d\d:\d\d"
    r"|</?\w+>|\w\(\)|=>|::",
    re.MULTILINE,
)
_ENDS = re.compile(r"[.!?…。！？][\"'”’»)\]]*$")
# The first person, in the languages read best. A number, a time or a name is a circumstance in any.
_FIRST_PERSON = re.compile(
    r"\b(?:i|i'm|i've|my|me|we|our|us|ich|mein\w*|mir|mich|wir|uns\w*|je|j'\w+|mon|ma|mes|nous|notre|nos|yo|mi|mis"
    r"|nosotr\w+|nuestr\w+|eu|meus?|minhas?|nós|noss\w+)\b|私|我",
    re.IGNORECASE,
)
_CIRCUMSTANCE = re.compile(r"\d|(?<=[a-zà-ÿ] )[A-ZÀ-Þ]\w{2,}")


def clarity(words: str) -> float:
    """Return from 0.0 to 1.0 how well the words read alone: of some length, whole, said by somebody.

    words: a quote as it would be shown, so with its […] and [e-mail]. The same in any language, save for the
    first person, which adds a tenth in some.
    """
    text = words.strip()[:_ENOUGH_CHARACTERS]
    score = _length(word_count(text))
    score *= 1.0 if _ENDS.search(text) else 0.85
    score *= 0.8 + 0.1 * bool(_FIRST_PERSON.search(text)) + 0.1 * bool(_CIRCUMSTANCE.search(text))
    for flaw, factor in ((_REDACTION, 0.6), (_ADDRESS, 0.6), (_LIST, 0.7), (_MACHINE, 0.3)):
        score *= factor if flaw.search(text) else 1.0
    score *= 0.8 if "[…]" in text else 1.0
    return score * (0.7 if text.isupper() else 1.0)


def _length(count: int) -> float:
    if count < _FEWEST:
        return count / _FEWEST
    return 1.0 if count <= _MOST else max(0.3, _MOST / count)
