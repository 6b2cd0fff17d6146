"""A ticket tracker in memory that fails as it is told to."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

from bot.domain.annotation import Annotation, Evidence, Figures, TicketDraft, TicketLink
from bot.domain.asking import TicketForm
from bot.domain.ticket import ReceivedTicket, TicketRef, TicketStage
from bot.errors import IntegrationError, NotFoundError
from bot.ports import Finding, TicketPage
from tests.fakes.clock import MONDAY


class FakeTracker:
    """Keeps links and living annotations by ticket id.

    `before` and `after` hold errors for the next writes, in order.
    """

    name = "jira"

    def __init__(self, *tickets: ReceivedTicket) -> None:
        self.tickets = {t.ref.external_id: t for t in tickets}
        self.links: dict[str, dict[str, Evidence]] = {}
        self.created: dict[str, ReceivedTicket] = {}
        self.comments: dict[str, list[Annotation]] = {}
        self.before: list[IntegrationError] = []
        self.after: list[IntegrationError] = []
        self.writes = 0
        self.foreign: dict[str, list[TicketLink]] = {}  # what other integrations linked
        self.figures: dict[str, Figures] | None = None
        self.once_read: Callable[[], None] = lambda: None  # what happens while links are read
        self.gone: tuple[str, ...] = ()  # told with the next page
        self.unmapped: set[str] = set()  # tickets of projects that are not read
        self.refusal: IntegrationError | None = None  # of every call, until it is taken back
        self.shows_itself = False  # all of the annotation, so that there is none to keep
        self.links_read: list[str] = []
        self.unreadable_links: IntegrationError | None = None
        self.forms: dict[str, TicketForm] = {}  # by the kind of ticket
        self.drafts: dict[str, TicketDraft] = {}

    def changed_since(self, cursor: str | None) -> Iterator[TicketPage]:
        """Yield all tickets as one page."""
        self._refuse()
        read = tuple(ticket for id_, ticket in self.tickets.items() if id_ not in self.unmapped)
        yield TicketPage(tickets=read, cursor="1", gone=self.gone)

    def get(self, key_or_id: str) -> ReceivedTicket:
        """Return the ticket."""
        self._refuse()
        found = next((t for t in self.tickets.values() if key_or_id in (t.key, t.ref.external_id)), None)
        if found is None:
            raise NotFoundError(self.name, "reading a ticket")
        return found

    def many(self, external_ids: Sequence[str]) -> list[ReceivedTicket]:
        """Return those that are there."""
        self._refuse()
        return [self.tickets[i] for i in external_ids if i in self.tickets]

    def annotate(self, ref: TicketRef, annotation: Annotation, known: str | None) -> str:
        """Edit the known annotation, else add one."""
        self._fail(self.before)
        comments = self.comments.setdefault(ref.external_id, [])
        if known is None:
            comments.append(annotation)
        else:
            comments[int(known)] = annotation
        self._fail(self.after)
        return known or str(len(comments) - 1)

    def keeps_annotation(self) -> bool:
        """Return whether there are to be any."""
        self._refuse()
        return not self.shows_itself

    def find_annotation(self, ref: TicketRef) -> str | None:
        """Return the first annotation's id."""
        return "0" if self.comments.get(ref.external_id) else None

    def link(self, ref: TicketRef, evidence: Evidence) -> str:
        """Upsert."""
        self._fail(self.before)
        self.links.setdefault(ref.external_id, {})[evidence.key] = evidence
        self._fail(self.after)
        return evidence.key

    def unlink(self, ref: TicketRef, evidence_key: str) -> None:
        """Remove."""
        self._fail(self.before)
        self.links.get(ref.external_id, {}).pop(evidence_key, None)

    def linked(self, ref: TicketRef, known: Collection[str] = ()) -> list[TicketLink]:
        """Return our links and those of others."""
        self._refuse()
        self.links_read.append(ref.external_id)
        if self.unreadable_links:
            raise self.unreadable_links
        ours = self.links.get(ref.external_id, {}).values()
        found = [TicketLink(one.url, one.key, one.title) for one in ours]
        self.once_read()
        return found + self.foreign.get(ref.external_id, [])

    @property
    def keeps_figures(self) -> bool:
        """Return whether figures are kept."""
        return self.figures is not None

    def show_figures(self, ref: TicketRef, figures: Figures) -> None:
        """Keep them."""
        self._fail(self.before)
        if self.figures is not None:
            self.figures[ref.external_id] = figures
        self._fail(self.after)

    def form(self, project: str, kind: str = "") -> TicketForm:
        """Return what is asked for that kind, the first for none."""
        self._refuse()
        return self.forms.get(kind, next(iter(self.forms.values()), TicketForm()))

    def create(self, draft: TicketDraft) -> ReceivedTicket:
        """Add a ticket."""
        self._fail(self.before)
        self.drafts[draft.key] = draft
        number = 100 + len(self.created)
        made = self.created[draft.key] = ReceivedTicket(
            ref=TicketRef(self.name, str(number)),
            key=f"{draft.project}-{number}",
            project=draft.project,
            title=draft.title,
            body=draft.body,
            stage=TicketStage.OPEN,
            status="To do",
            created_at=MONDAY,
            updated_at=MONDAY,
        )
        self.tickets[made.ref.external_id] = made
        self._fail(self.after)
        return made

    def find_created(self, draft_key: str) -> ReceivedTicket | None:
        """Return the ticket made with the key."""
        return self.created.get(draft_key)

    def check(self) -> Sequence[Finding]:
        """Return that all is well."""
        return [Finding(True, "fine")]

    def _fail(self, errors: list[IntegrationError]) -> None:
        self.writes += errors is self.before
        self._refuse()
        if errors:
            raise errors.pop(0)

    def _refuse(self) -> None:
        if self.refusal:
            raise self.refusal
