"""What of an e-mail's text is new and the writer's own: earlier messages and signatures, found line by line.

Linear in the text's length: patterns are tried on short lines only, and every loop moves on. (The two usual libraries
for it are quadratic or worse: a 24 kB mail keeps them busy for 13 seconds.)
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.text.characters import has_words, tidy
from bot.text.courtesy import is_closing

Lines = list[str]

_LONGEST_MARK = 300
_SIGNATURE_LINES = 10
_SIGNATURE_LINE_CHARACTERS = 90

_QUOTED = re.compile(r">(?!\s*[\d=])|>\s*$")
_WROTE = (
    r"wrote|writes|schrieb(?: \S.*)?|a écrit|escribió|escreveu|ha scritto|schreef(?: \S.*)?|geschreven|skrev(?: \S.*)?"
    r"|napisał(?:\(a\)|a)?|kirjoitti|написала?|написав|пише|yazdı|写道|のメール"
)
# "On 16 Nov 2026 at 09:12, Ada <ada@acme.example> wrote:" in the languages that mail programs speak.
_ATTRIBUTION = re.compile(rf"(?=.*\d).*\b(?:{_WROTE})\s?[:：]$", re.IGNORECASE)
_OPENS_ATTRIBUTION = re.compile(
    r"(?:on|am|le|el|em|il|op|den|dnia|w dniu|på|pe|kl|\w{2,9}[.,]?)\s|[\d<\"'“于在]|\S+@|\S+ \S+ <",
    re.IGNORECASE,
)
# The same in any language: a date, an address, a colon.
_DATED_ADDRESS = re.compile(r"(?=.*(?:\b20\d\d\b|\d{1,2}:\d\d)).*<\S+@\S+>.{0,20}[:：]$")
_HEADER = re.compile(
    r"\W{0,3}(?:(?P<sender>from|von|de|da|van|från|fra|od|от|差出人|发件人)"
    r"|(?P<other>sent|date|gesendet|datum|envoyé|enviado(?: el| em)?|fecha|data|inviato|verzonden|skickat|sendt|"
    r"to|an|à|para|a|aan|till|til|subject|betreff|objet|asunto|assunto|oggetto|onderwerp|ämne|emne|cc|"
    r"送信日時|宛先|件名|发送时间|收件人|主题))\W{0,3}[:：]\W{0,3}\s?\S",
    re.IGNORECASE,
)
_SEPARATOR = re.compile(
    r"[-_=*]{2,}\s?(?:original message|forwarded message|ursprüngliche nachricht|weitergeleitete nachricht"
    r"|message d'origine|message original|message transféré|mensaje original|mensaje reenviado|mensagem original"
    r"|mensagem encaminhada|messaggio originale|messaggio inoltrato|oorspronkelijk bericht|doorgestuurd bericht"
    r"|ursprungligt meddelande)\s?[-_=*]{2,}$"
    r"|(?:begin forwarded message|anfang der weitergeleiteten (?:e-mail|nachricht)|début du message réexpédié"
    r"|début du message transféré|inicio del mensaje reenviado|início da mensagem encaminhada)\s?:$"
    r"|##-.*-##$"
    r"|.{0,60}\b(?:reply|respond|type|write)\b.{0,40}\babove this line\b.{0,60}$",
    re.IGNORECASE,
)
_SIGNATURE_MARK = re.compile(r"(?:--|—|–|__+|\*\*\*+|==+|---+)$")
_DEVICE = re.compile(
    r"(?:sent (?:from|via|with|using) (?:my |the )?|get outlook for |von mein\w+ .{1,40} gesendet|gesendet (?:von|mit) "
    r"|diese nachricht wurde von mein|envoyé (?:de|depuis|à partir de|avec) |télécharger outlook|obtenir outlook "
    r"|enviado (?:desde|do|de|a partir|pelo|con) |obtener outlook |obter o? ?outlook |inviato da |verstuurd va)",
    re.IGNORECASE,
)
_CONFIDENTIAL = re.compile(
    r"\W*(?:(?:this|the) (?:e-?mail|message|communication|information)|confidentiality|disclaimer|diese e-?mail"
    r"|diese nachricht|ce (?:message|courriel)|cet e-?mail|este (?:mensaje|correo|e-?mail)|esta mensagem)\b"
    r"(?=.*(?:confiden|privileged|intended|vertraulich|destin|bestimmt))",
    re.IGNORECASE,
)
_BULLET = re.compile(r"[-*•·–]\s|\d{1,2}[.)]\s|p\.?\s?s\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:\S+ ){6,}.*[.!?…]\W*$|.*\?\W*$")


def newest_words(text: str, staff_delimiters: Sequence[str] = ()) -> str:
    """Return tidy text without earlier messages, their introductions and the signature; text itself if no word is left.

    staff_delimiters: further lines that the support tool puts above what it quotes.
    """
    lines = _without_quoted(text.split("\n"))
    lines = _above_earlier(lines, staff_delimiters)
    while (shorter := _without_tail(lines)) != lines:
        lines = shorter
    words = tidy("\n".join(lines))
    return words if has_words(words) else text


def _without_quoted(lines: Lines) -> Lines:
    """Return the lines without blocks of `>` lines and the attribution above each, keeping answers between them."""
    kept: Lines = []
    for block in _blocks(lines):
        if block[0].startswith(">") and any(map(_QUOTED.match, block)):
            _drop_attribution(kept)
        else:
            kept += block
    return kept if has_words("".join(kept)) else lines


def _blocks(lines: Lines) -> Iterator[Lines]:
    block: Lines = []
    for line in lines:
        if block and line.startswith(">") != block[0].startswith(">"):
            yield block
            block = []
        block.append(line)
    if block:
        yield block


def _drop_attribution(kept: Lines) -> None:
    while kept and not kept[-1]:
        kept.pop()
    for count in (1, 2, 3):
        if len(kept) >= count and _is_attribution(kept[-count:]):
            del kept[-count:]
            return
    kept.append("")


def _is_attribution(lines: Lines) -> bool:
    if not lines[-1].endswith((":", "：")) or not all(lines) or sum(map(len, lines)) > _LONGEST_MARK:
        return False
    joined = " ".join(lines)
    is_named = bool(_OPENS_ATTRIBUTION.match(joined) and _ATTRIBUTION.match(joined))
    return is_named or bool(_DATED_ADDRESS.match(joined))


def _above_earlier(lines: Lines, staff_delimiters: Sequence[str]) -> Lines:
    """Return the lines above the first mark of an earlier message; a mark with no words above it is passed over."""
    has_begun = False
    for at, line in enumerate(lines):
        if has_begun and _begins_earlier(lines, at, staff_delimiters):
            return lines[:at]
        has_begun = has_begun or (has_words(line) and not _begins_earlier(lines, at, staff_delimiters))
    return lines


def _begins_earlier(lines: Lines, at: int, staff_delimiters: Sequence[str]) -> bool:
    line = lines[at]
    if not line or len(line) > _LONGEST_MARK:
        return False
    if _SEPARATOR.match(line) or any(mark and mark in line for mark in staff_delimiters):
        return True
    if any(_is_attribution(lines[at : at + count]) for count in (1, 2, 3)):
        return True
    return _begins_headers(lines[at : at + 6])


def _begins_headers(lines: Lines) -> bool:
    first = _HEADER.match(lines[0][:_LONGEST_MARK])
    if first is None or not first["sender"]:
        return False
    others = (_HEADER.match(line[:_LONGEST_MARK]) for line in lines[1:])
    return sum(1 for header in others if header and header["other"]) >= 2


def _without_tail(lines: Lines) -> Lines:
    """Return the lines without the last signature, device line or confidentiality notice, if there is one."""
    end = len(lines)
    while end and not has_words(lines[end - 1]):
        end -= 1
    for at in range(max(1, end - _SIGNATURE_LINES), len(lines)):
        if _begins_tail(lines[at], lines[at + 1 : end]) and any(map(has_words, lines[:at])):
            return lines[:at]
    return lines


def _begins_tail(line: str, after: Lines) -> bool:
    if _CONFIDENTIAL.match(line[:_LONGEST_MARK]):
        return len(after) <= 3
    if _DEVICE.match(line) and len(line) <= _SIGNATURE_LINE_CHARACTERS:
        return len(after) <= 2
    return bool(_SIGNATURE_MARK.match(line) or is_closing(line)) and all(map(_may_sign, after))


def _may_sign(line: str) -> bool:
    """Whether the line may stand in a signature: short, no list, no sentence of its own."""
    return len(line) <= _SIGNATURE_LINE_CHARACTERS and not _BULLET.match(line) and not _SENTENCE.match(line)
