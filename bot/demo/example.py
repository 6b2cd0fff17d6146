"""The bundled example company as records of the stand-ins; its times are relative to the demo's week."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

from bot.domain.week import week_of

FOLDER = Path(__file__).parents[2] / "examples"
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
UNSETTLED = timedelta(minutes=2)
FIELD = "FLD"  # the project that is in Jira; the other team's tickets are in Linear
CATEGORIES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done"}
Record = dict[str, Any]


@dataclass(frozen=True)
class Example:
    """The example as of `now`. Conversations that lie in the future then are left out."""

    now: datetime
    folder: Path = FOLDER

    @cached_property
    def companies(self) -> list[Record]:
        """The customers' companies."""
        return self._read("companies.json")

    @cached_property
    def people(self) -> list[Record]:
        """Who writes."""
        return self._read("people.json")

    @cached_property
    def agents(self) -> list[Record]:
        """Who answers."""
        return self._read("agents.json")

    @cached_property
    def tickets(self) -> list[Record]:
        """The tickets of both teams."""
        return self._read("tickets.json")

    @cached_property
    def truth(self) -> dict[str, str | None]:
        """Which ticket each conversation is about, as a careful reader says.

        None or a theme's name where none fits.
        """
        return dict(json.loads((self.folder / "truth.json").read_text(encoding="utf-8")))

    @cached_property
    def conversations(self) -> list[Record]:
        """What has been said by now, oldest first."""
        lines = (self.folder / "conversations.jsonl").read_text(encoding="utf-8").splitlines()
        rows = [json.loads(line) for line in lines if line.strip()]
        return sorted((r for r in rows if self.ends(r) <= self.now - UNSETTLED), key=self.starts)

    def starts(self, record: Record) -> datetime:
        """Return when a record's week and time of day are, in this run."""
        day, clock = record["at"].split()
        monday = week_of(self.now, "UTC").monday + timedelta(weeks=record["week"], days=DAYS.index(day))
        return datetime.combine(monday, time.fromisoformat(clock), UTC)

    def changed(self, ticket: Record) -> datetime:
        """Return when a ticket came to stand as it does."""
        resolved = ticket.get("resolved_week")
        return self.starts(ticket if resolved is None else {**ticket, "week": resolved})

    def ends(self, conversation: Record) -> datetime:
        """Return when its last turn was."""
        return self.starts(conversation) + timedelta(
            minutes=max(t["after_min"] for t in conversation["turns"])
        )

    def said(self, conversation: Record, turn: Record) -> datetime:
        """Return when the turn was."""
        return self.starts(conversation) + timedelta(minutes=turn["after_min"])

    def since(self, person: Record) -> datetime:
        """Return when the person became a customer."""
        return self.now - timedelta(weeks=person["customer_since_weeks"])

    def _read(self, name: str) -> list[Record]:
        return list(json.loads((self.folder / name).read_text(encoding="utf-8")))


def company_facts(company: Record) -> dict[str, str]:
    """Return plan, segment, and what the company pays a year, as a support tool's custom fields hold them."""
    paid = company["revenue"]
    yearly = Decimal(paid["amount"]) * (12 if paid["period"] == "month" else 1)
    return {
        "plan": company["plan"],
        "segment": company["segment"],
        "yearly_revenue": str(yearly),
        "currency": paid["currency"],
    }


def jira_load(example: Example) -> Record:
    """Return the field team's tickets in the Jira stand-in's form."""
    theirs = [ticket for ticket in example.tickets if ticket["key"].startswith(f"{FIELD}-")]
    return {
        "projects": [{"key": FIELD, "name": "Torvekit Field"}],
        "issues": [_issue(example, ticket) for ticket in theirs],
    }


def _issue(example: Example, ticket: Record) -> Record:
    created, updated = example.starts(ticket), example.changed(ticket)
    return {
        "key": ticket["key"],
        "summary": ticket["title"],
        "description": ticket["description"],
        "status": ticket["status"],
        "statusCategory": CATEGORIES[ticket["status"]],
        "created": created.isoformat(),
        "updated": updated.isoformat(),
        "labels": ticket["labels"],
        "components": ticket["components"],
        "issuetype": ticket["type"],
        "priority": ticket["priority"],
    }
