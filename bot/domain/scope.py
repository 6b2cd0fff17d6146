"""What a channel wants to hear about."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from bot.domain.route import Routes


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What is heard: all that is given must hold, and any one value of it does. Empty: all.

    projects: of the ticket, or where what has none is routed to. areas: a component of the ticket; without a
    ticket, an inbox or tag of that name. labels: of the ticket, or a tag. segments: of the company, else the
    person.
    """

    projects: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    segments: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def is_all(self) -> bool:
        """Whether everything is heard."""
        return not any(values for _, values in self.given)

    @property
    def given(self) -> list[tuple[str, tuple[str, ...]]]:
        """Return each kind, by its name in the plural, with its values."""
        return [(field.name, getattr(self, field.name)) for field in fields(self)]


EVERYTHING = Scope()
ANYWHERE = Routes()


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """A scope with what it takes to know what is within.

    routes: where what has no ticket belongs. arrived_by: what came in later is not heard yet, None for all.
    """

    scope: Scope = EVERYTHING
    routes: Routes = ANYWHERE
    arrived_by: datetime | None = None
