"""Who speaks: people, their companies, and what they are worth, each fact with its origin."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class Revenue:
    """Recurring revenue a year. amount: major units of currency (ISO 4217)."""

    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """One stored company. origin: the source and field that plan, segment and revenue were read from."""

    id: int
    name: str
    domains: tuple[str, ...] = ()
    plan: str = ""
    segment: str = ""
    revenue: Revenue | None = None
    origin: str = ""
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """One stored person. since: customer since, as far as any source knows."""

    id: int
    name: str = ""
    role: str = ""
    language: str = ""
    since: datetime | None = None
    plan: str = ""
    segment: str = ""
    company: Company | None = None


# Domains where anybody can have a mailbox: sharing one says nothing about sharing an employer.
PUBLIC_MAIL_DOMAINS = frozenset(
    """gmail.com googlemail.com outlook.com hotmail.com hotmail.co.uk hotmail.fr live.com msn.com yahoo.com
    yahoo.co.uk yahoo.fr yahoo.de yahoo.co.jp ymail.com icloud.com me.com mac.com aol.com proton.me
    protonmail.com pm.me gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de mail.ru yandex.ru
    yandex.com
    qq.com 163.com 126.com orange.fr wanadoo.fr free.fr laposte.net libero.it virgilio.it uol.com.br
    bol.com.br
    terra.com.br zoho.com fastmail.com hey.com tutanota.com posteo.de mailbox.org comcast.net verizon.net
    btinternet.com sky.com rediffmail.com naver.com hanmail.net docomo.ne.jp""".split()
)


def mail_domain(email: str) -> str | None:
    """Return the company's mail domain in lower case, or None for no address or a public mail provider."""
    _, at, domain = email.strip().lower().rpartition("@")
    return domain if at and "." in domain and domain not in PUBLIC_MAIL_DOMAINS else None
