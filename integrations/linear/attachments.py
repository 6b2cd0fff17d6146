"""Where the workspace has no customer requests: one attachment a piece, and one living comment a ticket."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from bot.domain.annotation import Annotation, Evidence, TicketLink
from bot.domain.ticket import TicketRef
from bot.errors import AccessError, AnswerError, NotFoundError
from integrations.linear import documents
from integrations.linear.client import MISREAD, NOT_ALLOWED, VENDOR, ConflictError, Json, LinearHttp
from integrations.linear.mapping import attachment, our_id, unmarked
from integrations.linear.markdown import annotation_markdown

# A deleted comment keeps its id, so that each one made anew needs another.
MOST_COMMENTS = 10


class Attachments:
    """The attachments and comments of a workspace."""

    def __init__(self, http: LinearHttp) -> None:
        self._http = http

    def link(self, ref: TicketRef, evidence: Evidence) -> str:
        """Write the attachment: Linear updates the one with this address; one with an older address goes."""
        doing, given = "linking evidence", attachment(evidence, ref.external_id)
        there = self._ours(ref, evidence.key)
        same = [one for one in there if one["url"] == given["url"]]
        if same and all(same[0][name] == given[name] for name in ("title", "subtitle", "metadata")):
            written = str(same[0]["id"])
        else:
            written = self._write(given)
        for one in there:
            if one["url"] != given["url"]:
                self._delete(one, doing)
        return written

    def unlink(self, ref: TicketRef, evidence_key: str) -> None:
        """Delete the piece's attachment, if it and the ticket are there."""
        with suppress(NotFoundError):
            for one in self._ours(ref, evidence_key):
                self._delete(one, "unlinking evidence")

    def links(self, ref: TicketRef) -> Iterator[TicketLink]:
        """Yield the ticket's attachments, ours with their keys."""
        for one in self._rows(ref):
            url, key = unmarked(one["url"])
            yield TicketLink(url, key, one["title"])

    def annotate(self, ref: TicketRef, annotation: Annotation, known: str | None) -> str:
        """Edit our comment, or find it by its ids and edit that, or add it."""
        body = annotation_markdown(annotation)
        if known and self._edit(known, body):
            return known
        found = self.find_annotation(ref)
        if found and self._edit(found, body):
            return found
        return self._add(ref, body)

    def find_annotation(self, ref: TicketRef) -> str | None:
        """Return the id of our comment on the ticket."""
        doing, ids = "reading comments", _ids(ref)
        data = self._http.ask(documents.OUR_COMMENTS, doing, id=ref.external_id, ids=ids)
        try:
            there = {str(one["id"]) for one in data["issue"]["comments"]["nodes"]}
        except MISREAD as exc:
            raise AnswerError(VENDOR, doing, type(exc).__name__) from exc
        return next((id_ for id_ in ids if id_ in there), None)

    def _add(self, ref: TicketRef, body: str) -> str:
        doing = "annotating a ticket"
        for id_ in _ids(ref):
            given = {"id": id_, "issueId": ref.external_id, "body": body, "doNotSubscribeToIssue": True}
            try:
                self._http.write(documents.CREATE_COMMENT, doing, input=given)
            except ConflictError:
                if self._edit(id_, body):  # made just now, and the answer was lost
                    return id_
            else:
                return id_
        raise AnswerError(VENDOR, doing, f"our comment was removed {MOST_COMMENTS} times")

    def _edit(self, comment: str, body: str) -> bool:
        """Replace the comment's words; return False where it is gone, or another account's.

        An account used before has written it then: Linear lets nobody else edit it, so it is made anew.
        """
        try:
            self._http.write(
                documents.UPDATE_COMMENT, "annotating a ticket", id=comment, input={"body": body}
            )
        except NotFoundError:
            return False
        except AccessError as exc:
            if exc.detail != NOT_ALLOWED:
                raise
            return False
        return True

    def _write(self, given: Json) -> str:
        data = self._http.write(documents.CREATE_ATTACHMENT, "linking evidence", input=given)
        try:
            return str(data["attachmentCreate"]["attachment"]["id"])
        except MISREAD as exc:
            raise AnswerError(VENDOR, "linking evidence", type(exc).__name__) from exc

    def _delete(self, one: Json, doing: str) -> None:
        with suppress(NotFoundError):  # deleted before, and the answer was lost
            self._http.write(documents.DELETE_ATTACHMENT, doing, id=one["id"])

    def _ours(self, ref: TicketRef, evidence_key: str) -> list[Json]:
        return [one for one in self._rows(ref) if unmarked(one["url"])[1] == evidence_key]

    def _rows(self, ref: TicketRef) -> Iterator[Json]:
        doing = "reading links"
        for one in self._http.rows(documents.ATTACHMENTS, doing, "attachments", ref.external_id):
            if not isinstance(one.get("url"), str) or not isinstance(one.get("title"), str):
                raise AnswerError(VENDOR, doing, "an attachment without address or title")
            yield one


def _ids(ref: TicketRef) -> list[str]:
    return [our_id("comment", f"{ref.external_id} {number}") for number in range(MOST_COMMENTS)]
