"""Where tickets live."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.annotation import Annotation, Evidence, Figures, TicketDraft, TicketLink
from bot.domain.asking import TicketForm
from bot.domain.ticket import ReceivedTicket, TicketRef
from bot.ports.basics import Finding, Unreadable


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketPage:
    """A page of tickets that changed. cursor as for FeedbackPage; gone: immutable ids, deleted or hidden."""

    tickets: tuple[ReceivedTicket, ...]
    cursor: str
    gone: tuple[str, ...] = ()
    unreadable: tuple[Unreadable, ...] = ()


class TicketTracker(Protocol):
    """A ticket tracker. refs hold immutable ids; keys are for people.

    Every write raises TransientError (not done), UncertainError (maybe done), AccessError, NotFoundError or
    AnswerError.
    """

    @property
    def name(self) -> str:
        """The tracker's name, e.g. "jira"."""
        ...

    def changed_since(self, cursor: str | None) -> Iterator[TicketPage]:
        """Yield the mapped projects' tickets changed since the cursor, all of them for None.

        Repeats only the boundary.
        """
        ...

    def get(self, key_or_id: str) -> ReceivedTicket:
        """Return one ticket by key or immutable id. Raises NotFoundError."""
        ...

    def many(self, external_ids: Sequence[str]) -> Sequence[ReceivedTicket]:
        """Return those of the tickets that are there, by immutable id, wherever they were moved."""
        ...

    def annotate(self, ref: TicketRef, annotation: Annotation, known: str | None) -> str:
        """Write the ticket's one living annotation and return its id.

        known: the id from last time: that one is edited, without mailing watchers; recreated if it is gone.
        Returns "" where there is none to be.
        """
        ...

    def keeps_annotation(self) -> bool:
        """Return whether tickets get a living annotation: not where the tracker sums up by itself.

        Raises as reads do, the first time.
        """
        ...

    def find_annotation(self, ref: TicketRef) -> str | None:
        """Return the id of our living annotation on the ticket, found by its marker, or None."""
        ...

    def link(self, ref: TicketRef, evidence: Evidence) -> str:
        """Attach the evidence, or update it where its key is already there; return the vendor's id.

        Evidence that hangs on another ticket may be moved from there.
        """
        ...

    def unlink(self, ref: TicketRef, evidence_key: str) -> None:
        """Remove the evidence from this ticket; no error when it is not there."""
        ...

    def linked(self, ref: TicketRef, known: Collection[str] = ()) -> Sequence[TicketLink]:
        """Return every link on the ticket, ours and those of other integrations and people.

        known: keys of evidence that we wrote there, for a tracker that may not keep them for us.
        """
        ...

    @property
    def keeps_figures(self) -> bool:
        """Whether there are fields for `show_figures` to write."""
        ...

    def show_figures(self, ref: TicketRef, figures: Figures) -> None:
        """Write the ticket's number and date fields; the same figures twice are harmless."""
        ...

    def form(self, project: str, kind: str = "") -> TicketForm:
        """Return what a new ticket has beside title and description. kind: "" for the usual one."""
        ...

    def create(self, draft: TicketDraft) -> ReceivedTicket:
        """Create a ticket that carries the draft's key. Raises FieldsError for what is missing or wrong."""
        ...

    def find_created(self, draft_key: str) -> ReceivedTicket | None:
        """Return the ticket created with that key, or None."""
        ...

    def check(self) -> Sequence[Finding]:
        """Return what works and what is missing; never raises IntegrationError."""
        ...
