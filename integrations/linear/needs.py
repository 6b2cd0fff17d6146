"""Customer requests: one need a piece, under an id of our own, with its customer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.domain.annotation import Account, Evidence, TicketLink
from bot.domain.ticket import TicketRef
from bot.errors import AnswerError, NotFoundError
from integrations.linear import documents
from integrations.linear.client import MISREAD, VENDOR, ConflictError, FeatureError, Json, LinearHttp
from integrations.linear.mapping import address, customer, need_id, quote_markdown, unmarked, written
from integrations.linear.markdown import is_same


class Needs:
    """The needs of a workspace.

    A need may be without a customer, as Linear's schema says of one that is not yet associated: so is that of
    a piece whose company is not known. It is given one when the company becomes known.
    """

    def __init__(self, http: LinearHttp) -> None:
        self._http = http
        self._customers: dict[Account, str] = {}  # as last written: none is written twice with the same facts

    def link(self, ref: TicketRef, evidence: Evidence) -> str:
        """Create the need, or change what differs in the one that is there, wherever it hangs."""
        remembered = evidence.account if evidence.account in self._customers else None
        try:
            return self._link(ref, evidence)
        except NotFoundError:
            if remembered is None:
                raise
            self._customers.pop(remembered, None)  # it may be the customer that is gone, and not the ticket
        return self._link(ref, evidence)

    def unlink(self, ref: TicketRef, evidence_key: str) -> None:
        """Archive the need if it still hangs on this ticket."""
        found = self._read(need_id(evidence_key))
        if found and found["archivedAt"] is None and _issue(found) == ref.external_id:
            self._http.write(documents.ARCHIVE_NEED, "unlinking evidence", id=need_id(evidence_key))

    def links(self, ref: TicketRef) -> Iterator[TicketLink]:
        """Yield the sources of the ticket's needs, ours with their keys."""
        doing = "reading links"
        for record in self._http.rows(documents.NEEDS, doing, "needs", ref.external_id):
            try:
                url, key = unmarked(record["url"] or "")
                yield TicketLink(url, key if key and record["id"] == need_id(key) else "")
            except MISREAD as exc:
                raise AnswerError(VENDOR, doing, type(exc).__name__) from exc

    def _link(self, ref: TicketRef, evidence: Evidence) -> str:
        found = self._read(need_id(evidence.key))
        customer_id = self._customer(evidence.account) if evidence.account else ""
        if found is None:
            try:
                return self._create(ref, evidence, customer_id)
            except ConflictError:
                found = self._read(need_id(evidence.key))
        if found is None:
            raise AnswerError(VENDOR, "linking evidence", "the need's id is taken, but no need has it")
        self._change(found, ref, evidence, customer_id)
        return need_id(evidence.key)

    def _read(self, id_: str) -> Json | None:
        """Return our need, archived or not, with the parts that are compared."""
        doing = "reading a customer request"
        try:
            found = self._http.ask(documents.NEED, doing, id=id_).get("customerNeed")
        except NotFoundError:
            return None
        if not isinstance(found, dict) or not {"archivedAt", "issue"} <= found.keys():
            raise AnswerError(VENDOR, doing, "no customer request in the answer")
        return found

    def _create(self, ref: TicketRef, evidence: Evidence, customer_id: str) -> str:
        id_ = need_id(evidence.key)
        given: dict[str, Any] = {
            "id": id_,
            "issueId": ref.external_id,
            "body": quote_markdown(evidence),
            "attachmentUrl": address(evidence, ref.external_id),
            "priority": float(evidence.is_important),
        }
        if customer_id:
            given["customerId"] = customer_id
        now = self._http.served_at
        if evidence.said_at and now and evidence.said_at < now:  # Linear refuses what its clock has not seen
            given["createdAt"] = written(evidence.said_at)
        self._http.write(documents.CREATE_NEED, "linking evidence", input=given)
        return id_

    def _change(self, found: Json, ref: TicketRef, evidence: Evidence, customer_id: str) -> None:
        """Write what differs, in one request; an archived need is brought back first."""
        id_, doing = need_id(evidence.key), "linking evidence"
        if found["archivedAt"] is not None:
            self._http.write(documents.UNARCHIVE_NEED, doing, id=id_)
        try:
            differs = dict(_differences(found, ref, evidence, customer_id))
        except MISREAD as exc:
            raise AnswerError(VENDOR, doing, type(exc).__name__) from exc
        if differs:
            self._http.write(documents.UPDATE_NEED, doing, id=id_, input=differs)

    def _customer(self, account: Account) -> str:
        """Return the customer's id, its record brought up to date where we have not just done so."""
        if account not in self._customers:
            self._customers[account] = self._upsert(customer(account))
        return self._customers[account]

    def _upsert(self, given: Json) -> str:
        doing = "writing a customer"
        try:
            data = self._http.write(documents.UPSERT_CUSTOMER, doing, input=given)
        except FeatureError:
            raise
        except AnswerError:
            # A domain that Linear takes for public, or that is another customer's, must not lose the piece.
            if "domains" not in given:
                raise
            bare = {name: value for name, value in given.items() if name != "domains"}
            data = self._http.write(documents.UPSERT_CUSTOMER, doing, input=bare)
        try:
            return str(data["customerUpsert"]["customer"]["id"])
        except MISREAD as exc:
            raise AnswerError(VENDOR, doing, type(exc).__name__) from exc


def linked_by_requests(needs: Iterable[TicketLink], attachments: Iterable[TicketLink]) -> list[TicketLink]:
    """Return the needs' sources, and the attachments that are none's.

    What an unlinked need left behind carries our key, and tells nothing.
    """
    attached = list(attachments)
    titles = {one.url: one.title for one in attached}
    ours = [TicketLink(one.url, one.key, titles.get(one.url, "")) for one in needs if one.url]
    known = {one.url for one in ours}
    return ours + [one for one in attached if not one.key and one.url not in known]


def _issue(found: Json) -> str:
    return str(found["issue"]["id"]) if found["issue"] else ""


def _differences(
    found: Json, ref: TicketRef, evidence: Evidence, customer_id: str
) -> Iterator[tuple[str, Any]]:
    if _issue(found) != ref.external_id:
        yield "issueId", ref.external_id
    if not is_same(body := quote_markdown(evidence), found["body"]):
        yield "body", body
    if bool(found["priority"]) != evidence.is_important:
        yield "priority", float(evidence.is_important)
    if found["url"] != (url := address(evidence, ref.external_id)):
        yield "attachmentUrl", url
    if customer_id and (found["customer"] or {}).get("id") != customer_id:
        yield "customerId", customer_id
