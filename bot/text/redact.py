"""What of a text is private: found by form and checksum, without a model and without the network.

Not found: names outside "my name is …", postal addresses without a street's word, identity numbers other than the US
social security number, secrets without a known beginning or a word that announces them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from ipaddress import AddressValueError, IPv6Address
from itertools import chain

from bot.domain.quote import Redaction
from bot.text.characters import folded
from bot.text.checksums import is_card_number, is_iban
from bot.text.secrets import secrets

REGIONS = ("US", "GB", "DE", "FR")

Found = tuple[int, int]

# Possessive, and begun only where no earlier start could have been: linear on any text.
_EMAIL = re.compile(
    r"(?<![\w.+%'-])[\w.+%'-]++\s?(?:@|[(\[]at[)\]])\s?(?:[\w-]++(?:\.|\s?[(\[]dot[)\]]\s?))++[\w-]++", re.I
)
_NUMBER_RUN = re.compile(r"(?<![\d.])\d++(?:(?: ?- ?|[ .\u00b7_]|\n)\d++)*+")
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=(?:[ -]?[A-Za-z0-9]){11})")
_IBAN_MOST = 60
_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])")
_IPV4 = re.compile(
    r"(?<![\w.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)(?![\w]|\.\d)"
)
_IPV6 = re.compile(r"(?<![\w:])(?=[0-9a-fA-F]*:[0-9a-fA-F:]*:)[0-9a-fA-F:]{4,39}(?![\w:])")
_VERSION = re.compile(r"(?:\bv|\bver\.?|version|release|build|firmware)[ :]{0,2}$", re.IGNORECASE)
# A plus and a country's number, whoever's plan it belongs to.
_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+|00(?=[1-9]\d[ ()/-]))[1-9](?:[ ()./-]{0,2}\d){7,14}(?!\d)")
_REFERENCE = re.compile(
    r"(?:#|№|\bno\.?|\bnr\.?|\bid|number|nummer|numéro|número|order|ticket|invoice|case|ref\w*|tracking|bestell\w*"
    r"|rechnung\w*|kundennummer|commande|facture|pedido|factura|serial|sku|error|code)\W{0,4}(?:is |was |no\.? )?$",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\b\d{1,5}[a-z]? (?:[A-Z][\w'.-]{1,30} ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court"
    r"|Ct|Square|Sq|Terrace|Way|Place|Close)\b(?:\.?,? (?:Apt|Suite|Unit|Flat) ?#?\w{1,6})?"
    r"|\b[A-ZÄÖÜ][\w-]{1,30}(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|damm) ?\d{1,4} ?[a-z]?\b(?:,? \d{5} [A-ZÄÖÜ]\w+)?"
    r"|\b(?:[A-ZÄÖÜ][\w-]{1,30} ){1,2}(?:Straße|Strasse|Str\.|Allee|Platz|Weg|Ring|Damm) \d{1,4} ?[a-z]?\b(?:,? \d{5} [A-ZÄÖÜ]\w+)?"
    r"|\b\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|place|chemin|impasse|quai|allée) (?:[\w'-]{1,30} ?){1,5}(?:, ?\d{5} [A-Z]\w+)?"
    r"|\b(?:Calle|C/|Avenida|Avda\.|Plaza|Paseo|Rua|Travessa|Praça) (?:[\w'-]{1,30} ){0,4}[\w'-]{1,30},? (?:n\.?º ?)?\d{1,5}\b"
    r"|\b(?:GIR 0AA|[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2})\b"
)
_NAME = re.compile(
    r"\b(?:[Mm]y name is|[Mm]y name's|[Ii]ch heiße|[Mm]ein Name ist|[Jj]e m'appelle|[Mm]on nom est|[Mm]e llamo"
    r"|[Mm]i nombre es|[Mm]eu nome é|[Mm]e chamo)\s((?:[^\W\d_a-z][\w'’-]{0,30}\s?){1,3})"
)


def find_private(text: str, *, regions: Sequence[str] = REGIONS) -> tuple[Redaction, ...]:
    """Return the private ranges of text, in order and apart; an overlap of two is one range with the longer's label.

    regions: ISO 3166 countries in whose national form phone numbers are looked for; international form always.
    Labels: e-mail, phone, card number, IBAN, social security number, IP address, secret, address, name.
    """
    plain = folded(text)
    kinds: list[tuple[str, Iterable[Found]]] = [
        ("secret", secrets(plain)),
        ("e-mail", (match.span() for match in _EMAIL.finditer(plain))),
        ("address", (match.span() for match in _ADDRESS.finditer(plain))),
        ("name", (_trimmed(plain, match.span(1)) for match in _NAME.finditer(plain))),
    ]
    if any(map(str.isdigit, plain)):
        numeric: list[tuple[str, Callable[[str], Iterator[Found]]]] = [
            ("IBAN", _ibans),
            ("card number", _cards),
            ("social security number", _social_security_numbers),
            ("IP address", _ip_addresses),
        ]
        kinds += [(label, find(plain)) for label, find in numeric]
        kinds.append(("phone", _phones(plain, regions)))
    return _apart(Redaction(start, end, label) for label, found in kinds for start, end in found)


def _apart(found: Iterable[Redaction]) -> tuple[Redaction, ...]:
    apart: list[Redaction] = []
    for item in sorted(found, key=lambda one: (one.start, -one.end)):
        if apart and item.start < apart[-1].end:
            last = apart[-1]
            longer = max(last, item, key=lambda one: one.end - one.start)
            apart[-1] = Redaction(last.start, max(last.end, item.end), longer.label)
        else:
            apart.append(item)
    return tuple(apart)


def _trimmed(text: str, span: Found) -> Found:
    start, end = span
    return start, start + len(text[start:end].rstrip())


def _cards(text: str) -> Iterator[Found]:
    """Yield numbers that prove to be cards, at whichever group of a longer run of digits they begin and end."""
    for run in _NUMBER_RUN.finditer(text):
        groups = [match.span() for match in re.finditer(r"\d+", text[run.start() : run.end()])]
        for first, (start, _) in enumerate(groups):
            digits = ""
            for group_start, end in groups[first : first + 8]:
                digits += run.group()[group_start:end]
                if len(digits) > 19 or (end - group_start < 3 and len(groups) > 1):
                    break
                if is_card_number(digits):
                    yield run.start() + start, run.start() + end


def _ibans(text: str) -> Iterator[Found]:
    for match in _IBAN_START.finditer(text):
        start = match.start()
        window = text[start : start + _IBAN_MOST]
        ends = [end.start() for end in re.finditer(r"(?<=[A-Za-z0-9])(?![A-Za-z0-9])", window)]
        for end in reversed(ends):
            compact = window[:end].replace(" ", "").replace("-", "").upper()
            if compact.isascii() and compact.isalnum() and is_iban(compact):
                yield start, start + end
                break


def _social_security_numbers(text: str) -> Iterator[Found]:
    return (match.span() for match in _SSN.finditer(text))


def _ip_addresses(text: str) -> Iterator[Found]:
    for match in _IPV4.finditer(text):
        if not _VERSION.search(text[max(0, match.start() - 12) : match.start()]):
            yield match.span()
    for match in _IPV6.finditer(text):
        try:
            IPv6Address(match.group())
        except AddressValueError:
            continue
        if any(map(str.isdigit, match.group())):
            yield match.span()


def _phones(text: str, regions: Sequence[str]) -> Iterator[Found]:
    from phonenumbers import PhoneNumberMatcher

    national = chain.from_iterable(
        PhoneNumberMatcher(text, region, max_tries=len(text)) for region in dict.fromkeys(regions)
    )
    for match in national:
        is_bare = match.raw_string.isdigit()
        before = text[max(0, match.start - 24) : match.start]
        if not (is_bare and _REFERENCE.search(before)):
            yield match.start, match.end
    for found in _INTERNATIONAL.finditer(text):
        yield found.span()
