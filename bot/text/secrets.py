"""Passwords, tokens and keys, found by the form that their issuers give them or by the word before them."""

from __future__ import annotations

import re
from collections.abc import Iterator

_ISSUED = re.compile(
    r"(?<![A-Za-z0-9])(?:"
    r"sk-[A-Za-z0-9_-]{16,}+|[spr]k_(?:live|test)_[A-Za-z0-9]{10,}+|whsec_[A-Za-z0-9+/=]{16,}+"
    r"|gh[opusr]_[A-Za-z0-9]{20,}+|github_pat_\w{20,}+|glpat-[\w-]{16,}+"
    r"|xox[abeoprs]-[\w-]{10,}+|xapp-[\w-]{10,}+|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}+|ya29\.[\w-]{20,}+"
    r"|eyJ[\w-]{8,}+\.[\w-]{8,}+(?:\.[\w-]*+)?|SG\.[\w-]{16,}+\.[\w-]{16,}+|npm_[A-Za-z0-9]{30,}+|hf_[A-Za-z0-9]{20,}+"
    r"|pypi-[\w-]{30,}+|shp(?:at|ca|pa|ss)_[a-fA-F0-9]{32}|lin_(?:api|oauth)_\w{20,}+|ATATT3[\w=.-]{20,}+"
    r"|dop_v1_[a-f0-9]{64}"
    r"|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]{0,8000}?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)"
    r")"
)
_HOOK = re.compile(r"https://(?:hooks\.slack\.com/\w+|discord(?:app)?\.com/api/webhooks)/(\S++)")
_BEARER = re.compile(r"\b(?:Bearer|Basic|Token)\s++([A-Za-z0-9+/=._~-]{12,}+)")
_IN_ADDRESS = re.compile(r"(?<=://)[^\s/@?#]{1,200}:[^\s/@?#]{1,200}(?=@)")
_IN_QUERY = re.compile(
    r"[?&#](?:[a-z_-]{0,20}(?:token|secret|password|passwd|pwd|signature|api_?key|session(?:_?id)?|jwt)|sig|key|code"
    r"|auth)=([^\s&#\"'<>]{4,}+)",
    re.IGNORECASE,
)
# Announced: "password: …", "API key = …", "mein Passwort ist …".
_ANNOUNCED = re.compile(
    r"\b(?:pass(?:word|code|phrase)?|passwd|pwd|pw|pin(?: code)?|(?:api|access)[ _-]?(?:key|token)"
    r"|(?:client|auth)[ _-]?(?:secret|token)|secret(?: key)?|token|passwort|kennwort|mot de passe|mdp"
    r"|contraseña|clave|senha)\s?(?P<sign>[:=]|\bis\b|\bwas\b|\bist\b|\blautet\b|\best\b|\bes\b|\bé\b)\s?[\"'`“„«]?"
    r"(?P<value>[^\s\"'`”“»,;<>]{4,200})",
    re.IGNORECASE,
)
# No word of a language: 32 or more characters with both cases and digits.
_LONG = re.compile(r"(?<![\w/+=.-])[A-Za-z0-9_+/-]{32,}+={0,2}(?![\w./-])")
_HAS_EACH = (re.compile("[a-z]"), re.compile("[A-Z]"), re.compile("[0-9].*[0-9].*[0-9]"))
_LETTERS_ONLY = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")


def secrets(text: str) -> Iterator[tuple[int, int]]:
    """Yield the ranges of text that are secrets, in any order; they may overlap."""
    for pattern in (_ISSUED, _IN_ADDRESS):
        yield from (match.span() for match in pattern.finditer(text))
    for pattern in (_HOOK, _BEARER, _IN_QUERY):
        yield from (match.span(1) for match in pattern.finditer(text))
    for match in _ANNOUNCED.finditer(text):
        value = match["value"].rstrip(".!?)")
        if _is_secret(match["sign"], value, text[match.end() : match.end() + 1]):
            yield match.start("value"), match.start("value") + len(value)
    for match in _LONG.finditer(text):
        if "//" not in match.group() and all(has.search(match.group()) for has in _HAS_EACH):
            yield match.span()


def _is_secret(sign: str, value: str, follows: str) -> bool:
    """Whether the value is more than the next word: "password: hunter2", but not "my password is wrong"."""
    if len(value) < 4:
        return False
    is_last = sign in ":=" and (not follows or follows in "\n\"'`")
    return is_last or not _LETTERS_ONLY.fullmatch(value)
