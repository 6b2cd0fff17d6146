"""The stand-in's state: people, organisations, brands, tickets with comments, and the two change streams."""

from __future__ import annotations

import html
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from itertools import count
from typing import Any

from integrations.sandbox.clock import SandboxClock

Record = dict[str, Any]
SETTLE_S = 60  # "any items that were created or changed within the minute prior to your request are excluded"


class Stream:
    """Things in order of (second, id); what is new or moved is sorted in when next read."""

    def __init__(self) -> None:
        self._rows: list[tuple[int, int]] = []
        self._latest: dict[int, tuple[int, Any]] = {}
        self._is_sorted = True

    def put(self, stamp: int, key: int, thing: Any) -> None:
        """Add the thing, or move it to a new second."""
        self._latest[key] = (stamp, thing)
        self._rows.append((stamp, key))
        self._is_sorted = False

    def after(self, stamp: int, key: int, until: int) -> Iterator[tuple[int, int, Any]]:
        """Yield (second, id, thing) for what follows (stamp, key), up to and including the second `until`."""
        if not self._is_sorted:
            self._rows = sorted({row for row in self._rows if self._latest[row[1]][0] == row[0]})
            self._is_sorted = True
        first = bisect_right(self._rows, (stamp, key))
        last = bisect_left(self._rows, (until + 1, 0))
        return ((*self._rows[n], self._latest[self._rows[n][1]][1]) for n in range(first, last))


