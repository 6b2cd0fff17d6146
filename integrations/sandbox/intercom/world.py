"""The stand-in's state: contacts, companies, and conversations with their parts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count
from typing import Any

from integrations.sandbox.clock import SandboxClock

Record = dict[str, Any]
APP_ID = "standin1"
MOST_PARTS = 500


class World:
    """Everything that the workspace holds. Ids are texts, times Unix seconds, as in the vendor's records."""

    def __init__(self, clock: SandboxClock) -> None:
        self._clock = clock
        self._ids = count(700_000_001)
        self.contacts: dict[str, Record] = {}
        self.companies: dict[str, Record] = {}
        self.conversations: dict[str, Record] = {}
        self.parts: dict[str, list[Record]] = {}

    def now_s(self) -> int:
        """Return this second, in Unix time."""
        return int(self._clock.now().timestamp())

    def add_company(self, given: Mapping[str, Any]) -> None:
        """Add or replace a company."""
        if not given.get("name"):
            raise ValueError("company: name is required")
        now = self.now_s()
        self.companies[str(given["id"])] = {
            "type": "company", "app_id": APP_ID, "company_id": str(given["id"]), "created_at": now,
            "updated_at": now, "plan": {}, "monthly_spend": 0, "session_count": 0, "user_count": 1,
            "tags": {"type": "tag.list", "tags": []}, "segments": {"type": "segment.list", "segments": []},
            "custom_attributes": {}, **given, "id": str(given["id"]),
        }  # fmt: skip

    def add_contact(self, given: Mapping[str, Any]) -> None:
        """Add or replace a contact. companies: their ids."""
        contact_id, now = str(given["id"]), self.now_s()
        role = given.get("role", "user")
        if role not in ("user", "lead"):
            raise ValueError(f"contact {contact_id}: role must be user or lead")
        companies = [str(found) for found in given.get("companies", ())]
        if missing := set(companies) - self.companies.keys():
            raise ValueError(f"contact {contact_id}: company {missing.pop()} does not exist")
        linked = [{"id": found, "type": "company", "url": f"/companies/{found}"} for found in companies]
        self.contacts[contact_id] = {
            "type": "contact", "workspace_id": APP_ID, "external_id": None, "email": "", "phone": None,
            "name": None, "created_at": now, "updated_at": now, "signed_up_at": None,
            "language_override": None, "browser": None, "browser_version": None, "browser_language": None,
            "os": None, "ios_app_version": None, "ios_device": None, "ios_os_version": None,
            "android_app_version": None,
            "android_device": None, "android_os_version": None, "custom_attributes": {},
            "location": {"type": "location", "country": None, "region": None, "city": None},
            **given, "id": contact_id, "role": role,
            "companies": {
                "type": "list", "data": linked, "url": f"/contacts/{contact_id}/companies",
                "total_count": len(linked), "has_more": False,
            },
        }  # fmt: skip

    def add_conversation(self, given: Mapping[str, Any]) -> None:
        """Add a conversation. contact_id: who it is with; source: what opened it; parts: what followed."""
        conversation_id, contact_id = str(int(given["id"])), str(given["contact_id"])
        if contact_id not in self.contacts:
            raise ValueError(f"conversation {conversation_id}: contact {contact_id} does not exist")
        created_at = int(given.get("created_at", self.now_s()))
        reference = {
            "type": "contact",
            "id": contact_id,
            "external_id": self.contacts[contact_id]["external_id"],
        }
        tags = [{"type": "tag", "id": str(next(self._ids)), "name": name} for name in given.get("tags", ())]
        conversation = {
            "type": "conversation", "id": conversation_id, "title": None, "created_at": created_at,
            "updated_at": created_at, "waiting_since": None, "snoozed_until": None, "open": True,
            "state": "open", "read": True, "priority": "not_priority", "admin_assignee_id": None,
            "team_assignee_id": None, "conversation_rating": None, "teammates": None, "custom_attributes": {},
            "first_contact_reply": None, "sla_applied": None, "ai_agent_participated": False,
            "ai_agent": None,
            "linked_objects": {"type": "list", "data": [], "total_count": 0, "has_more": False},
            **{k: v for k, v in given.items() if k not in ("contact_id", "parts", "tags")},
            "tags": {"type": "tag.list", "tags": tags},
            "contacts": {"type": "contact.list", "contacts": [reference]},
            "source": self._source(given.get("source", {}), contact_id),
        }  # fmt: skip
        conversation["id"] = conversation_id
        self.conversations[conversation_id], self.parts[conversation_id] = conversation, []
        for part in given.get("parts", ()):
            self._add_part(conversation, part, created_at)
        latest = max([created_at, *(part["created_at"] for part in self.parts[conversation_id])])
        conversation["updated_at"] = given.get("updated_at", latest)

    def update_conversation(self, given: Mapping[str, Any]) -> None:
        """Change fields (as given, even to what the vendor would never answer) and add parts, now."""
        conversation = self.conversations[str(given["id"])]
        conversation["updated_at"] = self.now_s()
        conversation.update({k: v for k, v in given.items() if k not in ("id", "parts")})
        for part in given.get("parts", ()):
            self._add_part(conversation, part, self.now_s())

    def delete_conversation(self, conversation_id: str) -> None:
        """Delete for good: nothing tells of it."""
        del self.conversations[str(conversation_id)], self.parts[str(conversation_id)]

    def redact(self, conversation_id: str, part_id: str | None) -> None:
        """Replace the words of a part, or of the source for None, by the vendor's notice."""
        conversation = self.conversations[str(conversation_id)]
        parts = {part["id"]: part for part in self.parts[str(conversation_id)]}
        words = parts[part_id] if part_id else conversation["source"]
        words.update(body="<p><i>This message was deleted</i></p>", redacted=True, attachments=[])
        conversation["updated_at"] = self.now_s()

    def whole(self, conversation_id: str) -> Record:
        """Return a conversation with its newest parts and its statistics."""
        parts = self.parts[conversation_id]
        return {
            **self.listed(conversation_id),
            "conversation_parts": {
                "type": "conversation_part.list",
                "conversation_parts": parts[-MOST_PARTS:],
                "total_count": len(parts),
            },
        }

    def listed(self, conversation_id: str) -> Record:
        """Return a conversation as lists show it: without parts."""
        statistics = {
            "type": "conversation_statistics",
            "count_conversation_parts": len(self.parts[conversation_id]),
        }
        return {**self.conversations[conversation_id], "statistics": statistics}

    def _source(self, given: Mapping[str, Any], contact_id: str) -> Record:
        author = self._author(given.get("author", {}), contact_id)
        return {
            "type": "conversation", "id": str(next(self._ids)), "delivered_as": "customer_initiated",
            "subject": "", "body": "", "attachments": [], "url": None, "redacted": False, **given,
            "author": author,
        }  # fmt: skip

    def _add_part(self, conversation: Record, given: Mapping[str, Any], now: int) -> None:
        contact_id = conversation["contacts"]["contacts"][0]["id"]
        created_at = given.get("created_at", now)
        part = {
            "type": "conversation_part", "id": str(next(self._ids)), "part_type": "comment", "body": None,
            "created_at": created_at, "updated_at": created_at, "notified_at": created_at,
            "assigned_to": None, "attachments": [], "external_id": None, "redacted": False, "state": "open",
            "tags": [],
            **given, "author": self._author(given.get("author", {}), contact_id),
        }  # fmt: skip
        self.parts[conversation["id"]].append(part)
        self.parts[conversation["id"]].sort(key=lambda found: (found["created_at"], int(found["id"])))

    def _author(self, given: Mapping[str, Any], contact_id: str) -> Record:
        contact = self.contacts[contact_id]
        default = {
            "type": contact["role"],
            "id": contact_id,
            "name": contact["name"],
            "email": contact["email"],
        }
        return {**default, **given} if given.get("type", contact["role"]) == contact["role"] else dict(given)
