"""Jira behind the port TicketTracker: tickets from search, one living comment and one link a piece."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cached_property
from math import ceil
from typing import Any, Literal

from bot.domain.annotation import Annotation, Evidence, Figures, TicketDraft, TicketLink
from bot.domain.asking import TicketForm
from bot.domain.ticket import ReceivedTicket, TicketRef
from bot.errors import AccessError, AnswerError, IntegrationError, NotFoundError, UncertainError
from bot.ports import Finding, TicketPage, Unreadable
from integrations.credentials import Credentials
from integrations.http import TIMEOUT_S
from integrations.jira.checks import findings
from integrations.jira.client import VENDOR, JiraHttp
from integrations.jira.cloud import Cloud
from integrations.jira.creating import Creation
from integrations.jira.deployment import Deployment
from integrations.jira.figures import FigureFields
from integrations.jira.living import find_comment, id_of, write_comment
from integrations.jira.mapping import (
    FIELDS,
    MISREAD,
    TRACKER,
    draft_label,
    jql_text,
    moment,
    remote_link,
    ticket,
    ticket_link,
)
from integrations.jira.server import Server
from integrations.jira.written import Written

# Search lags behind writes: what changed this recently is read again next time.
SETTLES_AFTER = timedelta(minutes=2)
OVERLAP = timedelta(minutes=2)  # JQL counts whole minutes
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ABOUT = "/rest/api/2/serverInfo"  # the one request that both answer alike, to anybody


class JiraTracker:
    """One Jira site, on Cloud or of one's own.

    base_url: where the API is: the site, or for a scoped token and OAuth
    https://api.atlassian.com/ex/jira/{cloudId}. site_url: where people open tickets; the same unless a
    gateway is used. projects: keys of those to read. deployment: asked of the site unless given.
    figure_fields: people, companies, revenue and last_heard to a field's id or name. create_fields: further
    fields of new tickets, by id or name. now: seconds that only run forward.
    """

    name = TRACKER

    def __init__(  # noqa: PLR0913 - what a site's settings say
        self,
        base_url: str,
        credentials: Credentials,
        projects: Sequence[str],
        *,
        site_url: str = "",
        issue_type: str = "Task",
        deployment: Literal["cloud", "server"] | None = None,
        figure_fields: Mapping[str, str] | None = None,
        create_fields: Mapping[str, Any] | None = None,
        per_page: int = 100,
        sleep: Callable[[float], None] = time.sleep,
        now: Callable[[], float] = time.monotonic,
        timeout_s: tuple[float, float] = TIMEOUT_S,
    ) -> None:
        self._http = JiraHttp(base_url, credentials, sleep=sleep, now=now, timeout_s=timeout_s)
        self._per_page, self._written = per_page, Written(now)
        self._projects, self._issue_type = tuple(projects), issue_type
        self._site_url = (site_url or base_url).rstrip("/")
        self._deployment, self._create_fields = deployment, dict(create_fields or {})
        self._figures = FigureFields(figure_fields or {}, self._projects)

    def changed_since(self, cursor: str | None) -> Iterator[TicketPage]:
        """Yield pages of changed tickets, oldest change first; the cursor is the time read up to.

        The window is relative to Jira's own time, so neither our clock nor the account's time zone counts;
        what is older than the cursor is dropped by its exact time.
        """
        now = self._server_time()
        since = datetime.fromisoformat(cursor) if cursor else None
        window = f" AND updated >= {jql_text(_minutes(now - since + OVERLAP))}" if since else ""
        keys = ", ".join(jql_text(key) for key in self._projects)
        reached = since or EPOCH
        for issues in self._search(f"project in ({keys}){window} ORDER BY updated ASC, key ASC"):
            tickets, unreadable = self._tickets(issues, since or EPOCH)
            newest = max((t.updated_at for t in tickets), default=EPOCH)
            reached = max(reached, min(newest, now - SETTLES_AFTER))
            if tickets or unreadable:
                yield TicketPage(tickets=tickets, cursor=reached.isoformat(), unreadable=unreadable)

    def get(self, key_or_id: str) -> ReceivedTicket:
        """Return one ticket, also by a key that it had before it was moved."""
        doing = "reading a ticket"
        path, params = self._at.issue(key_or_id), {"fields": ",".join(FIELDS)}
        return self._read(self._http.get(path, doing, params), doing)

    def many(self, external_ids: Sequence[str]) -> Sequence[ReceivedTicket]:
        """Return those of the tickets that are there, a hundred a request."""
        return [self._read(record, "reading tickets") for record in self._at.many(external_ids, FIELDS)]

    def annotate(self, ref: TicketRef, annotation: Annotation, known: str | None) -> str:
        """Edit our comment, or find it by its marker and edit that, or add it; see write_comment."""
        written = write_comment(self._at, ref.external_id, annotation, known, self._per_page)
        self._written.note(ref.external_id)
        return written

    def keeps_annotation(self) -> bool:
        """Return True."""
        return True

    def find_annotation(self, ref: TicketRef) -> str | None:
        """Return the id of our newest comment that carries the marker."""
        return find_comment(self._at, ref.external_id, self._per_page)

    def link(self, ref: TicketRef, evidence: Evidence) -> str:
        """Write the remote link whole; Jira updates the one with this globalId."""
        body = remote_link(evidence, f"{self._site_url}/issues/?jql=issue%3D{ref.external_id}")
        path, doing = f"{self._at.issue(ref.external_id)}/remotelink", "linking evidence"
        answer = self._http.call("POST", path, doing, json=body, is_repeatable=True)
        self._written.note(ref.external_id)
        return id_of(answer.json(), doing)

    def unlink(self, ref: TicketRef, evidence_key: str) -> None:
        """Remove the link with this globalId, if the link and the ticket are there."""
        path, params = f"{self._at.issue(ref.external_id)}/remotelink", {"globalId": evidence_key}
        try:
            self._http.call("DELETE", path, "unlinking evidence", params=params, is_repeatable=True)
        except NotFoundError:
            return
        self._written.note(ref.external_id)

    def linked(self, ref: TicketRef, known: Collection[str] = ()) -> Sequence[TicketLink]:
        """Return the ticket's remote links."""
        doing = "reading links"
        answer = self._http.get(f"{self._at.issue(ref.external_id)}/remotelink", doing)
        try:
            return [ticket_link(record) for record in answer]
        except MISREAD as exc:
            raise AnswerError(VENDOR, doing, type(exc).__name__) from exc

    @property
    def keeps_figures(self) -> bool:
        """Return whether settings name fields."""
        return bool(self._figures.named)

    def show_figures(self, ref: TicketRef, figures: Figures) -> None:
        """Write the fields that are named."""
        if self.keeps_figures:
            self._figures.write(self._at, ref.external_id, figures)
            self._written.note(ref.external_id)

    def form(self, project: str, kind: str = "") -> TicketForm:
        """Return the project's kinds of issue, and the required fields of one."""
        return self._creation.form(project, kind, self._site_url)

    def create(self, draft: TicketDraft) -> ReceivedTicket:
        """Create the ticket and read it; a failure to read it leaves the creation to be looked up."""
        doing = "creating a ticket"
        fields = self._creation.fields(draft)
        answer = self._http.call("POST", f"{self._at.api}/issue", doing, json={"fields": fields})
        made = id_of(answer.json(), doing)
        self._written.note(made)
        try:
            return self.get(made)
        except IntegrationError as exc:
            raise UncertainError(VENDOR, doing, "created, but not read") from exc

    def find_created(self, draft_key: str) -> ReceivedTicket | None:
        """Return the first ticket with the draft's label; search may take a while to know a new one."""
        query = f"labels = {jql_text(draft_label(draft_key))} ORDER BY created ASC"
        for issues in self._search(query):
            for record in issues:
                return self._read(record, "looking for a created ticket")
        return None

    def check(self) -> Sequence[Finding]:
        """Return what works and what is missing."""
        try:
            return [*findings(self._at, self._projects, self._figures)]
        except AccessError as exc:
            return [Finding(False, str(exc), exc.remedy)]
        except IntegrationError as exc:
            return [Finding(False, str(exc), "Check the site's address and try again.")]

    @property
    def _creation(self) -> Creation:
        return Creation(self._at, self._issue_type, self._create_fields)

    @cached_property
    def _at(self) -> Deployment:
        if self._deployment is None:
            self._about()
        return Cloud(self._http) if self._deployment == "cloud" else Server(self._http)

    def _about(self) -> Mapping[str, Any]:
        answer = self._http.get(ABOUT, "asking what the site is")
        if not isinstance(answer, dict):
            raise AnswerError(VENDOR, "asking what the site is", "no facts in the answer")
        if self._deployment is None:
            self._deployment = "cloud" if answer.get("deploymentType") == "Cloud" else "server"
        return answer

    def _server_time(self) -> datetime:
        try:
            return moment(self._about()["serverTime"])
        except MISREAD as exc:
            raise AnswerError(VENDOR, "reading the time", "no time in the answer") from exc

    def _search(self, query: str) -> Iterator[list[Mapping[str, Any]]]:
        return self._at.search(query, FIELDS, self._per_page, self._written.ids())

    def _tickets(
        self, issues: Sequence[Mapping[str, Any]], since: datetime
    ) -> tuple[tuple[ReceivedTicket, ...], tuple[Unreadable, ...]]:
        tickets, unreadable = [], []
        for record in issues:
            try:
                tickets.append(self._read(record, "reading tickets"))
            except AnswerError as exc:
                unreadable.append(Unreadable(exc.external_id or "", exc.detail))
        return tuple(t for t in tickets if t.updated_at >= since), tuple(unreadable)

    def _read(self, record: Mapping[str, Any], doing: str) -> ReceivedTicket:
        try:
            return ticket(record, self._site_url, self._at.text_of)
        except MISREAD as exc:
            given = record.get("id") if isinstance(record, Mapping) else None
            raise AnswerError(VENDOR, doing, type(exc).__name__, external_id=str(given or "")) from exc


def _minutes(period: timedelta) -> str:
    return f"-{ceil(period / timedelta(minutes=1))}m"
