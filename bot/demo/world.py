"""The demo's outside world: a sandbox process filled with data, and the settings that lead a bot to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.demo.dataset import load_of
from bot.demo.example import Example, jira_load
from bot.demo.example_intercom import intercom_load
from bot.demo.example_linear import linear_load
from bot.demo.example_zendesk import zendesk_load
from config.scopes import SCOPES
from config.settings import Settings, settings_of
from integrations.sandbox.client import SandboxClient

DIGEST_CHANNEL, REVIEW_CHANNEL = "C0DIGEST", "C0REVIEW"
USER = "U0YOU"
BOT_TOKEN, SIGNING_SECRET = "xoxb-demo", "0123456789abcdef0123456789abcdef"
ZENDESK_TOKEN, INTERCOM_TOKEN = "stand-in-zendesk-admin", "stand-in-intercom"
JIRA_EMAIL, JIRA_TOKEN, LINEAR_KEY = "voc@acme.example", "jira-api-token", "lin_api_stand_in"
# The example's own measured thresholds: the summary says how often they were right (examples/truth.json).
EXAMPLE_MATCHING = {"attach_at": 0.7, "suggest_at": 0.1}
FOR_EVER_DAYS = 36_500  # a data set's old tickets are all worth finding
EXAMPLE_FIELDS = {
    "segment": "segment",
    "plan": "plan",
    "revenue": "yearly_revenue",
    "currency_field": "currency",
}


@dataclass(frozen=True, slots=True)
class World:
    """What was loaded. pieces: the data's own id of each piece by (source, conversation).

    projects, teams: keys in Jira and in Linear. truth: the ticket that each piece is about, where the data
    says it.
    """

    pieces: dict[tuple[str, str], str]
    projects: tuple[str, ...]
    teams: tuple[str, ...] = ()
    truncated: int = 0
    truth: Mapping[str, str | None] | None = None


def fill(sandbox: SandboxClient, data: Path | None, now: datetime) -> World:
    """Load the folder, or without one the bundled example, into the stand-ins."""
    sandbox.load("slack", _slack())
    if data is None:
        return _fill_with_example(sandbox, Example(now))
    load = load_of(data, now)
    sandbox.load("jira", load.jira)
    sandbox.load("zendesk", load.zendesk)
    pieces = {("zendesk", external): piece for external, piece in load.pieces.items()}
    return World(pieces, _keys(load.jira), truncated=load.truncated)


def settings_for(urls: dict[str, str], database: Path, world: World) -> Settings:
    """Return settings that lead to the stand-ins."""
    values: dict[str, Any] = {
        "database": {"url": f"sqlite:///{database}"},
        "zendesk": {"url": urls["zendesk"], "access_token": ZENDESK_TOKEN},
        "jira": {
            "url": urls["jira"],
            "email": JIRA_EMAIL,
            "api_token": JIRA_TOKEN,
            "projects": world.projects,
        },
        "slack": {
            "api_url": f"{urls['slack']}/api",
            "bot_token": BOT_TOKEN,
            "signing_secret": SIGNING_SECRET,
        },
        "routes": [
            {
                "projects": world.projects + world.teams,
                "owner_channel": REVIEW_CHANNEL,
                "digest_channels": [DIGEST_CHANNEL],
            }
        ],
        "log": {"level": "WARNING"},
    }
    if world.truth is not None:
        values["linear"] = _linear(urls["linear"], world.teams)
        values["intercom"] = {"url": urls["intercom"], "access_token": INTERCOM_TOKEN}
        values["matching"] = EXAMPLE_MATCHING
        values["exclude"] = {"staff_domains": ["torvekit.example"]}
        values["fields"] = {
            "zendesk": _fields("organization_fields.", role="user_fields.job_title"),
            "intercom": _fields("custom_attributes.", role="custom_attributes.job_title"),
        }
    else:
        values["matching"] = {"closed_days": FOR_EVER_DAYS}
    return settings_of(values)


def _linear(url: str, teams: tuple[str, ...]) -> dict[str, Any]:
    return {"url": f"{url}/graphql", "api_key": LINEAR_KEY, "teams": teams}


def _fill_with_example(sandbox: SandboxClient, example: Example) -> World:
    jira, linear = jira_load(example), linear_load(example)
    sandbox.load("jira", jira)
    sandbox.load("linear", linear)
    sandbox.load("zendesk", zendesk_load(example))
    sandbox.load("intercom", intercom_load(example))
    tools = {"zd": "zendesk", "ic": "intercom"}
    ids = [conversation["id"] for conversation in example.conversations]
    pieces = {(tools[tool], number): f"{tool}-{number}" for tool, number in (i.split("-", 1) for i in ids)}
    teams = tuple(team["key"] for team in linear["teams"])
    return World(pieces, _keys(jira), teams, truth=example.truth)


def _slack() -> dict[str, Any]:
    channels = [(DIGEST_CHANNEL, "voice-of-customer"), (REVIEW_CHANNEL, "voc-review")]
    return {
        "app": {"token": BOT_TOKEN, "scopes": list(SCOPES)},
        "users": [{"id": USER, "name": "you", "real_name": "You"}],
        "channels": [{"id": number, "name": name, "is_member": True} for number, name in channels],
    }


def _fields(prefix: str, *, role: str) -> dict[str, str]:
    named = {key: prefix + name for key, name in EXAMPLE_FIELDS.items()}
    return {**named, "role": role, "period": "year"}


def _keys(jira: dict[str, Any]) -> tuple[str, ...]:
    projects: Sequence[dict[str, Any]] = jira["projects"]
    return tuple(project["key"] for project in projects)