class World:
    """Everything that the account holds. Ids are integers; times in records are ISO 8601 texts."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._ids = count(900_000_001)
        self.base_url = ""
        self.users: dict[int, Record] = {}
        self.organizations: dict[int, Record] = {}
        self.brands: dict[int, Record] = {}
        self.tickets: dict[int, Record] = {}
        self.comments: dict[int, list[Record]] = {}
        self.changed_tickets, self.events = Stream(), Stream()
        self.add_user({"id": 1, "name": "Ada Admin", "email": "admin@example.com", "role": "admin"})
        self.add_brand({"id": 1, "name": "Support", "subdomain": "stand-in", "default": True})

    def now_s(self) -> int:
        """Return this second, in Unix time."""
        return int(self._clock.now().timestamp())

    def settled_until(self) -> int:
        """Return the newest second that the exports show."""
        return self.now_s() - SETTLE_S

    def add_user(self, given: Mapping[str, Any]) -> None:
        """Add or replace a person. Raises ValueError for what the vendor refuses."""
        user = {
            "email": None, "role": "end-user", "active": True, "locale": "en-US", "organization_id": None,
            "external_id": None, "tags": [], "user_fields": {}, "time_zone": "UTC", "suspended": False,
            "created_at": _iso(self.now_s()), **given,
        }  # fmt: skip
        if not user.get("name"):
            raise ValueError("user: name can't be blank")
        if user["role"] not in ("end-user", "agent", "admin"):
            raise ValueError(f"user: role {user['role']!r} is not valid")
        if user["organization_id"] is not None and user["organization_id"] not in self.organizations:
            raise ValueError(f"user: organization {user['organization_id']} does not exist")
        user.setdefault("updated_at", user["created_at"])
        self.users[int(user["id"])] = user

    def add_organization(self, given: Mapping[str, Any]) -> None:
        """Add or replace an organisation."""
        if not given.get("name"):
            raise ValueError("organization: name can't be blank")
        created_at = given.get("created_at", _iso(self.now_s()))
        organization = {
            "domain_names": [], "external_id": None, "tags": [], "organization_fields": {},
            "created_at": created_at, "updated_at": created_at, **given,
        }  # fmt: skip
        self.organizations[int(given["id"])] = organization

    def add_brand(self, given: Mapping[str, Any]) -> None:
        """Add or replace a brand."""
        if not given.get("name") or not given.get("subdomain"):
            raise ValueError("brand: name and subdomain can't be blank")
        self.brands[int(given["id"])] = {
            "active": True,
            "default": False,
            "created_at": _iso(self.now_s()),
            **given,
        }

    def add_ticket(self, given: Mapping[str, Any]) -> None:
        """Add a ticket with its comments; the first comment is its description."""
        ticket_id = int(given["id"])
        if given.get("requester_id") not in self.users:
            raise ValueError(f"ticket {ticket_id}: requester {given.get('requester_id')} does not exist")
        if not given.get("comments"):
            raise ValueError(f"ticket {ticket_id}: description can't be blank")
        created_at = given.get("created_at", _iso(self.now_s()))
        requester_id = given["requester_id"]
        ticket = {
            "url": f"{self.base_url}/api/v2/tickets/{ticket_id}.json", "external_id": None,
            "via": {"channel": "web"}, "created_at": created_at, "type": None, "subject": "",
            "priority": None, "status": "open", "requester_id": requester_id, "submitter_id": requester_id,
            "assignee_id": None, "organization_id": self.users[requester_id]["organization_id"],
            "group_id": None, "collaborator_ids": [], "follower_ids": [], "has_incidents": False,
            "is_public": True, "due_at": None, "tags": [], "custom_fields": [], "sharing_agreement_ids": [],
            "satisfaction_rating": {"score": "unoffered"}, "brand_id": next(iter(self.brands)),
            "from_messaging_channel": False, "support_type": "agent",
            **{k: v for k, v in given.items() if k != "comments"},
        }  # fmt: skip
        ticket.setdefault("raw_subject", ticket["subject"])
        self.tickets[ticket_id], self.comments[ticket_id] = ticket, []
        for comment in given["comments"]:
            self._add_comment(ticket, comment, created_at)
        ticket["description"] = self.comments[ticket_id][0]["plain_body"]
        ticket.setdefault("updated_at", max(c["created_at"] for c in self.comments[ticket_id]))
        self._stamp(ticket, ticket.get("generated_timestamp") or _unix(ticket["updated_at"]))

    def update_ticket(self, given: Mapping[str, Any]) -> None:
        """Change fields (as given, even to what the vendor would never answer) and add comments, now."""
        ticket, now = self.tickets[int(given["id"])], self.now_s()
        ticket["updated_at"] = _iso(now)
        ticket.update({k: v for k, v in given.items() if k != "comments"})
        for comment in given.get("comments", ()):
            self._add_comment(ticket, comment, _iso(now))
        self._stamp(ticket, now)

    def delete_ticket(self, ticket_id: int) -> None:
        """Delete softly: the export tells, everything else answers 404."""
        self.update_ticket({"id": ticket_id, "status": "deleted"})

    def redact(self, ticket_id: int, text: str) -> None:
        """Black out a text in all comments of a ticket, for good."""
        ticket, now = self.tickets[ticket_id], self.now_s()
        for comment in self.comments[ticket_id]:
            for body in ("body", "plain_body", "html_body"):
                comment[body] = comment[body].replace(text, "\u2587" * len(text))
            self._add_event(
                now, ticket_id, {"event_type": "CommentRedactionEvent", "comment_id": comment["id"]}
            )
        ticket["description"] = self.comments[ticket_id][0]["plain_body"]
        self._stamp(ticket, now)

    def make_private(self, ticket_id: int, comment_id: int) -> None:
        """Turn a public comment into an internal note."""
        comment = next(c for c in self.comments[ticket_id] if c["id"] == comment_id)
        comment["public"] = False
        self._add_event(
            self.now_s(), ticket_id, {"event_type": "CommentPrivacyChange", "comment_id": comment_id}
        )
        self._stamp(self.tickets[ticket_id], self.now_s())

    def live_ticket(self, ticket_id: int) -> Record | None:
        """Return the ticket unless it was deleted."""
        ticket = self.tickets.get(ticket_id)
        return ticket if ticket and ticket["status"] != "deleted" else None

    def _stamp(self, ticket: Record, stamp: int) -> None:
        ticket["generated_timestamp"] = stamp
        self.changed_tickets.put(stamp, ticket["id"], ticket)

    def _add_comment(self, ticket: Record, given: Mapping[str, Any], created_at: str) -> None:
        comment = {
            "id": next(self._ids), "type": "Comment", "author_id": ticket["requester_id"], "public": True,
            "attachments": [], "via": ticket["via"], "created_at": created_at,
            "metadata": {"system": {}, "custom": {}}, **given, **_bodies(given),
        }  # fmt: skip
        comment["audit_id"] = self._add_event(_unix(comment["created_at"]), ticket["id"], comment)
        self.comments[ticket["id"]].append(comment)
        self.comments[ticket["id"]].sort(key=lambda c: (c["created_at"], c["id"]))

    def _add_event(self, stamp: int, ticket_id: int, child: Record) -> int:
        audit_id = next(self._ids)
        self.events.put(stamp, audit_id, (ticket_id, child))
        return audit_id


def _bodies(given: Mapping[str, Any]) -> dict[str, str]:
    """Return a comment in the vendor's three forms, from whichever were given."""
    marked_up, plain = given.get("html_body"), given.get("body") or given.get("plain_body")
    if not marked_up and not plain:
        raise ValueError("comment: body can't be blank")
    plain = plain or html.unescape(re.sub(r"<[^>]+>", " ", str(marked_up))).strip()
    lines = html.escape(str(plain), quote=False).replace("\n", "<br>")
    marked_up = marked_up or f'<div class="zd-comment" dir="auto"><p dir="auto">{lines}</p></div>'
    return {"body": str(plain), "plain_body": str(plain), "html_body": str(marked_up)}


def _iso(stamp: int) -> str:
    return datetime.fromtimestamp(stamp, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _unix(text: str) -> int:
    return int(datetime.fromisoformat(text).timestamp())
