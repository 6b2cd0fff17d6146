"""A piece as a link on its ticket."""

from __future__ import annotations

from bot.domain.annotation import Account, Evidence
from bot.domain.customer import Company, mail_domain
from bot.domain.inert import one_line
from bot.domain.ticket import Ticket, TicketRef
from bot.domain.voice import Voice, quoted

TITLE_WORDS, BODY_WORDS = 30, 300


def evidence_key(voice: Voice) -> str:
    """Return the piece's key at the tracker: the same for ever, whatever database it is read from."""
    return f"voc:{voice.source}:{voice.external_id}:{voice.ordinal}"


def evidence_of(ticket: Ticket, voice: Voice) -> Evidence:
    """Return what the ticket shows of the piece."""
    quote, body = quoted(voice, TITLE_WORDS), quoted(voice, BODY_WORDS)
    who = ", ".join(part for part in (quote.role, quote.company, quote.plan) if part)
    company = voice.person.company
    return Evidence(
        key=evidence_key(voice),
        title=f"“{one_line(quote.words)}{'…' if quote.cut else ''}”",
        url=voice.url or ticket.url,
        summary=f"{who or 'a customer'}, {voice.said_at:%Y-%m-%d}, {voice.source}",
        words=body.words + ("…" if body.cut else ""),
        said_at=voice.said_at,
        account=_account(company) if company else None,
        is_important=voice.is_important,
    )


def _account(company: Company) -> Account:
    """Return the company by its mail domain, which every database knows it by."""
    domains = tuple(sorted(domain for domain in company.domains if mail_domain(f"x@{domain}")))
    key = domains[0] if domains else f"voc-company-{company.id}"
    return Account(key=key, name=company.name, domains=domains, revenue=company.revenue)


def target_of(ref: TicketRef) -> str:
    """Return what acts on the ticket have as their target."""
    return f"{ref.tracker}:{ref.external_id}"
