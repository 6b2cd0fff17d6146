"""The bundled example's office team in the Linear stand-in's form."""

from __future__ import annotations

from typing import Any

from bot.demo.example import Example

TEAM, NAME = "OFC", "Torvekit Office"
STATES = {"To Do": "unstarted", "In Progress": "started", "Done": "completed"}
PRIORITIES = {"Highest": 1, "High": 2, "Medium": 3, "Low": 4, "Lowest": 4}


def linear_load(example: Example) -> dict[str, Any]:
    """Return the team's tickets."""
    theirs = [ticket for ticket in example.tickets if ticket["key"].startswith(f"{TEAM}-")]
    return {
        "teams": [{"key": TEAM, "name": NAME}],
        "issues": [_issue(example, ticket) for ticket in theirs],
    }


def _issue(example: Example, ticket: dict[str, Any]) -> dict[str, Any]:
    created, updated = example.starts(ticket), example.changed(ticket)
    return {
        "identifier": ticket["key"],
        "title": ticket["title"],
        "description": ticket["description"],
        "state": STATES[ticket["status"]],
        "state_since": updated.isoformat(),
        "created": created.isoformat(),
        "updated": updated.isoformat(),
        "labels": [*ticket["labels"], ticket["type"]],
        "priority": PRIORITIES[ticket["priority"]],
    }
