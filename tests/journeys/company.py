"""A small company in the stand-ins' forms. What its customers say names the ticket: matches are sure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from config.scopes import SCOPES

REVIEW, DIGEST = "C0REVIEW1", "C0DIGEST1"
BOT_TOKEN, SECRET = "xoxb-journey", "0123456789abcdef0123456789abcdef"
USER = "U0ADA0001"
PROJECTS = ("APP", "WEB")
IN_LINEAR = ("WEB",)  # the journeys' second project
TICKETS = {
    "APP-1": "Export stops after a thousand rows",
    "APP-2": "Dark mode for the editor",
    "WEB-1": "Password reset mail arrives late",
    "WEB-2": "Calendar shows the wrong week",
}


@dataclass(frozen=True, slots=True)
class Said:
    """One conversation. id: of its ticket or conversation at the source; days: how long ago."""

    source: str
    id: int
    person: int
    days: float
    words: str

    @property
    def key(self) -> str:
        """The globalId of its link."""
        return f"voc:{self.source}:{self.id}:1"

    @property
    def ticket(self) -> str:
        """The ticket that it names."""
        return next(key for key in TICKETS if key in self.words)


FEW = (
    Said(
        "zendesk", 1, 1, 4, "APP-1: our export still stops after a thousand rows, the month's report is late."
    ),
    Said("zendesk", 2, 2, 3, "We wait for APP-1, every Friday I copy the missing rows by hand."),
    Said("intercom", 3, 3, 2.5, "Is APP-1 planned? The auditors ask for the export of all our bookings."),
    Said("intercom", 4, 1, 11, "APP-1 again, please: the file ends in the middle and nobody is told."),
    Said("zendesk", 5, 4, 5, "About WEB-1: the reset mail came after forty minutes, I had called you."),
)
# One more than a digest's message quotes, so that its thread has something to say.
SOME = (
    *FEW,
    Said("zendesk", 13, 5, 3.2, "APP-1 hits our depot too, I count four hundred parcels by hand each night."),
)
MANY = (
    *FEW,
    Said("zendesk", 6, 5, 2, "WEB-1 hits our whole shift, ten people could not sign in at six."),
    Said("zendesk", 7, 6, 6, "Any news on WEB-1? The second mail makes the link in the first one useless."),
    Said("intercom", 8, 2, 3.5, "APP-2 would spare my eyes, I write in your editor until midnight."),
    Said("intercom", 9, 4, 2.2, "I vote for APP-2, the white page wakes the baby when I work."),
    Said("zendesk", 10, 3, 5.5, "WEB-2: the calendar opens on last week, I booked the room on a wrong day."),
    Said("intercom", 11, 6, 4.5, "Same as WEB-2 here, on Mondays the calendar shows the week that is over."),
    Said("zendesk", 12, 5, 12, "Please look at WEB-2, our guests came seven days early because of it."),
)


def stand_in_data(
    now: datetime, conversations: tuple[Said, ...], in_linear: tuple[str, ...] = ()
) -> dict[str, dict[str, Any]]:
    """Return what each stand-in is to hold, by vendor. in_linear: projects that are a team's there."""
    in_jira = tuple(key for key in PROJECTS if key not in in_linear)
    return {
        "slack": _slack(),
        "jira": _jira(now, in_jira),
        "linear": _linear(now, in_linear),
        "zendesk": _zendesk(now, [c for c in conversations if c.source == "zendesk"]),
        "intercom": _intercom(now, [c for c in conversations if c.source == "intercom"]),
    }


def _slack() -> dict[str, Any]:
    return {
        "app": {"token": BOT_TOKEN, "scopes": list(SCOPES)},
        "users": [{"id": USER, "name": "ada", "real_name": "Ada"}],
        "channels": [{"id": REVIEW, "name": "voc-review"}, {"id": DIGEST, "name": "product"}],
        "bot": {"signing_secret": SECRET},
    }


def _jira(now: datetime, projects: tuple[str, ...]) -> dict[str, Any]:
    created = (now - timedelta(weeks=6)).isoformat()
    issues = [{"key": key, "summary": title, "created": created} for key, title in _tickets(projects)]
    return {"projects": [{"key": key, "name": key} for key in projects], "issues": issues}


def _linear(now: datetime, teams: tuple[str, ...]) -> dict[str, Any]:
    created = (now - timedelta(weeks=6)).isoformat()
    # Their ids are always the same: a database that was filled from other stand-ins still knows them.
    issues = [
        {
            "id": str(UUID(int=number, version=4)),
            "identifier": key,
            "title": title,
            "created": created,
            "updated": created,
        }
        for number, (key, title) in enumerate(_tickets(teams), 1)
    ]
    return {"teams": [{"key": key, "name": key} for key in teams], "issues": issues}


def _tickets(projects: tuple[str, ...]) -> list[tuple[str, str]]:
    return [(key, title) for key, title in TICKETS.items() if key.rpartition("-")[0] in projects]


def _zendesk(now: datetime, said: list[Said]) -> dict[str, Any]:
    return {
        "organizations": [
            {"id": n, "name": f"Company {n}", "domain_names": [f"company{n}.example"]} for n in (1, 2, 3)
        ],
        "users": [
            {
                "id": 100 + n,
                "name": f"Person {n}",
                "email": f"person{n}@company{n % 3 + 1}.example",
                "organization_id": n % 3 + 1,
            }
            for n in range(1, 7)
        ],
        "tickets": [
            {
                "id": c.id,
                "subject": "A question",
                "requester_id": 100 + c.person,
                "created_at": _when(now, c).strftime("%Y-%m-%dT%H:%M:%SZ"),
                "comments": [{"id": 1000 + c.id, "body": c.words}],
            }
            for c in said
        ],
    }


def _intercom(now: datetime, said: list[Said]) -> dict[str, Any]:
    return {
        "companies": [
            {"id": str(n), "name": f"Company {n}", "website": f"https://company{n}.example"}
            for n in (1, 2, 3)
        ],
        "contacts": [
            {
                "id": f"contact-{n}",
                "name": f"Person {n}",
                "email": f"person{n}@company{n % 3 + 1}.example",
                "companies": [str(n % 3 + 1)],
            }
            for n in range(1, 7)
        ],
        "conversations": [
            {
                "id": str(c.id),
                "contact_id": f"contact-{c.person}",
                "created_at": int(_when(now, c).timestamp()),
                "source": {"id": str(2000 + c.id), "body": f"<p>{c.words}</p>"},
            }
            for c in said
        ],
    }


def _when(now: datetime, said: Said) -> datetime:
    return now - timedelta(days=said.days)
