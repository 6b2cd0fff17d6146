"""Jira Cloud behind the port TicketTracker: tickets from search, one living comment and one link a piece."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Any
from urllib.parse import quote

from bot.domain.annotation import Annotation, Evidence, Figures, TicketDraft, TicketLink
from bot.domain.ticket import ReceivedTicket, TicketRef
from bot.errors import AnswerError, IntegrationError, NotFoundError, UncertainError
from bot.ports import Finding, TicketPage, Unreadable
from integrations.http import TIMEOUT_S
from integrations.jira.adf import annotation_document
from integrations.jira.checks import findings
from integrations.jira.client import API, VENDOR, Credentials, JiraHttp
from integrations.jira.mapping import (
    FIELDS,
    MISREAD,
    TRACKER,
    draft_label,
    jql_text,
    moment,
    new_issue,
    remote_link,
    ticket,
    ticket_link,
)
from integrations.pages import Tokens

MARKER = "voc.annotation"
# On a service desk the comment stays inside; elsewhere the property says nothing. Sent always, since an issue
# may move to a service desk with its comments.
PROPERTIES = [
    {"key": MARKER, "value": {"version": 1}},
    {"key": "sd.public.comment", "value": {"internal": True}},
]
# Search lags behind writes: what changed this recently is read again next time.
SETTLES_AFTER = timedelta(minutes=2)
OVERLAP = timedelta(minutes=2)  # JQL counts whole minutes
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class JiraTracker:
    """One Jira Cloud site.

    base_url: where the API is: the site, or for a scoped token https://api.atlassian.com/ex/jira/{cloudId}.
    site_url: where people open tickets; the same unless a gateway is used. projects: keys of those to read.
    """

    name = TRACKER

    def __init__(
        self,
        base_url: str,
        credentials: Credentials,
        projects: Sequence[str],
        *,
        site_url: str = "",
        issue_type: str = "Task",
        per_page: int = 100,
        sleep: Callable[[float], None] = time.sleep,
        timeout_s: tuple[float, float] = TIMEOUT_S,
    ) -> None:
        self._http = JiraHttp(base_url, credentials, sleep=sleep, timeout_s=timeout_s)
        self._per_page = per_page
        self._projects, self._issue_type = tuple(projects), issue_type
        self._site_url = (site_url or base_url).rstrip("/")

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
        return self._read(self._http.get(_issue(key_or_id), doing, {"fields": ",".join(FIELDS)}), doing)

    def many(self, external_ids: Sequence[str]) -> Sequence[ReceivedTicket]:
        """Return those of the tickets that are there."""
        found = []
        for external_id in external_ids:
            try:
                found.append(self.get(external_id))
            except NotFoundError:
                continue
        return found

    def annotate(self, ref: TicketRef, annotation: Annotation, known: str | None) -> str:
        """Edit our comment, or find it by its marker and edit that, or add it."""
        body = {"body": annotation_document(annotation), "properties": PROPERTIES}
        if known and self._edit(ref, known, body):
            return known
        found = self.find_annotation(ref)
        if found and self._edit(ref, found, body):
            return found
        added = self._http.call(
            "POST", f"{_issue(ref.external_id)}/comment", "annotating a ticket", json=body
        )
        return _id(added.json(), "annotating a ticket")

    def find_annotation(self, ref: TicketRef) -> str | None:
        """Return the id of our newest comment that carries the marker."""
        try:
            return self._find_marked(ref)
        except MISREAD as exc:
            raise AnswerError(VENDOR, "reading comments", type(exc).__name__) from exc

    def link(self, ref: TicketRef, evidence: Evidence) -> str:
        """Write the remote link whole; Jira updates the one with this globalId."""
        instead = f"{self._site_url}/issues/?jql=issue%3D{ref.external_id}"
        answer = self._http.call(
            "POST",
            f"{_issue(ref.external_id)}/remotelink",
            "linking evidence",
            json=remote_link(evidence, instead),
            is_repeatable=True,
        )
        return _id(answer.json(), "linking evidence")

    def unlink(self, ref: TicketRef, evidence_key: str) -> None:
        """Remove the link with this globalId, if the link and the ticket are there."""
        path, params = f"{_issue(ref.external_id)}/remotelink", {"globalId": evidence_key}
        try:
            self._http.call("DELETE", path, "unlinking evidence", params=params, is_repeatable=True)
        except NotFoundError:
            return

    def linked(self, ref: TicketRef) -> Sequence[TicketLink]:
        """Return the ticket's remote links."""
        doing = "reading links"
        answer = self._http.get(f"{_issue(ref.external_id)}/remotelink", doing)
        try:
            return [ticket_link(record) for record in answer]
        except MISREAD as exc:
            raise AnswerError(VENDOR, doing, type(exc).__name__) from exc

    @property
    def keeps_figures(self) -> bool:
        """Return False: no fields are named."""
        return False

    def show_figures(self, ref: TicketRef, figures: Figures) -> None:
        """Write nothing."""

    def create(self, draft: TicketDraft) -> ReceivedTicket:
        """Create the ticket and read it; a failure to read it leaves the creation to be looked up."""
        doing = "creating a ticket"
        answer = self._http.call("POST", f"{API}/issue", doing, json=new_issue(draft, self._issue_type))
        try:
            return self.get(_id(answer.json(), doing))
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
        return findings(self._http, self._projects)

    def _server_time(self) -> datetime:
        info = self._http.get(f"{API}/serverInfo", "reading the time")
        try:
            return moment(info["serverTime"])
        except MISREAD as exc:
            raise AnswerError(VENDOR, "reading the time", "no time in the answer") from exc

    def _search(self, query: str) -> Iterator[list[Mapping[str, Any]]]:
        doing = "searching tickets"
        tokens = Tokens(VENDOR, doing)
        body: dict[str, Any] = {"jql": query, "fields": list(FIELDS), "maxResults": self._per_page}
        while True:
            answer = self._http.call("POST", f"{API}/search/jql", doing, json=body, is_read=True).json()
            yield _list(answer, "issues", doing)
            token = answer.get("nextPageToken")
            if not token:
                return
            body["nextPageToken"] = tokens.next(token)

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
            return ticket(record, self._site_url)
        except MISREAD as exc:
            given = record.get("id") if isinstance(record, Mapping) else None
            raise AnswerError(VENDOR, doing, type(exc).__name__, external_id=str(given or "")) from exc

    def _edit(self, ref: TicketRef, comment: str, body: Mapping[str, Any]) -> bool:
        """Replace the comment without mailing anybody; return False where it is gone."""
        path = f"{_issue(ref.external_id)}/comment/{quote(comment, safe='')}"
        params = {"notifyUsers": "false"}
        try:
            self._http.call("PUT", path, "annotating a ticket", json=body, params=params, is_repeatable=True)
        except NotFoundError:
            return False
        return True

    def _find_marked(self, ref: TicketRef) -> str | None:
        path, doing, start = f"{_issue(ref.external_id)}/comment", "reading comments", 0
        while True:
            params = {"startAt": start, "maxResults": self._per_page, "orderBy": "-created"}
            answer = self._http.get(path, doing, params)
            page = _list(answer, "comments", doing)
            if page and (found := self._marked([int(comment["id"]) for comment in page])):
                return found
            start += len(page)
            if not page or start >= answer.get("total", 0):
                return None

    def _marked(self, ids: Sequence[int]) -> str | None:
        """Return the first of these comments that carries our marker."""
        path, doing = f"{API}/comment/list", "reading comments"
        answer = self._http.call(
            "POST", path, doing, json={"ids": list(ids)}, params={"expand": "properties"}, is_read=True
        )
        marked = {
            int(comment["id"])
            for comment in _list(answer.json(), "values", doing)
            if any(one.get("key") == MARKER for one in comment.get("properties") or ())
        }
        return next((str(i) for i in ids if i in marked), None)


def _issue(key_or_id: str) -> str:
    return f"{API}/issue/{quote(key_or_id, safe='')}"


def _minutes(period: timedelta) -> str:
    return f"-{ceil(period / timedelta(minutes=1))}m"


def _list(answer: Any, name: str, doing: str) -> list[Any]:
    if not isinstance(answer, dict) or not isinstance(answer.get(name), list):
        raise AnswerError(VENDOR, doing, f"no {name} in the answer")
    return list(answer[name])


def _id(answer: Any, doing: str) -> str:
    if not isinstance(answer, dict) or "id" not in answer:
        raise UncertainError(VENDOR, doing, "no id in the answer")
    return str(answer["id"])
