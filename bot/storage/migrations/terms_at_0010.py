"""The terms by which revision 0010 has pieces found, and how it folds names.

They stay as they are, whatever becomes of bot.matching.words: a revision after it indexes anew.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_STOP_WORDS = frozenset(
    "a about after all also am an and any are as at be been but by can cant could did do does doesnt dont "
    "for from get got had has have he her his how i if im in into is it its ive just like me my no not "
    "now of on only or our out please she so some than that the their them then there they this to too up "
    "us very was we were what when where which who why will with would you your".split()
)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MARKS = re.compile("[\u0300-\u036f]")
# Before a vowel, articles and the like in French and Italian: l’année is found as année.
_ELIDED = re.compile(r"\b(?:[cdjlmnst]|(?:jus|lors|puis)?qu|un|(?:d|n)ell|all|sull)['’](?=[aeiouhy])")
_CJK = re.compile("([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)")


def folded(text: str) -> str:
    """Return the text in lower case, compatibility forms unified, Latin accents off."""
    if text.isascii():
        return text.lower()
    # First apart, then down: 𝓐 has no lower case of its own.
    plain = unicodedata.normalize("NFKD", text).casefold()
    apart = unicodedata.normalize("NFKD", plain)
    return unicodedata.normalize("NFC", _MARKS.sub("", apart))


def _surfaces(text: str, most: int) -> list[str]:
    words: list[str] = []
    for match in _WORD.finditer(folded(text)):
        word = match.group().replace("'", "").replace("’", "")
        words.extend([word] if word.isascii() else _parts(word))
        if len(words) >= most:
            break
    return words[:most]


def _parts(word: str) -> list[str]:
    parts: list[str] = []
    for part in filter(None, _CJK.split(word)):
        is_run = len(part) > 2 and _CJK.match(part) is not None
        parts.extend(part[at : at + 2] for at in range(len(part) - 1)) if is_run else parts.append(part)
    return parts


def _stem(word: str) -> str:
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "shes", "ches", "xes")):
        return word[:-2]
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for suffix in ("ing", "ed"):
        if word.endswith(suffix) and len(word) - len(suffix) >= 3:
            return _undoubled(word[: -len(suffix)])
    return word[:-1] if word.endswith("e") and len(word) > 4 else word


def _is_telling(word: str) -> bool:
    return word not in _STOP_WORDS and (len(word) > 1 or not word.isascii())


def _undoubled(word: str) -> str:
    return word[:-1] if word[-1] == word[-2] and word[-1] not in "ls" else word


def stored_words(dialect: str, words: str) -> str:
    """Return what is put into the index for a piece's words."""
    stems = [_stem(word) for word in _surfaces(_ELIDED.sub("", folded(words)), 4_000) if _is_telling(word)]
    found = [one[:64] for one in stems]
    return _vector(found) if dialect == "postgresql" else " ".join(found)


def _vector(found: Sequence[str]) -> str:
    places: dict[str, list[int]] = {}
    for at, term in enumerate(found, start=1):
        places.setdefault(term, []).append(at)
    return " ".join(f"'{term}':{','.join(map(str, at))}" for term, at in places.items())
