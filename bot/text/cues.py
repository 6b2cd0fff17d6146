"""What a sentence does by its form: opens a matter, asks, complains, goes on about the same."""

from __future__ import annotations

import re

from bot.text import phrases
from bot.text.courtesy import is_courtesy
from bot.text.sentences import word_count


def _any(lines: str) -> str:
    return "|".join(lines.strip().replace("\n ", " ").splitlines())


_OPENING = re.compile(rf"(?:{_any(phrases.OPENS)})(?!\w)")
_VAGUE = re.compile(rf"\b(?:{_any(phrases.VAGUE)})(?!\w)")
_ADDING = re.compile(rf"(?:{_any(phrases.ADDS)})(?!\w)")
_REQUEST = re.compile(rf"\b(?:{_any(phrases.REQUESTS)})(?!\w)")
_PROBLEM = re.compile(rf"\b(?:{_any(phrases.PROBLEMS)})(?!\w)")
_BACK = re.compile(rf"(?:{_any(phrases.REFERS_BACK)})(?!\w)")
_POINTING = re.compile(rf"\b(?:{_any(phrases.POINTS_BACK)})(?!\w)")
_OF_SELF = re.compile(rf"(?:{_any(phrases.OF_SELF)})(?!\w)")
_THE_SAME = re.compile(rf"\W*(?:{_any(phrases.ABOUT_THE_SAME)})")
_INVITATION = re.compile(rf"\b(?:{_any(phrases.INVITES)})(?!\w)[^?]*\?")
_ANNOUNCEMENT = re.compile(rf"\b(?:{_any(phrases.ANNOUNCES)})(?!\w)")
_CONTINUATION = re.compile(rf"\b(?:{_any(phrases.ONE_MATTER)})(?!\w)")
_THANKS = re.compile(r"\b(?:thank\w*|thx|danke|dank|merci|gracias|obrigad[oa]|bedankt|grazie)\b")
_UNABLE = re.compile(
    r"\b(?:can't|cannot|can not|unable|kann|können|peux pas|puedo|consigo|kan|kunnen|riesco)\b"
)
_BETWEEN = " ,:;.!?)-–—…"

_A_CLAUSE = 4  # words that say something of their own
_A_REQUEST = 2  # words of what is asked for
_MOST_THANKS = 10  # words
_LONGEST_REMARK = 40  # characters: "Another thing that I noticed: …"
LONGEST = 400  # characters of a sentence that are looked at: what it does shows at its beginning


def plain(sentence: str) -> str:
    """Return the sentence's beginning as the other functions read it."""
    return sentence[:LONGEST].lower().replace("’", "'")


def opened(said: str) -> str | None:
    """Return what follows "Another thing:" or "Also," and the like, None where it does not begin so."""
    found = _OPENING.match(said) or _ADDING.match(said)
    if found is None:
        return None
    colon = said.find(":", found.end(), found.end() + _LONGEST_REMARK)
    return said[max(found.end(), colon) :].lstrip(_BETWEEN)


def tells(said: str, clause: str) -> bool:
    """Return whether the clause that follows an opening says something new.

    After "Another thing:" a word about oneself is a detail, after "Another question:" it is none.
    """
    if found := _OPENING.match(said):
        is_vague = _VAGUE.search(found[0]) and (_OF_SELF.match(clause) or word_count(clause) < _A_CLAUSE)
        return not is_vague and not refers_back(clause)
    return False


def asks(said: str) -> bool:
    """Return whether a wish, a request or a question is there that names what it is about."""
    if found := _REQUEST.search(said):
        rest = said[found.end() :]
        return not _THE_SAME.match(rest) and word_count(rest) >= _A_REQUEST
    return said.endswith("?") and not refers_back(said) and word_count(said) >= _A_CLAUSE


def complains(said: str) -> bool:
    """Return whether something is said to be wrong, other than what went before or what was done about it."""
    if refers_back(said) or not _PROBLEM.search(said):
        return False
    return not _OF_SELF.match(said) or _UNABLE.search(said) is not None


def refers_back(said: str) -> bool:
    """Return whether it begins by going on about what was said before: "it only happens …"."""
    return _BACK.match(said) is not None


def points_back(said: str) -> bool:
    """Return whether a word in it stands for what was said before."""
    return refers_back(said) or _POINTING.search(said) is not None


def thanks(said: str) -> bool:
    """Return whether it closes what was before."""
    return is_courtesy(said) or (
        _THANKS.search(said) is not None and word_count(said) <= _MOST_THANKS and not _REQUEST.search(said)
    )


def invites(said: str) -> bool:
    """Return whether an agent asks for further matters: "Anything else?"."""
    return _INVITATION.search(said) is not None


def announces(said: str) -> bool:
    """Return whether separate matters are said to follow: "Three wishes:"."""
    return _ANNOUNCEMENT.search(said) is not None and not continues(said)


def continues(said: str) -> bool:
    """Return whether what follows are steps, facts, examples or reasons of one matter."""
    return _CONTINUATION.search(said) is not None
