"""What of a text is private: found by form and checksum, without a model and without the network.

Not found: names outside "my name is …", postal addresses without a street's word, identity numbers other than
the US social security number, secrets without a known beginning or a word that announces them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from ipaddress import AddressValueError, IPv6Address
from itertools import chain

from bot.domain.quote import Redaction
from bot.text.characters import folded
from bot.text.checksums import is_card_number, is_iban
from bot.text.secrets import secrets

REGIONS = ("US", "GB", "DE", "FR")

Found = tuple[int, int]

# Where ranges overlap, the label that comes first here is shown.
_LABELS = (
    "secret",
    "IBAN",
    "card number",
    "social security number",
    "e-mail",
    "IP address",
    "phone",
    "address",
    "name",
)
# Possessive, and begun only where no earlier start could have been: linear on any text.
_EMAIL = re.compile(
    r"(?<![\w.+%'-])[\w.+%'-]++\s?(?:@|[(\[]at[)\]])\s?[\w-]++(?:(?:\.|\s?[(\[]dot[)\]]\s?)[\w-]++)++",
    re.IGNORECASE,
)
_NUMBER_RUN = re.compile(r"(?<![\d.])\d++(?:(?: ?- ?|[ .·_]|\n)\d++)*+")
_IBAN_START = re.compile(r"(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=(?:[ -]?[A-Za-z0-9]){11})")
_IBAN_MOST = 60
_SSN = re.compile(r"(?<![\w-])(?!000|666|9\d\d)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])")
_OCTET = r"(?:25[0-5]|2[0-4]\d|1?\d?\d)"
_IPV4 = re.compile(rf"(?<![\w.])(?:{_OCTET}\.){{3}}{_OCTET}(?!\w|\.\d)")
_IPV6 = re.compile(r"(?<![\w:])(?=[0-9a-fA-F]*:[0-9a-fA-F:]*:)[0-9a-fA-F:]{4,39}(?![\w:])")
_VERSION = re.compile(r"(?:\bv|\bver\.?|version|release|build|firmware)[ :]{0,2}$", re.IGNORECASE)
# A plus and a country's number, whoever's plan it belongs to.
_INTERNATIONAL = re.compile(r"(?<![\w+])(?:\+|00(?=[1-9]\d[ ()/-]))[1-9](?:[ ()./-]{0,2}\d){7,14}(?!\d)")
# Nothing shorter is a telephone number, in any region.
_ENOUGH_DIGITS = re.compile(r"(?:\d\D{0,4}+){7}")
_REFERENCE = re.compile(
    r"(?:#|№|\bno\.?|\bnr\.?|\bid|number|nummer|numéro|número|order|ticket|invoice|case|ref\w*|tracking"
    r"|bestell\w*|rechnung\w*|commande|facture|pedido|factura|serial|sku|error|code)\W{0,4}(?:is |was )?$",
    re.IGNORECASE,
)
_TOWN = r"(?:,? \d{5} [A-ZÄÖÜ]\w+)?"
_ADDRESS = re.compile(
    r"\b\d{1,5}[A-Za-z]? (?:[A-Z][\w'.-]{1,30} ){1,3}(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr"
    r"|Boulevard|Blvd|Court|Square|Sq|Terrace|Way|Place|Close)\b(?:\.?,? (?:Apt|Suite|Unit|Flat) ?#?\w{1,6})?"
    r"|\b[A-ZÄÖÜ][\w-]{1,30}(?:straße|strasse|str\.|weg|platz|allee|gasse|ufer|damm) ?\d{1,4} ?[a-z]?\b"
    + _TOWN
    + r"|\b(?:[A-ZÄÖÜ][\w-]{1,30} ){1,2}(?:Straße|Strasse|Str\.|Allee|Platz|Weg|Ring|Damm) \d{1,4}[a-z]?\b"
    + _TOWN
    + r"|\b\d{1,4}(?: bis| ter)?,? (?:rue|avenue|boulevard|place|chemin|impasse|quai|allée)"
    + r"(?: [\w'-]{1,30}){1,5}"
    + _TOWN
    + r"|\b(?:Calle|C/|Avenida|Avda\.|Plaza|Paseo|Rua|Travessa|Praça)(?: [\w'-]{1,30}){1,5}"
    r",? (?:n\.?º ?)?\d{1,5}\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? \d[ABD-HJLNP-UW-Z]{2}\b"
)
_NAME = re.compile(
    r"\b(?:[Mm]y name is|[Mm]y name's|[Ii]ch heiße|[Mm]ein Name ist|[Jj]e m'appelle|[Mm]on nom est"
    r"|[Mm]e llamo|[Mm]i nombre es|[Mm]eu nome é|[Mm]e chamo)"
    r" ([^\W\d_a-z][\w'’-]{0,30}(?: [^\W\d_a-z][\w'’-]{0,30}){0,2})"
)


def find_private(text: str, *, regions: Sequence[str] = REGIONS) -> tuple[Redaction, ...]:
    """Return the private ranges of text, in order and apart; ranges that overlap are one.

    regions: ISO 3166 countries whose national phone numbers are looked for; international ones always are.
    Labels: e-mail, phone, card number, IBAN, social security number, IP address, secret, address, name.
    """
    plain = folded(text)
    kinds: dict[str, Iterable[Found]] = {
        "secret": secrets(plain),
        "e-mail": _spans(_EMAIL, plain),
        "address": _spans(_ADDRESS, plain),
        "name": (match.span(1) for match in _NAME.finditer(plain)),
    }
    if any(map(str.isdigit, plain)):
        kinds |= {
            "IBAN": _ibans(plain),
            "card number": _cards(plain),
            "social security number": _spans(_SSN, plain),
            "IP address": _ip_addresses(plain),
            "phone": _phones(plain, regions),
        }
    return _apart(Redaction(start, end, label) for label, found in kinds.items() for start, end in found)


def _apart(found: Iterable[Redaction]) -> tuple[Redaction, ...]:
    apart: list[Redaction] = []
    for item in sorted(found):
        if apart and item.start < apart[-1].end:
            last = apart[-1]
            label = min(last.label, item.label, key=_LABELS.index)
            apart[-1] = Redaction(last.start, max(last.end, item.end), label)
        else:
            apart.append(item)
    return tuple(apart)


def _spans(pattern: re.Pattern[str], text: str) -> Iterator[Found]:
    return (match.span() for match in pattern.finditer(text))


def _cards(text: str) -> Iterator[Found]:
    """Yield the numbers proved to be cards, at whichever groups of a run of digits they begin and end."""
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
    if not _ENOUGH_DIGITS.search(text):
        return
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
