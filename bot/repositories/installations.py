"""Where Voc is installed, with the tokens sealed."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple, Protocol

from bot.domain.installation import Installation


class Sealed(NamedTuple):
    """An installation and its tokens, sealed."""

    installation: Installation
    tokens: bytes


class Installations(Protocol):
    """One row a workspace. The sealed tokens are no two times the same, so they tell whether they are new."""

    def put(self, installation: Installation, tokens: bytes) -> None:
        """Insert or replace by team."""
        ...

    def get(self, team: str) -> Sealed | None:
        """Return it, ended or not."""
        ...

    def all(self) -> list[Sealed]:
        """Return all by team, ended ones too."""
        ...

    def take(self, team: str, was: bytes, *, until: datetime, now: datetime) -> bool:
        """Take it upon us alone, until then, to renew these tokens; False where another does or has."""
        ...

    def renew(self, team: str, was: bytes, tokens: bytes, expires_at: datetime | None) -> bool:
        """Replace these very tokens; False where they are others by now."""
        ...

    def end(self, team: str, at: datetime) -> bool:
        """Note that the app was taken out then; False where it was installed after that, or never."""
        ...
