"""Settings come from the environment, `.env` and `voc.toml`."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bot.domain.route import Exclusions, FieldMap, Route
from bot.errors import SettingError
from config.names import variables_of
from config.settings import Settings, load, problem_with, settings_from, settings_of

KEY = "hZ3l4Zc8oZ0Qm1x1zq0m3rJ3o9b2T7nVwq8yWJr5f6A="
SECRETS = {
    "VOC_ZENDESK__CLIENT_SECRET": "shh",
    "VOC_INTERCOM__ACCESS_TOKEN": "token",
    "VOC_JIRA__API_TOKEN": "token",
    "VOC_LINEAR__API_KEY": "lin_api_1",
    "VOC_SLACK__BOT_TOKEN": "xoxb-1",
    "VOC_SECRET_KEY": KEY,
}


def test_nothing_configured_is_fine_and_keeps_everything_in_a_file_here(folder: Path) -> None:
    settings = load()

    assert settings.database.url.get_secret_value() == "sqlite:///voc.db"
    assert not any((settings.has_slack, settings.has_zendesk, settings.has_intercom, settings.has_jira))
    assert settings.rules().phone_regions == ("US", "GB", "DE", "FR")


def test_the_environment_has_the_last_word_then_dotenv_then_the_file(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "voc.toml").write_text("[engine]\nworkers = 1\nlease_s = 11\ntick_s = 21\n")
    (folder / ".env").write_text("VOC_ENGINE__WORKERS=2\nVOC_ENGINE__LEASE_S=12\n")
    monkeypatch.setenv("VOC_ENGINE__WORKERS", "3")

    engine = load().engine

    assert (engine.workers, engine.lease_s, engine.tick_s) == (3, 12, 21)


def test_dotenv_takes_a_dollar_sign_as_it_stands(folder: Path) -> None:
    (folder / ".env").write_text("VOC_SLACK__BOT_TOKEN=xoxb-${HOME}\n")

    assert load().require("slack.bot_token", feature="posting") == "xoxb-${HOME}"


def test_another_file_can_be_named(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "other.toml").write_text("[engine]\nworkers = 9\n")
    monkeypatch.setenv("VOC_CONFIG", "other.toml")

    assert load().engine.workers == 9


def test_a_blank_variable_counts_as_not_set(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOC_JIRA__URL", " ")

    assert not load().has_jira


def test_a_secret_can_lie_in_a_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "token").write_text("xoxb-from-file\n")
    monkeypatch.setenv("VOC_SLACK__BOT_TOKEN_FILE", str(folder / "token"))

    assert load().require("slack.bot_token", feature="posting") == "xoxb-from-file"


def test_platforms_names_are_read_and_ours_win(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "5000")
    monkeypatch.setenv("DATABASE_URL", "postgres://me:pw@host/voc")

    theirs = load()
    monkeypatch.setenv("VOC_WEB__PORT", "6000")
    monkeypatch.setenv("VOC_WEB__HOST", "127.0.0.1")
    ours = load()

    assert (theirs.web.host, theirs.web.port) == ("0.0.0.0", 5000)
    assert theirs.database.url.get_secret_value() == "postgresql+psycopg://me:pw@host/voc"
    assert (ours.web.host, ours.web.port) == ("127.0.0.1", 6000)


def test_lists_have_commas_in_the_environment(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOC_EXCLUDE__STAFF_DOMAINS", "Acme.example, acme.test,")

    assert load().exclude.staff_domains == ("acme.example", "acme.test")


def test_the_example_file_is_valid_with_the_secrets_that_it_names(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "voc.toml").write_bytes((root / "config" / "voc.example.toml").read_bytes())
    for variable, value in SECRETS.items():
        monkeypatch.setenv(variable, value)

    settings = load()

    assert settings.has_slack
    assert settings.has_zendesk
    assert settings.has_intercom
    assert settings.has_jira
    assert settings.has_linear
    assert settings.projects == {"FLD": "jira", "OFC": "jira", "APP": "linear"}


def test_rules_are_what_the_operator_wrote() -> None:
    settings = settings_of(
        {
            "slack": {"bot_token": "xoxb-1"},
            "review": {"cards_a_day": 5},
            "phone_regions": ["DE"],
            "routes": [
                {"source": "zendesk", "projects": ["FLD"], "owner_channel": "#voc"},
                {"digest_channels": ["C0123ABCD", "#produkt-grün"]},
            ],
            "fields": {"zendesk": {"plan": "organization_fields.plan", "currency": "EUR", "period": "year"}},
            "exclude": {"staff_domains": ["acme.example"], "tags": ["spam"]},
        }
    )

    rules = settings.rules()

    assert rules.routes.routes == (
        Route(source="zendesk", projects=("FLD",), owner_channel="#voc"),
        Route(digest_channels=("C0123ABCD", "#produkt-grün")),
    )
    plan = FieldMap(plan="organization_fields.plan", currency="EUR", period="year")
    assert rules.fields == {"zendesk": plan}
    assert rules.exclusions == Exclusions(staff_domains=frozenset({"acme.example"}), tags=frozenset({"spam"}))
    assert (rules.cards_a_day, rules.phone_regions) == (5, ("DE",))


def test_projects_to_read_are_jiras_own_and_those_of_routes() -> None:
    settings = settings_of({"jira": {"projects": ["OFC"]}, "routes": [{"projects": ["FLD", "OFC"]}]})

    assert settings.jira_projects == ("OFC", "FLD")


JIRA = {"url": "https://acme.example", "email": "voc@acme.example", "api_token": "token", "projects": ["FLD"]}
LINEAR = {"api_key": "lin_api_1", "teams": ["APP"]}


@pytest.mark.parametrize(
    ("trackers", "routed", "read"),
    [
        ({"jira": JIRA, "linear": LINEAR}, ["APP"], {"FLD": "jira", "APP": "linear"}),
        ({"jira": JIRA, "linear": LINEAR}, ["OFC"], {"FLD": "jira", "OFC": "jira", "APP": "linear"}),
        ({"linear": LINEAR}, ["WEB", "APP"], {"APP": "linear", "WEB": "linear"}),
        ({"jira": JIRA}, ["OFC", "FLD"], {"FLD": "jira", "OFC": "jira"}),
        ({"linear": {"api_key": "lin_api_1"}}, ["X"], {"X": "linear"}),
        ({}, ["FLD"], {}),
    ],
)
def test_what_a_route_names_is_a_team_of_linears_or_else_a_project_of_jiras(
    trackers: dict[str, object], routed: list[str], read: dict[str, str]
) -> None:
    settings = settings_of({**trackers, "routes": [{"projects": routed}]})

    assert settings.projects == read
    assert all(read.get(key) == "linear" for key in settings.linear_teams)


def test_tables_below_a_section_are_the_files_alone(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "voc.toml").write_text(
        "[jira.figures]\npeople = 'Voices'\n[jira.create_fields]\ncomponents = [{ name = 'App' }]\n"
    )

    jira = load().jira

    assert jira.figures.people == "Voices"
    assert jira.create_fields == {"components": [{"name": "App"}]}
    assert not {"VOC_JIRA__FIGURES", "VOC_JIRA__CREATE_FIELDS"} & set(variables_of(Settings))


@pytest.mark.parametrize(
    "way",
    [
        {"VOC_JIRA__EMAIL": "voc@acme.example", "VOC_JIRA__API_TOKEN": "t"},
        {"VOC_JIRA__PERSONAL_TOKEN": "t"},
        {"VOC_JIRA__PERSONAL_TOKEN": "t", "VOC_JIRA__DEPLOYMENT": "server"},
        {"VOC_JIRA__CLIENT_ID": "voc", "VOC_JIRA__CLIENT_SECRET": "s", "VOC_SECRET_KEY": KEY},
        {"VOC_SECRET_KEY": KEY},
    ],
    ids="api-token personal-token personal-token-on-server oauth stored".split(),
)
def test_jira_signs_in_in_one_of_these_ways(way: dict[str, str]) -> None:
    where = {"VOC_JIRA__URL": "https://acme.example", "VOC_JIRA__PROJECTS": "FLD"}

    assert settings_from({**where, **way}).has_jira


@pytest.mark.parametrize(
    "way",
    [
        {"VOC_LINEAR__API_KEY": "lin_api_1"},
        {"VOC_LINEAR__CLIENT_ID": "voc", "VOC_LINEAR__CLIENT_SECRET": "s", "VOC_SECRET_KEY": KEY},
        {"VOC_SECRET_KEY": KEY},
    ],
    ids="api-key oauth stored".split(),
)
def test_linear_signs_in_in_one_of_these_ways(way: dict[str, str]) -> None:
    assert settings_from({"VOC_LINEAR__TEAMS": "APP, E", **way}).linear_teams == ("APP", "E")


def test_what_is_required_but_not_set_is_named_with_what_needs_it() -> None:
    with pytest.raises(SettingError) as caught:
        settings_of({}).require("slack.bot_token", feature="posting the digest")

    assert str(caught.value) == (
        "VOC_SLACK__BOT_TOKEN (needed for posting the digest): is not set. Example: xoxb-…"
    )


def test_several_keys_are_given_newest_first() -> None:
    settings = settings_from({"VOC_SECRET_KEY": f"{KEY}, {KEY[::-1][1:]}="})

    assert settings.secret_keys == (KEY, f"{KEY[::-1][1:]}=")


def test_secrets_are_listed_for_the_scrubber_and_hidden_in_repr() -> None:
    settings = settings_from({"VOC_INTERCOM__ACCESS_TOKEN": "dG9rOjEyMzQ1", "VOC_SECRET_KEY": f"{KEY},{KEY}"})

    assert list(settings.secrets()) == [KEY, KEY, "dG9rOjEyMzQ1"]
    assert "dG9rOjEyMzQ1" not in repr(settings)
    assert "dG9rOjEyMzQ1" not in str(settings.model_dump())


@pytest.mark.parametrize(
    ("variable", "text", "problem"),
    [
        ("VOC_JIRA__URL", "https://acme.example", ""),
        ("VOC_JIRA__PROJECTS", "FLD, OFC", ""),
        ("VOC_JIRA__PROJECTS", "fld", "must be project keys in capitals"),
        ("VOC_LINEAR__TEAMS", "APP, e", "must be team keys in capitals"),
        ("VOC_SECRET_KEY", KEY, ""),
        ("routes.owner_channel", "#voc", ""),
        ("routes.digest_channels", "#a, #B", "must be a channel's id or its name in lower case"),
    ],
)
def test_one_value_can_be_asked_about(variable: str, text: str, problem: str) -> None:
    assert problem_with(variable, text) == problem


def test_each_default_passes_its_own_check() -> None:
    defaults = {
        variable: str(name.field.default)
        for variable, name in variables_of(Settings).items()
        if isinstance(name.field.default, str | int | float)
    }

    assert {
        name: problem_with(name, text) for name, text in defaults.items() if problem_with(name, text)
    } == {}


def test_importing_the_package_loads_no_pydantic(root: Path) -> None:
    command = "import sys, config, config.logs, config.manifest; print('pydantic' in sys.modules)"

    shown = subprocess.run([sys.executable, "-c", command], cwd=root, stdout=subprocess.PIPE, check=True)

    assert shown.stdout.strip() == b"False"
