"""connect jira and connect linear: by OAuth in a browser, or with a token that is pasted."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

import pytest
import requests

from bot.engine.clock import SystemClock
from bot.operator.credential_store import CredentialStore
from bot.operator.sealing import Sealer, new_key
from bot.storage.database import Database
from bot.storage.engine import open_database
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.jira.oauth import CLOUD_ID
from tests.commands.operator import Operator
from tests.ports import free_port

CLIENT = {"client_id": "voc", "secret": "shh-client-secret"}
TEAM = {"teams": [{"key": "LIN", "name": "Linear's"}]}


@dataclass(frozen=True, slots=True)
class Case:
    """One tracker. pasted: what is answered for its token; path: of its API."""

    vendor: str
    pasted: tuple[str, ...]
    path: str


JIRA = Case("jira", ("1", "voc@acme.example", "jira-api-token"), f"/ex/jira/{CLOUD_ID}/rest/api/3/")
LINEAR = Case("linear", ("lin_api_stand_in",), "/graphql")
BOTH = pytest.mark.parametrize("case", [JIRA, LINEAR], ids=lambda case: case.vendor)


@pytest.fixture
def unconnected(shell: Operator, sandbox: SandboxClient) -> Operator:
    """Return an operator who has set where both trackers are, and no token."""
    sandbox.load("linear", TEAM)
    urls = sandbox.urls
    shell.settings |= {
        "VOC_JIRA__URL": urls["jira"],
        "VOC_JIRA__AUTH_URL": urls["jira"],
        "VOC_JIRA__API_URL": urls["jira"],
        "VOC_JIRA__PROJECTS": "APP",
        "VOC_LINEAR__URL": f"{urls['linear']}/graphql",
        "VOC_LINEAR__AUTH_URL": urls["linear"],
        "VOC_LINEAR__TEAMS": "LIN",
        "VOC_SECRET_KEY": new_key(),
    }
    return shell


@pytest.fixture
def clients(unconnected: Operator, sandbox: SandboxClient) -> Operator:
    """Return an operator with an OAuth client of each."""
    for vendor in ("jira", "linear"):
        port, section = free_port(), f"VOC_{vendor.upper()}__"
        registered = {**CLIENT, "redirect_uris": [f"http://127.0.0.1:{port}/callback"]}
        sandbox.load(vendor, {"oauth_clients": [registered]})
        unconnected.settings |= {
            f"{section}CLIENT_ID": CLIENT["client_id"],
            f"{section}CLIENT_SECRET": CLIENT["secret"],
            f"{section}CALLBACK_PORT": str(port),
        }
    return unconnected


def stored(operator: Operator, vendor: str) -> dict[str, str] | None:
    """Return what is stored of the account, opened."""
    database = Database(open_database(operator.settings["DATABASE_URL"]))
    sealer = Sealer([operator.settings["VOC_SECRET_KEY"]])
    account = operator.settings[f"VOC_{vendor.upper()}__URL"]
    found = CredentialStore(database.work, sealer, SystemClock(), vendor, account).get()
    database.close()
    return found


def page_shown(process: subprocess.Popen[str]) -> str:
    """Return the address that the operator is told to open."""
    assert process.stdout is not None
    return next(line.strip() for line in process.stdout if "/authorize?" in line)


def connected(operator: Operator, vendor: str) -> str:
    """Connect in a browser; return what was shown after the page."""
    with operator.running("connect", vendor) as process:
        landed = requests.get(page_shown(process), timeout=10)
        out, err = process.communicate(timeout=30)
    assert (process.returncode, err, landed.status_code) == (0, "", 200)
    return out


@BOTH
def test_a_browser_sent_back_connects_and_says_what_check_says(
    clients: Operator, sandbox: SandboxClient, case: Case
) -> None:
    seen = len(sandbox.requests(case.vendor))

    out = connected(clients, case.vendor)

    record = stored(clients, case.vendor) or {}
    paths = [row["path"] for row in sandbox.requests(case.vendor)[seen:]]
    kept = (clients.folder.parent / "voc.db").read_bytes()
    assert out.startswith(f"{case.vendor.title()} is connected.\n  ✓ signed in")
    assert "✗" not in out
    assert f"webhook {case.vendor}: " in out
    assert [path for path in paths if path.startswith(case.path)]
    assert not [token for token in record.values() if str(token).encode() in kept or str(token) in out]


@pytest.mark.slow
@BOTH
def test_a_pair_that_ended_is_renewed_by_the_next_command(
    clients: Operator, sandbox: SandboxClient, case: Case
) -> None:
    connected(clients, case.vendor)
    first = stored(clients, case.vendor)
    sandbox.advance(timedelta(hours=25).total_seconds())

    ran = clients.run("check")

    second = stored(clients, case.vendor)
    told = [line for line in ran.out.splitlines() if f"  {case.vendor}: " in line]
    assert told
    assert all(line.startswith("ok ") for line in told)
    assert (first or {})["refresh_token"] != (second or {})["refresh_token"]


@BOTH
def test_a_pasted_address_connects_too(clients: Operator, case: Case) -> None:
    with clients.running("connect", case.vendor, "--paste") as process:
        landed = requests.get(page_shown(process), allow_redirects=False, timeout=10)
        out, err = process.communicate(landed.headers["Location"] + "\n", timeout=30)

    assert (process.returncode, err) == (0, "")
    assert f"{case.vendor.title()} is connected.\n" in out


@BOTH
def test_an_address_of_another_authorisation_stores_nothing(clients: Operator, case: Case) -> None:
    with clients.running("connect", case.vendor, "--paste") as process:
        page_shown(process)
        _, err = process.communicate("http://127.0.0.1/callback?code=1&state=guess\n", timeout=30)

    assert process.returncode == 1
    assert "please start again" in err
    assert stored(clients, case.vendor) is None


def test_access_to_another_site_is_told(clients: Operator, sandbox: SandboxClient) -> None:
    clients.settings["VOC_JIRA__URL"] = "https://other.atlassian.net"

    with clients.running("connect", "jira", "--paste") as process:
        landed = requests.get(page_shown(process), allow_redirects=False, timeout=10)
        _, err = process.communicate(landed.headers["Location"] + "\n", timeout=30)

    assert process.returncode == 1
    assert f"the access is to {sandbox.urls['jira']}" in err
    assert "allow the access to https://other.atlassian.net" in err


@BOTH
def test_a_pasted_token_is_tried_and_stored_sealed(unconnected: Operator, case: Case) -> None:
    ran = unconnected.run("connect", case.vendor, given="".join(f"{line}\n" for line in case.pasted))

    kept = (unconnected.folder.parent / "voc.db").read_bytes()
    checked = unconnected.run("check").out
    assert (ran.code, ran.err) == (0, "")
    assert f"{case.vendor.title()} is connected.\n  ✓ signed in" in ran.out
    assert case.pasted[-1] not in ran.out
    assert case.pasted[-1].encode() not in kept
    assert f"ok       {case.vendor}: signed in" in checked


@BOTH
def test_a_token_that_does_not_do_is_stored_only_when_wanted(unconnected: Operator, case: Case) -> None:
    wrong = [*case.pasted[:-1], "wrong-token"]

    refused = unconnected.run("connect", case.vendor, given="".join(f"{a}\n" for a in (*wrong, "n")))
    nothing = stored(unconnected, case.vendor)
    wanted = unconnected.run("connect", case.vendor, given="".join(f"{a}\n" for a in (*wrong, "y")))

    assert (refused.code, nothing) == (1, None)
    assert "✗ " in refused.out
    assert refused.err == "voc: Nothing was stored\n"
    assert wanted.code == 0
    assert stored(unconnected, case.vendor)


@BOTH
def test_before_it_is_connected_check_says_how(unconnected: Operator, case: Case) -> None:
    ran = unconnected.run("check")

    line = next(line for line in ran.out.splitlines() if f"  {case.vendor}: " in line)
    assert line.startswith("MISSING  ")
    assert f"python -m bot connect {case.vendor}" in ran.out


@pytest.mark.parametrize(
    ("words", "change", "said"),
    [
        ("slack", lambda s: None, "There is nothing to connect for 'slack'"),
        ("linear", lambda s: s.update(VOC_LINEAR__API_KEY="lin_api_stand_in"), "VOC_LINEAR__API_KEY"),
        ("jira", lambda s: s.pop("VOC_JIRA__URL"), "VOC_JIRA__URL (needed for connecting Jira): is not set"),
        ("linear", lambda s: s.pop("VOC_LINEAR__TEAMS"), "VOC_LINEAR__TEAMS (needed for connecting Linear)"),
    ],
    ids="no-tracker token-set no-address no-teams".split(),
)
def test_what_can_not_be_connected_says_why(
    unconnected: Operator, words: str, change: Callable[[dict[str, str]], object], said: str
) -> None:
    change(unconnected.settings)

    ran = unconnected.run("connect", words)

    assert ran.code in (1, 2)
    assert ran.out == ""
    assert said in ran.err


def test_status_says_where_webhooks_are_taken_and_what_is_missing(unconnected: Operator) -> None:
    unconnected.settings["VOC_LINEAR__WEBHOOK_SECRET"] = "lin_wh_1"
    unconnected.settings["VOC_WEB__PUBLIC_URL"] = "https://voc.acme.example"

    lines = unconnected.run("status").out.splitlines()

    hooks = [line for line in lines if line.startswith("webhook ")]
    base = "https://voc.acme.example/webhooks"
    assert hooks[0].startswith(f"webhook jira: not taken: VOC_JIRA__WEBHOOK_SECRET is not set; {base}/jira/")
    assert hooks[1].startswith(f"webhook linear: {base}/linear/")
