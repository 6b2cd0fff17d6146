"""Set-up: from nothing to settings that load, with every answer checked and nothing written in between."""

from __future__ import annotations

import io
import json
import os
import stat
import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import RequestError, SettingError
from bot.operator.init import Tools, init
from bot.operator.questions import DIGEST_ZONE, STEPS
from bot.operator.terminal import Terminal
from bot.ports import Finding
from config.manifest import manifest, manifest_of
from config.names import variables_of
from config.settings import Settings, load, problem_with, settings_alone

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
YES, NO, SAME = "y", "n", ""
ZENDESK = [YES, "2", "https://acme.zendesk.com", "zendesk-token"]
INTERCOM = [YES, SAME, "intercom-token"]
JIRA = [YES, "1", "https://acme.atlassian.net/", "voc@acme.example", "jira-token", "FLD, OFC"]
LINEAR = [YES, "1", "linear-key", "APP"]
SLACK = [YES, "1", "xoxb-1-bot", "xapp-1-app"]
CHANNELS = ["#voc", "#product, #support", "Europe/Berlin"]
ALL = [*ZENDESK, *INTERCOM, *JIRA, *LINEAR, *SLACK, *CHANNELS]


class World:
    """The rest of Voc as set-up sees it. findings: of the checks to come; after these all is well."""

    def __init__(self, folder: Path, *findings: Sequence[Finding]) -> None:
        self.folder, self.findings = folder, list(findings)
        self.checked: list[tuple[str, dict[str, str]]] = []

    def check(self, key: str, given: Mapping[str, str]) -> Sequence[Finding]:
        """Note what was asked."""
        self.checked.append((key, dict(given)))
        return self.findings.pop(0) if self.findings else [Finding(True, f"{key} works")]

    def run(self, *answers: str) -> str:
        """Run set-up with these answers on a pipe and return what it showed."""
        shown = io.StringIO()
        tools = Tools(
            problem_with=problem_with,
            check=self.check,
            estimate=lambda key, _, since: {"zendesk": 12_345, "intercom": None}[key],
            manifest=lambda given, is_http: manifest_of(settings_alone(given), is_http=is_http),
        )
        init(self.folder, Terminal(io.StringIO("".join(f"{a}\n" for a in answers)), shown), tools, NOW)
        return shown.getvalue()


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty working folder in a git tree, the environment without settings."""
    for name in [n for n in os.environ if n.startswith("VOC_") or n in ("PORT", "DATABASE_URL")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".git").mkdir()
    return tmp_path


def toml(folder: Path) -> dict[str, Any]:
    """Return what voc.toml holds."""
    return tomllib.loads((folder / "voc.toml").read_text(encoding="utf-8"))


def test_the_answers_become_settings_that_load(folder: Path) -> None:
    world = World(folder)

    world.run(*ALL)

    settings = load()
    assert settings.has_slack
    assert settings.has_zendesk
    assert settings.has_intercom
    assert settings.projects == {"FLD": "jira", "OFC": "jira", "APP": "linear"}
    assert settings.require("jira.api_token", feature="a test") == "jira-token"
    assert settings.routes[0].digest_channels == ("#product", "#support")
    assert settings.digest.zone == "Europe/Berlin"
    assert len(settings.secret_keys) == 1
    assert [key for key, _ in world.checked] == ["zendesk", "intercom", "jira", "linear", "slack"]


def test_secrets_are_in_dotenv_alone_which_is_private_and_ignored(folder: Path) -> None:
    shown = World(folder).run(*ALL)

    secrets = ("zendesk-token", "intercom-token", "jira-token", "linear-key", "xoxb-1-bot", "xapp-1-app")
    env = (folder / ".env").read_text()
    assert all(secret in env for secret in secrets)
    assert not any(secret in (folder / "voc.toml").read_text() or secret in shown for secret in secrets)
    assert stat.S_IMODE((folder / ".env").stat().st_mode) == 0o600
    assert (folder / ".gitignore").read_text() == ".env\n"


def test_running_again_with_enter_alone_changes_nothing(folder: Path) -> None:
    World(folder).run(*ALL)
    before = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}

    World(folder).run(*[SAME] * 40)

    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == before


def test_a_changed_answer_is_written_only_when_allowed_and_the_old_file_is_kept(folder: Path) -> None:
    World(folder).run(NO, NO, *JIRA, NO, NO)
    text = (folder / "voc.toml").read_text()
    (folder / "voc.toml").write_text(f"# mine\n{text}[exclude]\ntags = ['spam']\n")
    changed = [NO, NO, YES, SAME, "https://new.atlassian.net", SAME, SAME, SAME, NO, NO]

    World(folder).run(*changed, NO)
    untouched = toml(folder)
    World(folder).run(*changed, YES)

    assert untouched["jira"]["url"] == "https://acme.atlassian.net/"
    assert toml(folder)["jira"]["url"] == "https://new.atlassian.net"
    assert toml(folder)["exclude"] == {"tags": ["spam"]}
    assert (folder / "voc.toml.old").read_text().startswith("# mine\n")


def test_other_lines_of_dotenv_are_kept(folder: Path) -> None:
    (folder / ".env").write_text("# mine\nOTHER=1\n")

    World(folder).run(NO, *INTERCOM, NO, NO, NO, YES)

    assert (
        (folder / ".env")
        .read_text()
        .startswith("# mine\nOTHER=1\nVOC_INTERCOM__ACCESS_TOKEN=intercom-token\n")
    )


def test_a_failed_check_names_what_is_missing_and_asks_again(folder: Path) -> None:
    missing = Finding(
        False, "the scope chat:write is missing", "Add it under OAuth & Permissions and reinstall"
    )
    world = World(folder, [Finding(True, "signed in"), missing])

    shown = world.run(NO, NO, NO, NO, *SLACK, YES, SAME, "xapp-2", *CHANNELS)

    assert "✓ signed in\n  ✗ the scope chat:write is missing\n    Add it under OAuth" in shown
    assert [given["VOC_SLACK__APP_TOKEN"] for _, given in world.checked] == ["xapp-1-app", "xapp-2"]


def test_a_value_of_the_wrong_form_is_asked_for_again_before_anything_is_checked(folder: Path) -> None:
    world = World(folder)

    shown = world.run(NO, NO, YES, "1", "acme", SAME, *JIRA[2:], NO, NO)

    assert "VOC_JIRA__URL must be a URL that starts with https://." in shown
    assert "VOC_JIRA__URL is needed." in shown
    assert len(world.checked) == 1


def test_oauth_leads_to_connect_and_drops_an_earlier_token(folder: Path) -> None:
    World(folder).run(*ZENDESK, NO, NO, NO, NO)

    shown = World(folder).run(YES, "1", SAME, "voc", "shh-secret", NO, NO, NO, NO, YES, YES)

    settings = load()
    assert settings.zendesk.access_token is None
    assert settings.zendesk.client_id == "voc"
    assert "Next:\n  python -m bot migrate\n  python -m bot connect zendesk\n" in shown


SITE, GATEWAY = "https://acme.atlassian.net", "https://api.atlassian.com/ex/jira/1"


@pytest.mark.parametrize(
    ("way", "given", "next_step"),
    [
        ("1", [SITE, "voc@acme.example", "token", "FLD"], ""),
        ("2", [GATEWAY, SITE, "voc@acme.example", "token", "FLD"], ""),
        ("3", [SITE, "client", "secret", "FLD"], "python -m bot connect jira"),
        ("4", ["https://jira.acme.example", "token", "FLD"], ""),
    ],
    ids="api-token scoped-token oauth data-center".split(),
)
def test_each_way_to_sign_in_to_jira_loads_and_is_kept(
    folder: Path, way: str, given: list[str], next_step: str
) -> None:
    world = World(folder)

    shown = world.run(NO, NO, YES, way, *given, NO, NO)
    first = (toml(folder), (folder / ".env").read_text())
    world.run(*[SAME] * 40)

    assert load().has_jira
    assert [key for key, _ in world.checked] == ([] if next_step else ["jira", "jira"])
    assert next_step in shown
    assert (toml(folder), (folder / ".env").read_text()) == first


def test_another_way_to_sign_in_takes_the_former_out(folder: Path) -> None:
    World(folder).run(NO, NO, *JIRA, *LINEAR, NO)

    World(folder).run(
        *(NO, NO, YES, "4", "https://jira.acme.example", "personal", SAME),
        *(YES, "2", "client", "secret", SAME, NO, YES, YES),
    )

    settings = load()
    assert settings.jira.api_token is None
    assert settings.jira.email is None
    assert settings.linear.api_key is None
    assert settings.linear.client_id == "client"


def test_slack_over_http_writes_the_address_into_the_manifest(folder: Path) -> None:
    World(folder).run(NO, NO, NO, NO, YES, "2", "https://voc.acme.example/", "xoxb-1", "sign", *CHANNELS)

    written = json.loads((folder / "slack-manifest.json").read_text())
    assert written == manifest("https://voc.acme.example")


def test_for_several_workspaces_the_manifest_has_where_slack_sends_people_back(folder: Path) -> None:
    address, teams = "https://voc.acme.example", "T0ACME0001, T0BRANCH01"
    shown = World(folder).run(
        NO, NO, NO, NO, YES, "3", address, "2141.69", "hush", "sign", teams, "#voc", SAME, SAME
    )

    written = json.loads((folder / "slack-manifest.json").read_text())
    assert written == manifest(address, is_shared=True)
    assert load().slack.workspaces == ("T0ACME0001", "T0BRANCH01")
    assert "open /slack/install" in shown


def test_the_manifest_names_the_domains_that_were_answered_before_slack(folder: Path) -> None:
    World(folder).run(*ALL)

    written = json.loads((folder / "slack-manifest.json").read_text())
    domains = ["acme.atlassian.net", "linear.app", "acme.zendesk.com", "app.intercom.com"]
    assert written == manifest(domains=domains)


def test_it_says_how_long_the_first_import_takes(folder: Path) -> None:
    shown = World(folder).run(*ALL)

    assert (
        "zendesk: about 12,345 conversations since 2026-08-25; the first import takes about 21 minutes."
        in shown
    )
    assert "intercom: about" not in shown
    assert "python -m bot sync --since 2026-08-25" in shown


def test_input_that_ends_early_leaves_no_settings_behind(folder: Path) -> None:
    with pytest.raises(RequestError, match="input ended"):
        World(folder).run(*ZENDESK)

    assert not (folder / "voc.toml").exists()
    assert not (folder / ".env").exists()


@pytest.mark.parametrize(
    ("file", "said"), [("[jira\n", "voc.toml: is not TOML"), ("jira = 1\n", "jira in voc.toml")]
)
def test_a_file_that_cannot_be_kept_stops_before_the_first_question(
    folder: Path, file: str, said: str
) -> None:
    (folder / "voc.toml").write_text(file)

    with pytest.raises(SettingError, match=said):
        World(folder).run()


def test_every_question_is_a_setting_and_keeps_its_secrecy() -> None:
    known = variables_of(Settings)
    questions = [DIGEST_ZONE, *(q for step in STEPS for way in step.ways for q in way.questions)]

    assert {q.variable: known[q.variable].is_secret for q in questions} == {
        q.variable: q.is_secret for q in questions
    }
