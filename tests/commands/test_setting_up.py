"""init and connect: from nothing to an import that runs on tokens of its own."""

from __future__ import annotations

import json
import stat
import subprocess
import tomllib
from datetime import UTC, datetime, timedelta

import pytest
import requests

from bot.engine.clock import SystemClock
from bot.operator.credential_store import CredentialStore
from bot.operator.sealing import Sealer, new_key
from bot.storage.database import Database
from bot.storage.engine import open_database
from integrations.sandbox.client import SandboxClient
from tests.commands.operator import Operator, asked
from tests.journeys.company import BOT_TOKEN
from tests.ports import free_port

YES, NO, SAME = "y", "n", ""
TOKENS = "/oauth/tokens"
CLIENT = {"identifier": "voc", "secret": "shh-client-secret"}


def answers(sandbox: SandboxClient) -> list[str]:
    """Return what an operator answers to set everything up."""
    urls = sandbox.urls
    return [
        *(YES, "2", urls["zendesk"], "stand-in-zendesk-admin"),
        *(YES, urls["intercom"], "stand-in-intercom"),
        *(YES, "1", urls["jira"], "voc@acme.example", "jira-api-token", "APP, WEB"),
        NO,
        *(YES, "1", BOT_TOKEN, "xapp-journey"),
        *("#voc-review", "#product", "Europe/Berlin"),
    ]


@pytest.fixture
def newcomer(shell: Operator, sandbox: SandboxClient) -> Operator:
    """Return an operator in an empty git tree; only where Slack's stand-in is, init does not ask."""
    shell.settings["VOC_SLACK__API_URL"] = f"{sandbox.urls['slack']}/api"
    subprocess.run(["git", "init", "--quiet"], cwd=shell.folder, check=True)
    return shell


def piped(*given: str) -> str:
    """Return the answers as a pipe carries them."""
    return "".join(f"{answer}\n" for answer in given)


def test_answers_through_a_pipe_become_settings_that_work(newcomer: Operator, sandbox: SandboxClient) -> None:
    ran = newcomer.run("init", given=piped(*answers(sandbox)))

    folder, secrets = (
        newcomer.folder,
        ("stand-in-zendesk-admin", "stand-in-intercom", "jira-api-token", BOT_TOKEN),
    )
    toml = (folder / "voc.toml").read_text()
    assert (ran.code, ran.err) == (0, "")
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
    ignored = subprocess.run(["git", "check-ignore", ".env"], cwd=folder, check=False, capture_output=True)
    assert ignored.returncode == 0
    assert not [secret for secret in secrets if secret in toml + ran.out]
    assert tomllib.loads(toml)["routes"] == [
        {"owner_channel": "#voc-review", "digest_channels": ["#product"]}
    ]
    assert (folder / "slack-manifest.json").exists()
    since = f"{datetime.now(UTC) - timedelta(days=90):%Y-%m-%d}"
    assert f"zendesk: about 3 conversations since {since}; the first import takes about 1 minute." in ran.out
    assert newcomer.run("check").code == 0


def test_running_it_again_keeps_every_answer(newcomer: Operator, sandbox: SandboxClient) -> None:
    newcomer.run("init", given=piped(*answers(sandbox)))
    before = {file.name: file.read_bytes() for file in newcomer.folder.iterdir() if file.is_file()}

    ran = newcomer.run("init", given="\n" * 40)

    assert ran.code == 0
    assert {file.name: file.read_bytes() for file in newcomer.folder.iterdir() if file.is_file()} == before


def test_a_wrong_token_is_named_before_anything_is_written(
    newcomer: Operator, sandbox: SandboxClient
) -> None:
    ran = newcomer.run("init", given=piped(YES, "2", sandbox.urls["zendesk"], "wrong-token"))

    assert ran.code == 1
    assert "✗ Zendesk does not accept the token" in ran.out
    assert ran.err == "voc: The input ended before the questions did: nothing was changed\n"
    assert not (newcomer.folder / ".env").exists()


