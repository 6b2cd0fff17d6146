"""Text to comparable words, alike for every language that separates words or is written in CJK."""

from __future__ import annotations

import re
import unicodedata

MOST_WORDS = 512  # of a piece; a longer one says the same again, or is a paste
STOP_WORDS = frozenset(
    "a about after all also am an and any are as at be been but by can cant could did do does doesnt dont "
    "for from get got had has have he her his how i if im in into is it its ive just like me my no not "
    "now of on only or our out please she so some than that the their them then there they this to too up "
    "us very was we were what when where which who why will with would you your".split()
)

_WORD = re.compile(r"[^\W_]+(?:['’][^\W_]+)*")
_MARKS = re.compile("[\u0300-\u036f]")
_CJK = re.compile("([\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+)")


def folded(text: str) -> str:
    """Return the text in lower case, compatibility forms unified, Latin accents off."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize(
        "NFKD", text
    ).casefold()  # first apart, then down: 𝓐 has no lower case of its own
    apart = unicodedata.normalize("NFKD", plain)
    return unicodedata.normalize("NFC", _MARKS.sub("", apart))


def surfaces(text: str, most: int = MOST_WORDS) -> list[str]:
    """Return the first `most` words, folded, stop words too; runs of CJK as overlapping pairs."""
    words: list[str] = []
    for match in _WORD.finditer(folded(text)):
        word = _bare(match.group())
        words.extend([word] if word.isascii() else _parts(word))
        if len(words) >= most:
            break
    return words[:most]


def as_written(word: str, text: str) -> str:
    """Return the first word of the text that is this one when folded, as it stands there; else the word."""
    said = (match.group() for match in _WORD.finditer(text))
    return next((one for one in said if _bare(folded(one)) == word), word)


def _bare(word: str) -> str:
    return word.replace("'", "").replace("’", "")


def _parts(word: str) -> list[str]:
    parts: list[str] = []
    for part in filter(None, _CJK.split(word)):
        is_run = len(part) > 2 and _CJK.match(part) is not None
        parts.extend(part[at : at + 2] for at in range(len(part) - 1)) if is_run else parts.append(part)
    return parts


def stem(word: str) -> str:
    """Return the word without plural s, -ing and -ed: crashes, crashed, crashing → crash."""
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


def is_telling(word: str) -> bool:
    """Return whether the word is worth comparing: no stop word, no lone letter (but a lone ideograph)."""
    return word not in STOP_WORDS and (len(word) > 1 or not word.isascii())


def _undoubled(word: str) -> str:
    return word[:-1] if word[-1] == word[-2] and word[-1] not in "ls" else word


def terms(text: str, most: int = MOST_WORDS) -> list[str]:
    """Return the stems of the text's words in order, without stop words and lone letters."""
    return [stem(word) for word in surfaces(text, most) if is_telling(word)]
