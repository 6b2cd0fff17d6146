"""Which stored digest a button or modal speaks of, in one short text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.domain.digest import PREVIEW, DigestSnapshot
from bot.domain.period import Period


@dataclass(frozen=True, slots=True)
class DigestPlace:
    """One revision of a subscription's digest of a period; or a preview, by its own number, as revision 0."""

    subscription_id: int
    period: Period
    revision: int

    @property
    def is_preview(self) -> bool:
        """Whether the digest was not told, only looked at."""
        return self.revision == PREVIEW

    @property
    def address(self) -> str:
        """The place as text, under 75 characters."""
        first, last = self.period.first.isoformat(), self.period.last.isoformat()
        return f"{self.subscription_id}|{first}|{last}|{self.period.zone}|{self.revision}"

    @classmethod
    def at(cls, address: str) -> DigestPlace:
        """Return the place of an address. Raises ValueError for a text that is none."""
        subscription_id, first, last, zone, revision = address.split("|")
        period = Period(date.fromisoformat(first), date.fromisoformat(last), zone)
        return cls(int(subscription_id), period, int(revision))

    @classmethod
    def of(cls, snapshot: DigestSnapshot) -> DigestPlace:
        """Return where the snapshot is stored."""
        return cls(snapshot.subscription_id, snapshot.period, snapshot.revision)
