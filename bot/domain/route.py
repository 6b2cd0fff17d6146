"""The operator's rules as values: where feedback belongs, what is left out, which custom fields mean what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from bot.domain.capture import ChannelRules
from bot.domain.customer import Revenue
from bot.domain.quiet import QuietHours

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """Feedback of this source, inbox and tag ("" for any) belongs to these projects and channels.

    projects: empty for all.
    """

    source: str = ""
    inbox: str = ""
    tag: str = ""
    projects: tuple[str, ...] = ()
    owner_channel: str = ""
    digest_channels: tuple[str, ...] = ()

    def takes(self, source: str, inbox: str, tags: Sequence[str]) -> bool:
        """Return whether the route is for such feedback."""
        return (
            self.source in ("", source)
            and self.inbox.casefold() in ("", inbox.casefold())
            and (not self.tag or self.tag.casefold() in {t.casefold() for t in tags})
        )


@dataclass(frozen=True, slots=True)
class Routes:
    """Routes in the operator's order: the first that takes a piece has it."""

    routes: tuple[Route, ...] = ()

    def of(self, source: str, inbox: str, tags: Sequence[str]) -> Route:
        """Return the first route that takes it, or an empty one: all projects, no channel."""
        return next((r for r in self.routes if r.takes(source, inbox, tags)), Route())

    @property
    def channels(self) -> tuple[str, ...]:
        """Return every channel that a route names, each once."""
        named = (c for route in self.routes for c in (route.owner_channel, *route.digest_channels) if c)
        return tuple(dict.fromkeys(named))

    @property
    def owners(self) -> tuple[str, ...]:
        """Return every channel or person that owns something, each once."""
        return tuple(dict.fromkeys(route.owner_channel for route in self.routes if route.owner_channel))

    def owner_of_project(self, project: str) -> str:
        """Return the owner channel of the first route that names the project, "" without one."""
        return next((r.owner_channel for r in self.routes if project in r.projects and r.owner_channel), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """Whom and what to set aside.

    staff_domains cover their subdomains; test_accounts: e-mails or external ids.
    """

    staff_domains: frozenset[str] = frozenset()
    test_accounts: frozenset[str] = frozenset()
    tags: frozenset[str] = frozenset()

    def is_staff(self, email: str) -> bool:
        """Return whether the address is of an own domain."""
        domain = email.strip().lower().rpartition("@")[2]
        return any(domain == own or domain.endswith("." + own) for own in self.staff_domains)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldMap:
    """Which of one source's custom fields mean what; "" where none does.

    role: a person's job title. currency: of every revenue, unless currency_field names the field that tells.
    period: what revenue is paid for, "month" or "year".
    """

    plan: str = ""
    segment: str = ""
    role: str = ""
    revenue: str = ""
    currency: str = "USD"
    currency_field: str = ""
    period: str = "month"

    def revenue_of(self, fields: Mapping[str, str]) -> Revenue | None:
        """Return the revenue a year, or None where the field is missing, not a number or below zero."""
        try:
            amount = Decimal(fields.get(self.revenue, "").replace(" ", "") or "NaN")
        except InvalidOperation:
            return None
        if not amount.is_finite() or amount < 0:
            return None
        currency = fields.get(self.currency_field, "").upper() or self.currency
        return Revenue(amount * MONTHS_A_YEAR if self.period == "month" else amount, currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """All of the operator's rules that use cases need.

    fields: by source; zone: of quiet hours and of days that count; language: spoken in channels.
    """

    routes: Routes = Routes()
    exclusions: Exclusions = Exclusions()
    fields: Mapping[str, FieldMap] = field(default_factory=dict)
    phone_regions: tuple[str, ...] = ("US", "GB", "DE", "FR")
    cards_a_day: int = 20
    messages_a_day: int = 3
    quiet: QuietHours | None = None
    zone: str = "UTC"
    language: str = "en"
    channels: tuple[ChannelRules, ...] = ()
