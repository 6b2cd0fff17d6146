"""How much a quote tells of somebody's situation, so that of clear ones the one worth a place is shown."""

from __future__ import annotations

import re

from bot.text import cues
from bot.text.clarity import clarity
from bot.text.sentences import sentences, word_count

_WORDS_ENOUGH, _DETAILS_ENOUGH = 36, 3
_LONGEST = 1_000  # characters looked at
_LENGTH, _DETAILS, _MATTER = 0.4, 0.25, 0.35
# A number, a name, a thing called by its name: "214 pages", "our Xerox", "the button “Send”".
_DETAIL = re.compile(r"\d+(?:[.,:]\d+)*|(?<=[a-zà-ÿ,;] )[A-ZÀ-Þ][\w’'-]{2,}|[\"“„«][^\"”“»]{2,40}[\"”“»]")
# What is asked of whoever answers, not of the product: "Please send me …", "Let me know …", "Call me back."
_OF_THE_ANSWER = re.compile(
    r"(?:(?:so|and|then|also|but),? )?(?:(?:can|could|would|will) (?:you|someone|anyone) )?"
    r"(?:please |kindly )*(?:send|give|tell|call|write|e?-?mail|contact|inform|show|ask|answer|reply|respond"
    r"|explain|advise|confirm|clarify|help|look into|get back|let (?:me|us) know|keep (?:me|us))\b"
    r"|(?:i )?(?:look(?:ing)? forward|await|hope to hear|would appreciate)\b"
    r"|(?:is there |have you )?(?:any )?(?:news|updates?)\b"
    r"|(?:bitte )?(?:melde|schick|send|sag|ruf|antwort|teil)(?:e?n|e|t)?\b"
    r"|(?:ich )?(?:bitte um|freue mich auf)\b"
    r"|(?:merci de (?:me|nous)|veuillez|(?:pouvez|pourriez)-vous (?:me|nous)|dans l'attente)\b",
)


def worth(words: str) -> float:
    """Return from 0.0 to 1.0 whether the words are worth a place: clear, of substance, and by themselves."""
    stands_alone = 0.85 if cues.refers_back(cues.plain(words.strip())) else 1.0
    return clarity(words) * (0.5 + 0.5 * substance(words)) * stands_alone


def substance(words: str) -> float:
    """Return from 0.0 to 1.0 how much the words tell: of a trouble or a need, in detail, at some length.

    Greetings, thanks, asides and what is asked of whoever answers tell nothing.
    """
    text = words.strip()[:_LONGEST]
    told = [one for span in sentences(text) if not _is_manners(one := text[span.start : span.end])]
    length = sum(map(word_count, told)) / _WORDS_ENOUGH
    details = sum(len(_DETAIL.findall(one)) for one in told) / _DETAILS_ENOUGH
    matter = max((_matter(cues.plain(one)) for one in told), default=0.0)
    return _LENGTH * min(length, 1.0) + _DETAILS * min(details, 1.0) + _MATTER * matter


def _is_manners(sentence: str) -> bool:
    said = cues.plain(sentence)
    is_aside = said.startswith(("(", "[")) and said.endswith((")", "]"))
    return is_aside or cues.thanks(said) or _OF_THE_ANSWER.match(said) is not None


def _matter(said: str) -> float:
    """Return what a sentence is about: something wrong counts most, then a need or a wish."""
    if cues.complains(said):
        return 1.0
    return 0.8 if cues.asks(said) else 0.0