@pytest.fixture
def unconnected(operator: Operator, sandbox: SandboxClient) -> Operator:
    """Return an operator with an OAuth client and no token of Zendesk's."""
    port = free_port()
    sandbox.load(
        "zendesk", {"oauth_clients": [{**CLIENT, "redirect_uri": [f"http://127.0.0.1:{port}/callback"]}]}
    )
    del operator.settings["VOC_ZENDESK__ACCESS_TOKEN"]
    operator.settings |= {
        "VOC_ZENDESK__CLIENT_ID": CLIENT["identifier"],
        "VOC_ZENDESK__CLIENT_SECRET": CLIENT["secret"],
        "VOC_ZENDESK__CALLBACK_PORT": str(port),
        "VOC_SECRET_KEY": new_key(),
    }
    return operator


def stored(operator: Operator) -> dict[str, str]:
    """Return the stored token pair, opened."""
    database = Database(open_database(operator.settings["DATABASE_URL"]))
    sealer = Sealer([operator.settings["VOC_SECRET_KEY"]])
    url = operator.settings["VOC_ZENDESK__URL"]
    found = CredentialStore(database.work, sealer, SystemClock(), "zendesk", url).get()
    database.close()
    assert found is not None
    return found


def page_shown(process: subprocess.Popen[str]) -> str:
    """Return the address that the operator is told to open."""
    assert process.stdout is not None
    return next(line.strip() for line in process.stdout if "/oauth/authorizations/" in line)


@pytest.mark.slow
def test_a_browser_sent_back_connects_and_sync_then_renews_the_pair(
    unconnected: Operator, sandbox: SandboxClient
) -> None:
    with unconnected.running("connect", "zendesk") as process:
        landed = requests.get(page_shown(process), timeout=10)
        out, err = process.communicate(timeout=20)
    first, seen = stored(unconnected), len(sandbox.requests("zendesk"))
    sandbox.advance(timedelta(hours=25).total_seconds())

    ran = unconnected.run("sync", "--source", "zendesk")

    second = stored(unconnected)
    assert (process.returncode, err, landed.status_code) == (0, "", 200)
    assert out.startswith("Zendesk is connected.\n  ✓ Zendesk accepts the token\n")
    assert ran.code == 0
    assert "zendesk: conversations: 3 read, 3 new\n" in ran.out
    assert [row["status"] for row in asked(sandbox, "zendesk", TOKENS, seen)] == [201]
    assert first["access_token"] != second["access_token"]
    spent = {"grant_type": "refresh_token", "refresh_token": first["refresh_token"]}
    client = {"client_id": CLIENT["identifier"], "client_secret": CLIENT["secret"]}
    url = unconnected.settings["VOC_ZENDESK__URL"] + TOKENS
    assert requests.post(url, json={**spent, **client}, timeout=10).status_code == 400
    kept = (unconnected.folder.parent / "voc.db").read_bytes()
    assert not [token for pair in (first, second) for token in pair.values() if str(token).encode() in kept]


@pytest.mark.slow
def test_a_pasted_address_connects_too(unconnected: Operator) -> None:
    with unconnected.running("connect", "zendesk", "--paste") as process:
        landed = requests.get(page_shown(process), allow_redirects=False, timeout=10)
        out, err = process.communicate(landed.headers["Location"] + "\n", timeout=20)

    assert (process.returncode, err) == (0, "")
    assert "Zendesk is connected.\n" in out
    assert stored(unconnected)["access_token"] not in out
    assert unconnected.run("check").code == 0


@pytest.mark.slow
def test_before_it_is_connected_every_command_says_how(unconnected: Operator) -> None:
    checked, synced = unconnected.run("check"), unconnected.run("sync", "--source", "zendesk")

    assert (checked.code, synced.code) == (1, 1)
    assert "→ " in checked.out
    assert all("python -m bot connect zendesk" in text for text in (checked.out, synced.err))


def test_the_manifest_is_printed_from_the_settings(operator: Operator) -> None:
    ran = operator.run("manifest", VOC_WEB__PUBLIC_URL="https://voc.acme.example")

    made = json.loads(ran.out)
    assert made["settings"]["event_subscriptions"]["request_url"] == "https://voc.acme.example/slack/events"
    assert "127.0.0.1" in made["features"]["unfurl_domains"]


def test_over_http_the_manifest_needs_the_address(operator: Operator) -> None:
    ran = operator.run("manifest")

    assert ran.code == 2
    assert "VOC_WEB__PUBLIC_URL" in ran.err
