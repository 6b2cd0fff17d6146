"""A folder that an operator has set up: its settings lead to stand-ins filled with the example company."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from bot.demo import world
from integrations.sandbox.client import running_sandbox
from tests.docs.demo import bare_environment
from tests.ports import free_port

ROUTES = f"""
[[routes]]
projects = ["FLD", "OFC"]
owner_channel = "{world.REVIEW_CHANNEL}"
digest_channels = ["{world.DIGEST_CHANNEL}"]
"""


@contextmanager
def operators_environment(folder: Path) -> Iterator[dict[str, str]]:
    """Write `voc.toml` into the folder and yield the environment that holds the rest."""
    (folder / "voc.toml").write_text(ROUTES, encoding="utf-8")
    with running_sandbox(profile="open") as sandbox:
        world.fill(sandbox, None, datetime.now(UTC))
        yield bare_environment(
            folder,
            PYTHONUNBUFFERED="1",
            VOC_ZENDESK__URL=sandbox.urls["zendesk"],
            VOC_ZENDESK__ACCESS_TOKEN=world.ZENDESK_TOKEN,
            VOC_INTERCOM__URL=sandbox.urls["intercom"],
            VOC_INTERCOM__ACCESS_TOKEN=world.INTERCOM_TOKEN,
            VOC_JIRA__URL=sandbox.urls["jira"],
            VOC_JIRA__EMAIL=world.JIRA_EMAIL,
            VOC_JIRA__API_TOKEN=world.JIRA_TOKEN,
            VOC_LINEAR__URL=f"{sandbox.urls['linear']}/graphql",
            VOC_LINEAR__API_KEY=world.LINEAR_KEY,
            VOC_LINEAR__TEAMS="OFC",
            VOC_SLACK__API_URL=f"{sandbox.urls['slack']}/api",
            VOC_SLACK__BOT_TOKEN=world.BOT_TOKEN,
            VOC_SLACK__SIGNING_SECRET=world.SIGNING_SECRET,
            VOC_WEB__PORT=str(free_port()),
        )
