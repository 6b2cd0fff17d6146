"""Linear behind the port TicketTracker: issues by time of change, each piece as a customer request."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from bot.domain.annotation import Annotation, Evidence, Figures, TicketDraft, TicketLink
from bot.domain.asking import TicketForm
from bot.domain.ticket import ReceivedTicket, TicketRef
from bot.errors import AnswerError, NotFoundError, UncertainError
from bot.ports import Finding, TicketPage, Unreadable
from integrations.credentials import Credentials
from integrations.http import TIMEOUT_S
from integrations.linear import documents
from integrations.linear.attachments import Attachments
from integrations.linear.checks import findings
from integrations.linear.client import MISREAD, VENDOR, ConflictError, FeatureError, LinearHttp
from integrations.linear.cost import largest_page
from integrations.linear.creating import Creation
from integrations.linear.mapping import (
    DUPLICATE,
    TRACKER,
    moment,
    our_id,
    survivor,
    ticket,
    written,
)
from integrations.linear.needs import Needs, linked_by_requests
from integrations.pages import Tokens, chunks

# What was written this recently may not be listed yet: it is read again next time.
SETTLES_AFTER = timedelta(minutes=2)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Result = TypeVar("Result")


class LinearTracker:
    """One Linear workspace.

    url: the address of its GraphQL API. teams: keys of those to read. per_page: at most as many tickets as
    Linear's limits allow for our query, which is the default.
    """

    name = TRACKER

    def __init__(
        self,
        url: str,
        credentials: Credentials,
        teams: Sequence[str],
        *,
        per_page: int | None = None,
        sleep: Callable[[float], None] = time.sleep,
        timeout_s: tuple[float, float] = TIMEOUT_S,
    ) -> None:
        self._http = LinearHttp(url, credentials, sleep=sleep, timeout_s=timeout_s)
        self._credentials, self._teams = credentials, tuple(teams)
        self._per_page = per_page or largest_page(documents.CHANGED_TICKETS)
        self._needs, self._attachments = Needs(self._http), Attachments(self._http)
        self._creation = Creation(self._http)
        self._has_requests: bool | None = None

    def changed_since(self, cursor: str | None) -> Iterator[TicketPage]:
        """Yield pages of changed tickets, oldest change first; the cursor is the time read up to.

        Linear lists the newest change first, so each page is the end of its list.
        """
        self._has_requests = None  # plans change: asked anew once a sync
        reached = datetime.fromisoformat(cursor) if cursor else EPOCH
        for issues in self._pages(reached):
            tickets, gone, unreadable = self._tickets(issues)
            newest = max((t.updated_at for t in (*tickets, *gone)), default=EPOCH)
            settled = (self._http.served_at or newest) - SETTLES_AFTER
            reached = max(reached, min(newest, settled))
            if issues:
                yield TicketPage(
                    tickets=tickets,
                    cursor=reached.isoformat(),
                    gone=tuple(t.ref.external_id for t in gone),
                    unreadable=unreadable,
                )

    def get(self, key_or_id: str) -> ReceivedTicket:
        """Return one ticket, also by an identifier that it had before it was moved."""
        doing = "reading a ticket"
        issue: Any = self._http.ask(documents.TICKET, doing, id=key_or_id).get("issue")
        found = self._read(issue, doing)
        if issue.get("trashed"):
            raise NotFoundError(VENDOR, doing, "it is in the trash")
        return found

    def many(self, external_ids: Sequence[str]) -> Sequence[ReceivedTicket]:
        """Return those of the tickets that are there."""
        doing, most, found = "reading tickets", largest_page(documents.TICKETS), []
        for ids in chunks(external_ids, most):
            issues = _nodes(self._http.ask(documents.TICKETS, doing, ids=list(ids), first=most), doing)
            found += [self._read(issue, doing) for issue in issues if not issue.get("trashed")]
        return found

    def annotate(self, ref: TicketRef, annotation: Annotation, known: str | None) -> str:
        """Return "" where each piece is shown as a customer request, else write our comment."""
        return self._either(
            lambda: "",
            lambda: self._attachments.annotate(ref, annotation, known),
        )

    def keeps_annotation(self) -> bool:
        """Return whether there are no customer requests, which Linear sums up itself."""
        return self._either(lambda: False, lambda: True)

    def find_annotation(self, ref: TicketRef) -> str | None:
        """Return the id of our comment on the ticket, None where there is none to be."""
        return self._either(lambda: None, lambda: self._attachments.find_annotation(ref))

    def link(self, ref: TicketRef, evidence: Evidence) -> str:
        """Write the piece as a customer request, moved here where it hung elsewhere, or as an attachment."""
        return self._either(
            lambda: self._needs.link(ref, evidence), lambda: self._attachments.link(ref, evidence)
        )

    def unlink(self, ref: TicketRef, evidence_key: str) -> None:
        """Archive the piece's request, or delete its attachment, if it hangs on this ticket."""
        self._either(
            lambda: self._needs.unlink(ref, evidence_key),
            lambda: self._attachments.unlink(ref, evidence_key),
        )

    def linked(self, ref: TicketRef, known: Collection[str] = ()) -> Sequence[TicketLink]:
        """Return the sources of the ticket's requests, and its attachments that are no request's."""
        return self._either(
            lambda: linked_by_requests(self._needs.links(ref, known), self._attachments.links(ref)),
            lambda: list(self._attachments.links(ref)),
        )

    @property
    def keeps_figures(self) -> bool:
        """Return False: Linear sums up its customers itself."""
        return False

    def show_figures(self, ref: TicketRef, figures: Figures) -> None:
        """Write nothing."""

    def form(self, project: str, kind: str = "") -> TicketForm:
        """Return what may be chosen in the team, all of it optional; Linear has one kind of ticket."""
        return self._creation.form(project)

    def create(self, draft: TicketDraft) -> ReceivedTicket:
        """Create the ticket under the id that follows from its key, with those labels that there are."""
        doing = "creating a ticket"
        issue = self._creation.issue(draft)
        with suppress(ConflictError):  # created before, and the answer was lost
            self._http.write(documents.CREATE_TICKET, doing, input=issue)
        found = self.find_created(draft.key)
        if found is None:
            raise UncertainError(VENDOR, doing, "created, but not found")
        return found

    def find_created(self, draft_key: str) -> ReceivedTicket | None:
        """Return the ticket whose id follows from the key."""
        try:
            return self.get(our_id("ticket", draft_key))
        except NotFoundError:
            return None

    def check(self) -> Sequence[Finding]:
        """Return what works and what is missing."""
        return findings(self._http, self._credentials, self._teams)

    def _either(self, requests: Callable[[], Result], instead: Callable[[], Result]) -> Result:
        """Return what the one does where the workspace has customer requests, else what the other does."""
        has_requests = self._has_requests
        if has_requests is None:
            has_requests = self._has_requests = self._ask_for_requests()
        if has_requests:
            try:
                return requests()
            except FeatureError:
                self._has_requests = False
        return instead()

    def _ask_for_requests(self) -> bool:
        doing = "reading the workspace's features"
        data = self._http.ask(documents.WORKSPACE, doing)
        try:
            return bool(data["organization"]["customersEnabled"])
        except MISREAD as exc:
            raise AnswerError(VENDOR, doing, type(exc).__name__) from exc

    def _pages(self, since: datetime) -> Iterator[list[Mapping[str, Any]]]:
        """Yield the issues changed since then, oldest change first.

        A page begins at the last change of the one before, not at its cursor: Linear's cursors are tickets,
        and one that is changed meanwhile would skip all between. Where a page holds but one time, its cursor
        is all there is.
        """
        doing, before = "listing tickets", None
        tokens, seen = Tokens(VENDOR, doing), set[tuple[str, str]]()
        while True:
            variables = {"teams": list(self._teams), "since": written(since), "before": before}
            data = self._http.ask(documents.CHANGED_TICKETS, doing, **variables, last=self._per_page)
            issues = _oldest_first(_nodes(data, doing), doing)
            yield [issue for issue in issues if _version(issue) not in seen]
            seen = {_version(issue) for issue in issues}
            try:
                page = data["issues"]["pageInfo"]
                if not page["hasPreviousPage"]:
                    return
                newest = max((moment(at) for _, at in seen), default=since)
                before = tokens.next(page["startCursor"]) if newest <= since else None
            except MISREAD as exc:
                raise AnswerError(VENDOR, doing, type(exc).__name__) from exc
            since = max(since, newest)

    def _tickets(
        self, issues: Sequence[Mapping[str, Any]]
    ) -> tuple[tuple[ReceivedTicket, ...], list[ReceivedTicket], tuple[Unreadable, ...]]:
        """Return the tickets of a page, those in the trash, and what could not be read."""
        tickets: list[ReceivedTicket] = []
        gone: list[ReceivedTicket] = []
        unreadable = []
        for issue in issues:
            try:
                found = self._read(issue, "reading tickets")
                (gone if issue.get("trashed") else tickets).append(found)
            except AnswerError as exc:
                unreadable.append(Unreadable(exc.external_id or "", exc.detail))
        return tuple(tickets), gone, tuple(unreadable)

    def _read(self, issue: Any, doing: str) -> ReceivedTicket:
        try:
            found = ticket(issue)
            if issue["state"]["type"] == DUPLICATE and not found.duplicate_of and issue["relations"]["nodes"]:
                relations = self._http.rows(documents.RELATIONS, doing, "relations", found.ref.external_id)
                return replace(found, duplicate_of=survivor(list(relations)))
            return found
        except MISREAD as exc:
            given = issue.get("id") if isinstance(issue, Mapping) else None
            raise AnswerError(VENDOR, doing, type(exc).__name__, external_id=str(given or "")) from exc


def _oldest_first(issues: list[dict[str, Any]], doing: str) -> list[dict[str, Any]]:
    """Return the page turned round. Raises AnswerError where it is not newest first: some would be missed."""
    if issues and str(issues[0].get("updatedAt")) < str(issues[-1].get("updatedAt")):
        raise AnswerError(VENDOR, doing, "the oldest change comes first")
    return issues[::-1]


def _version(issue: Mapping[str, Any]) -> tuple[str, str]:
    return str(issue.get("id")), str(issue.get("updatedAt"))


def _nodes(data: Mapping[str, Any], doing: str) -> list[dict[str, Any]]:
    try:
        return [dict(issue) for issue in data["issues"]["nodes"]]
    except MISREAD as exc:
        raise AnswerError(VENDOR, doing, type(exc).__name__) from exc
