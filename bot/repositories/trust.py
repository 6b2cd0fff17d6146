"""What earns automation: answers, audits, what each project has shown, and the models fitted from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.answer import Answer
from bot.domain.precision import Share
from bot.domain.trust import Label, Trust


class Answers(Protocol):
    """Every answer ever given. Of those on one decision of Voc (piece and best ticket) the latest counts."""

    def add(self, answer: Answer) -> None:
        """Keep the answer."""
        ...

    def latest_of(self, feedback_id: int) -> Answer | None:
        """Return the piece's latest answer, whatever it is about."""
        ...

    def counting(self) -> list[Answer]:
        """Return the answers that count, oldest first; what was taken back is none."""
        ...

    def count_since(self, moment: datetime | None) -> int:
        """Return how many answers were given after that moment, None for ever."""
        ...

    def projects(self) -> list[str]:
        """Return the projects whose tickets were judged, in order."""
        ...

    def labels(self, project: str, since: datetime | None) -> list[Label]:
        """Return the project's judged decisions after that moment that tell how good scores are.

        Proposals that were answered, and sampled links that were; pieces that name their ticket tell nothing.
        """
        ...

    def checked(self, limit: int, *, project: str | None = None, since: datetime | None = None) -> Share:
        """Return how many of the newest sampled and answered links, at most so many, stood.

        since: when the link was made at the earliest.
        """
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """An attachment that Voc made by itself."""

    feedback_id: int
    ticket_id: int
    at: datetime


class Audits(Protocol):
    """The sample of automatic links that is put to people."""

    def links(self, start: datetime, end: datetime) -> Sequence[Link]:
        """Return the links that Voc made by itself in [start, end), by time, those undone since too."""
        ...

    def count_links(self, start: datetime, end: datetime) -> int:
        """Return how many links those are."""
        ...

    def add(self, link: Link, now: datetime) -> bool:
        """Put the link into the sample; False where it is in already."""
        ...

    def asked(self, feedback_ids: Sequence[int]) -> frozenset[int]:
        """Return those of the pieces whose present, automatic link is in the sample."""
        ...


class Trusts(Protocol):
    """What each project's answers have shown."""

    def of(self, project: str) -> Trust:
        """Return it; a fresh one for a project that nothing is known of."""
        ...

    def save(self, trust: Trust) -> None:
        """Replace the project's."""
        ...

    def told(self, project: str, turned_at: datetime) -> None:
        """Note that the owners know of that turn, unless another has come since."""
        ...

    def all(self) -> Mapping[str, Trust]:
        """Return all by project."""
        ...


Weights = Mapping[str, Mapping[str, float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelVersion:
    """Weights fitted from answers. weights: by layer and name; embedder: whose vectors they weigh.

    answers: how many taught them. loss_before, loss_after: mean log loss of the model of that time, and of
    this one, on the newest answers, which taught neither.
    """

    name: str
    created_at: datetime
    embedder: str
    weights: Weights
    answers: int
    loss_before: float
    loss_after: float
    is_active: bool = False

    @property
    def is_better(self) -> bool:
        """Whether it beat the model of its time."""
        return self.loss_after < self.loss_before


class ModelVersions(Protocol):
    """Models fitted from answers. Where none is active, the shipped one is in use."""

    def add(self, version: ModelVersion) -> None:
        """Keep it; one that is active takes the place of the one before. Raises AlreadyExists by name."""
        ...

    def active(self) -> ModelVersion | None:
        """Return the one in use."""
        ...

    def activate(self, name: str | None) -> None:
        """Use that one, or with None the shipped model. Raises KeyError for an unknown name."""
        ...

    def all(self) -> list[ModelVersion]:
        """Return all, oldest first."""
        ...
