"""What mutations do to customers and their requests."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from integrations.sandbox.linear.inputs import most, past, some_text, web_address
from integrations.sandbox.linear.refusals import feature_off, invalid, not_found
from integrations.sandbox.linear.state import Customer, Need, Workspace
from integrations.sandbox.linear.writing import attach

Resolver = Callable[..., Any]
PUBLIC = frozenset("gmail.com outlook.com hotmail.com yahoo.com icloud.com proton.me gmx.de web.de".split())


class Requests:
    """The mutations of customers and needs."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def fields(self) -> dict[tuple[str, str], Resolver]:
        """Return each mutation."""
        return {
            ("Mutation", "customerUpsert"): lambda _, info, input: self._upsert_customer(input),
            ("Mutation", "customerNeedCreate"): lambda _, info, input: self._create(input),
            ("Mutation", "customerNeedUpdate"): lambda _, info, id, input, **more: self._update(
                id, input, **more
            ),
            ("Mutation", "customerNeedArchive"): lambda _, info, id: self._archive(id, is_archived=True),
            ("Mutation", "customerNeedUnarchive"): lambda _, info, id: self._archive(id, is_archived=False),
        }

    def _upsert_customer(self, given: dict[str, Any]) -> dict[str, Any]:
        self._require_requests()
        space = self._workspace
        domains = [domain.lower() for domain in given.get("domains") or ()]
        if public := PUBLIC & set(domains):
            raise invalid(f"Public email domains are not allowed: {', '.join(sorted(public))}.")
        if "name" in given:
            some_text("name", given["name"])
        customer = self._match(given, domains)
        for other in space.customers.values():
            if other is not customer and set(other.domains) & set(domains):
                raise invalid("A customer with this domain already exists.")
        if customer is None:
            name = some_text("name", given.get("name"))
            customer = Customer(id=space.new_id("Customer", given.get("id")), name=name)
            space.customers[customer.id] = customer
        customer.name = str(most("name", given.get("name") or customer.name, 255))
        customer.domains = sorted({*customer.domains, *domains})
        if (external := given.get("external_id")) and external not in customer.external_ids:
            customer.external_ids.append(external)
        customer.revenue = given.get("revenue", customer.revenue)
        customer.size = given.get("size", customer.size)
        return {"success": True, "last_sync_id": 1.0, "customer": customer}

    def _match(self, given: dict[str, Any], domains: list[str]) -> Customer | None:
        """Return the customer with this id, else this external id, else one of the domains."""
        every = self._workspace.customers.values()
        by_id = (one for one in every if one.id == given.get("id"))
        by_key = (one for one in every if given.get("external_id") in one.external_ids)
        by_domain = (one for one in every if set(one.domains) & set(domains))
        return next(by_id, None) or next(by_key, None) or next(by_domain, None)

    def _create(self, given: dict[str, Any]) -> dict[str, Any]:
        self._require_requests()
        space = self._workspace
        if given.get("issue_id") is None:
            raise invalid("Either issueId or projectId must be provided.")
        issue, customer = space.issue(given["issue_id"]), self._customer(given)
        body, priority = most("body", given.get("body"), 100_000), _priority(given)
        created = past("createdAt", given.get("created_at"), space.now())
        url = given.get("attachment_url")
        if url is not None:
            web_address("attachmentUrl", url)
        id_ = space.new_id("CustomerNeed", given.get("id"))
        need = Need(id=id_, issue=issue, created_at=created, body=body, priority=priority, customer=customer)
        need.attachment = attach(space, issue, url) if url is not None else None
        space.needs[id_] = need
        issue.updated_at = space.now()
        return {"success": True, "last_sync_id": 1.0, "need": need}

    def _update(
        self, id_: str, given: dict[str, Any], clear_attachment: bool | None = None
    ) -> dict[str, Any]:
        self._require_requests()
        space = self._workspace
        need = space.need(id_)
        if need.archived_at is not None:
            raise invalid("An archived customer request cannot be changed.")
        issue = space.issue(given["issue_id"]) if "issue_id" in given else need.issue
        customer = self._customer(given) or need.customer
        body = most("body", given.get("body", need.body), 100_000)
        priority = _priority(given) if "priority" in given else need.priority
        url = given.get("attachment_url")
        if url is not None:
            web_address("attachmentUrl", url)
        if need.attachment and (issue is not need.issue or clear_attachment or url is not None):
            need.issue.attachments.pop(need.attachment.url, None)
        if url is not None:
            need.attachment = attach(space, issue, url)
        elif clear_attachment:
            need.attachment = None
        elif need.attachment:
            issue.attachments[need.attachment.url] = need.attachment
        need.issue, need.customer, need.body, need.priority = issue, customer, body, priority
        issue.updated_at = space.now()
        return {"success": True, "last_sync_id": 1.0, "need": need}

    def _archive(self, id_: str, *, is_archived: bool) -> dict[str, Any]:
        """Archive or unarchive a need; its attachment stays on the issue."""
        self._require_requests()
        need = self._workspace.need(id_)
        need.archived_at = self._workspace.now() if is_archived else None
        need.issue.updated_at = self._workspace.now()
        return {"success": True, "last_sync_id": 1.0, "entity": need}

    def _customer(self, given: dict[str, Any]) -> Customer | None:
        id_, external = given.get("customer_id"), given.get("customer_external_id")
        if id_ is not None and external is not None:
            raise invalid("Only one of customerId and customerExternalId can be given.")
        if id_ is None and external is None:
            return None
        every = self._workspace.customers.values()
        found = next((one for one in every if one.id == id_ or external in one.external_ids), None)
        if found is None:
            raise not_found("Customer")
        return found

    def _require_requests(self) -> None:
        if not self._workspace.settings.customers_enabled:
            raise feature_off()


def _priority(given: dict[str, Any]) -> float:
    priority = given.get("priority") or 0.0
    if priority not in (0, 1):
        raise invalid("priority must be 0 or 1.")
    return float(priority)
