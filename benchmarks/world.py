"""An outside world of any size: stand-ins with made-up words, and the settings that lead to them."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.demo import world as demo
from integrations.sandbox.client import SandboxClient

PROJECT, OWNER = "BEN", demo.REVIEW_CHANNEL
SPAN = timedelta(weeks=8)
A_LOAD = 5_000
SEED = 20261123
WORDS = """
account address after again always app before bill browser button calendar cannot change chart click
close colour column copy crash customer date delete desktop document download edit e-mail error every
export field file filter folder font form freeze group image import invoice keyboard label language late
link list load login lose mail map member menu message mobile month move network never notice number
offline open order page password pay phone photo plan print project quick report restore row save screen
search send settings share show sign slow sort start stop sync table tag task team time twice type undo
update upload user version video week window wrong year zoom
""".split()


def sentence(chance: random.Random, words: int) -> str:
    """Return that many words."""
    return " ".join(chance.choices(WORDS, k=words))


def fill(sandbox: SandboxClient, *, tickets: int, conversations: int) -> None:
    """Load Slack's channels, that many issues into Jira, and that many conversations into Zendesk."""
    chance, now = random.Random(SEED), datetime.now(UTC)  # noqa: S311 - nothing secret
    sandbox.load("slack", _slack())
    issues = [_issue(n, chance, now) for n in range(1, tickets + 1)]
    sandbox.load("jira", {"projects": [{"key": PROJECT, "name": PROJECT}], "issues": issues})
    for first in range(1, conversations + 1, A_LOAD):
        numbers = range(first, min(first + A_LOAD, conversations + 1))
        users = [{"id": 1_000_000 + n, "name": f"Customer {n}"} for n in numbers]
        told = [_ticket(n, chance, now - SPAN + SPAN * n / (conversations + 1)) for n in numbers]
        sandbox.load("zendesk", {"users": users, "tickets": told})


def values(urls: Mapping[str, str], folder: Path) -> dict[str, dict[str, Any]]:
    """Return the settings, nested, that lead to the stand-ins and to a database in the folder."""
    return {
        "database": {"url": f"sqlite:///{folder / 'voc.db'}"},
        "zendesk": {"url": urls["zendesk"], "access_token": demo.ZENDESK_TOKEN},
        "jira": {
            "url": urls["jira"],
            "email": demo.JIRA_EMAIL,
            "api_token": demo.JIRA_TOKEN,
            "projects": PROJECT,
        },
        "slack": {
            "api_url": f"{urls['slack']}/api",
            "bot_token": demo.BOT_TOKEN,
            "signing_secret": demo.SIGNING_SECRET,
        },
        "review": {"cards_a_day": 100},
        "log": {"level": "WARNING"},
    }


def variables(urls: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Return the same as the environment of a process."""
    return {
        f"VOC_{section}__{key}".upper(): str(value)
        for section, own in values(urls, folder).items()
        for key, value in own.items()
    }


def csv_rows(count: int, naming: int) -> Iterator[str]:
    """Yield the lines of a file to import; the first `naming` rows name a ticket, so each is proposed."""
    chance, now = random.Random(SEED + 1), datetime.now(UTC)  # noqa: S311
    yield "id,created_at,channel,text"
    for n in range(1, count + 1):
        said_at = (now - SPAN * n / (count + 1)).isoformat()
        about = f"As in {PROJECT}-{n}: " if n <= naming else ""
        yield f"{n},{said_at},survey,{about}{sentence(chance, 15)}"


def _slack() -> dict[str, Any]:
    return {
        "app": {"token": demo.BOT_TOKEN},
        "users": [{"id": demo.USER, "name": "you", "real_name": "You"}],
        "channels": [{"id": OWNER, "name": "voc-review", "is_member": True}],
    }


def _issue(n: int, chance: random.Random, now: datetime) -> dict[str, Any]:
    return {
        "key": f"{PROJECT}-{n}",
        "summary": sentence(chance, 6),
        "description": sentence(chance, 60),
        "created": (now - SPAN).isoformat(),
    }


def _ticket(n: int, chance: random.Random, when: datetime) -> dict[str, Any]:
    return {
        "id": n,
        "requester_id": 1_000_000 + n,
        "created_at": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "via": {"channel": "chat"},
        "comments": [{"body": sentence(chance, 15)}],
    }
