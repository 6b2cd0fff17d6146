"""The forms that a setting's value can have. No message repeats a value: it may be a misplaced secret."""

from __future__ import annotations

import base64
import binascii
import ipaddress
import re
from typing import Annotated, Any
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, SecretStr
from pydantic_core import PydanticCustomError

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
DAYS = "sun mon tue wed thu fri sat".split()
# Per field of a cron expression: least, greatest, names counted from the least.
CRON: tuple[tuple[int, int, list[str]], ...] = (
    (0, 59, []),
    (0, 23, []),
    (1, 31, []),
    (1, 12, MONTHS),
    (0, 7, DAYS),
)


def wrong(what: str) -> PydanticCustomError:
    """Return the error that says what a value must be."""
    return PydanticCustomError("form", "{what}", {"what": what})


def matching(pattern: str, what: str) -> AfterValidator:
    """Return a check that the whole text has the form."""

    def check(value: str) -> str:
        if not re.fullmatch(pattern, value):
            raise wrong(what)
        return value

    return AfterValidator(check)


def _split(value: Any) -> Any:
    return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _url(value: str) -> str:
    try:
        parts = urlsplit(value)
        _ = parts.port  # raises for a port that is none
    except ValueError:
        raise wrong("must be a URL") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise wrong("must be a URL that starts with https://")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise wrong("must start with https:// (plain http only to this machine itself)")
    if parts.username is not None or parts.query or parts.fragment or re.search(r"\s", value):
        raise wrong("must be an address alone: no user, password, query, fragment or space")
    return value.rstrip("/")


def _database_url(value: SecretStr) -> SecretStr:
    scheme, separator, rest = value.get_secret_value().partition("://")
    if not separator or scheme not in ("sqlite", "postgres", "postgresql", "postgresql+psycopg"):
        raise wrong("must start with sqlite:/// or postgresql://")
    driver = "sqlite" if scheme == "sqlite" else "postgresql+psycopg"
    return SecretStr(f"{driver}://{rest}")


def _fernet_keys(value: SecretStr) -> SecretStr:
    for key in value.get_secret_value().split(","):
        try:
            is_key = len(base64.b64decode(key.strip(), altchars=b"-_", validate=True)) == 32
        except (binascii.Error, ValueError):
            is_key = False
        if not is_key:
            raise wrong("must be 32 bytes in URL-safe base64, or several of these with commas between")
    return value


def _zone(value: str) -> str:
    from zoneinfo import available_timezones

    if value not in available_timezones():
        raise wrong("must be an IANA time zone")
    return value


def _currency(value: str) -> str:
    from babel.numbers import is_currency

    if not is_currency(value):
        raise wrong("must be an ISO 4217 currency code")
    return value


def _region(value: str) -> str:
    from phonenumbers import SUPPORTED_REGIONS

    if value not in SUPPORTED_REGIONS:
        raise wrong("must be two-letter country codes (ISO 3166; the United Kingdom is GB)")
    return value


def _cron(value: str) -> str:
    fields = value.lower().split()
    if len(fields) != len(CRON) or not all(map(_is_cron_field, fields, CRON)):
        raise wrong("must be five cron fields: minute, hour, day of month, month, day of week")
    return value


def _quiet(value: str) -> str:
    from bot.domain.quiet import QuietHours

    try:
        QuietHours.of(value, "UTC")
    except ValueError as exc:
        raise wrong("must be two different times with a dash between, such as 18:00-8:00") from exc
    return value


def _is_cron_field(text: str, limits: tuple[int, int, list[str]]) -> bool:
    least, greatest, names = limits

    def number(token: str) -> int:
        value = least + names.index(token) if token in names else int(token)
        if not least <= value <= greatest:
            raise ValueError
        return value

    try:
        for part in text.split(","):
            span, has_step, step = part.partition("/")
            first, is_range, last = span.partition("-")
            if (has_step and int(step) < 1) or (is_range and number(first) > number(last)):
                return False
            if span != "*":
                number(first)
    except ValueError:
        return False
    return True


def prefixed(prefix: str, what: str) -> AfterValidator:
    """Return a check of how a secret starts: Slack's kinds of token are easily mistaken for one another."""

    def check(value: SecretStr) -> SecretStr:
        if not value.get_secret_value().startswith(prefix):
            raise wrong(f"must be {what} (it starts with {prefix})")
        return value

    return AfterValidator(check)


SPLIT = BeforeValidator(_split)  # a TOML array, or text with commas between
Url = Annotated[str, AfterValidator(_url)]
DatabaseUrl = Annotated[SecretStr, AfterValidator(_database_url)]
FernetKeys = Annotated[SecretStr, AfterValidator(_fernet_keys)]
Zone = Annotated[str, AfterValidator(_zone)]
Currency = Annotated[str, AfterValidator(_currency)]
QuietHours = Annotated[str, AfterValidator(_quiet)]
Cron = Annotated[str, AfterValidator(_cron)]
NAME, NAME_FORM = r"[a-z][a-z0-9_-]*", "must be a source's name in lower case"
CHANNEL, CHANNEL_FORM = (
    r"(T[A-Z0-9]{5,}/)?[CG][A-Z0-9]{5,}|#?[^\sA-Z,.#@]{1,80}",
    "must be a channel's id or its name in lower case",
)
OWNER_FORM = "must be a channel's id or its name in lower case, or a person's id"
Name = Annotated[str, matching(NAME, NAME_FORM)]
AnyName = Annotated[str, matching(f"({NAME})?", NAME_FORM)]
Channel = Annotated[str, matching(CHANNEL, CHANNEL_FORM)]
Reaction = Annotated[str, matching(r"([a-z0-9_+'-]+)?", "must be an emoji's name, without colons")]
AnyOwner = Annotated[str, matching(f"({CHANNEL}|[UW][A-Z0-9]{{5,}})?", OWNER_FORM)]
Domain = Annotated[
    str,
    AfterValidator(str.lower),
    matching(r"([a-z0-9-]+\.)+[a-z0-9-]+", "must be domains, without @ or https://"),
]
ProjectKey = Annotated[str, matching(r"[A-Z][A-Z0-9_]+", "must be project keys in capitals")]
TeamKey = Annotated[str, matching(r"[A-Z][A-Z0-9]*", "must be team keys in capitals")]
Key = Annotated[str, matching(r"[A-Z][A-Z0-9_]*", "must be keys of projects or teams in capitals")]
Workspace = Annotated[str, matching(r"T[A-Z0-9]{5,}", "must be ids of workspaces, which start with T")]
Workspaces = Annotated[tuple[Workspace, ...], SPLIT]
Channels = Annotated[tuple[Channel, ...], SPLIT]
Domains = Annotated[tuple[Domain, ...], SPLIT]
ProjectKeys = Annotated[tuple[ProjectKey, ...], SPLIT]
TeamKeys = Annotated[tuple[TeamKey, ...], SPLIT]
Keys = Annotated[tuple[Key, ...], SPLIT]
Regions = Annotated[tuple[Annotated[str, AfterValidator(_region)], ...], SPLIT]
Texts = Annotated[tuple[str, ...], SPLIT]
