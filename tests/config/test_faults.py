"""What is wrong with settings is told at once: name, what needs it, form, example; never a value."""

from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingError, SettingErrors
from config.names import Name, names_of, variables_of
from config.settings import Settings, load, settings_from, settings_of

JIRA = ("JIRA__URL", "JIRA__EMAIL", "JIRA__API_TOKEN", "JIRA__PROJECTS")


def fault_of(variables: dict[str, str]) -> str:
    """Return what the start would end with."""
    with pytest.raises(SettingError) as caught:
        settings_from(variables)
    return str(caught.value)


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        (
            "VOC_JIRA__URL",
            "http://acme.example",
            "must start with https:// (plain http only to this",
        ),
        ("VOC_JIRA__URL", "acme.example", "must be a URL that starts with https://"),
        ("VOC_JIRA__URL", "https://[", "must be a URL"),
        ("VOC_JIRA__URL", "https://me:pw@acme.example", "must be an address alone"),
        ("VOC_SLACK__BOT_TOKEN", "xapp-1", "must be the bot token (it starts with xoxb-)"),
        ("VOC_SLACK__APP_TOKEN", "xoxb-1", "must be an app-level token (it starts with xapp-)"),
        ("VOC_SECRET_KEY", "short", "must be 32 bytes in URL-safe base64"),
        ("VOC_SECRET_KEY", "ö" * 44, "must be 32 bytes in URL-safe base64"),
        ("VOC_DATABASE__URL", "mysql://host/db", "must start with sqlite:/// or postgresql://"),
        ("DATABASE_URL", "mysql://host/db", "must start with sqlite:/// or postgresql://"),
        ("VOC_DIGEST__ZONE", "Mars/Phobos", "must be an IANA time zone"),
        ("VOC_DIGEST__CRON", "9 9 * *", "must be five cron fields"),
        ("VOC_DIGEST__CRON", "60 9 * * mon", "must be five cron fields"),
        ("VOC_DIGEST__CRON", "0 9 * * moon", "must be five cron fields"),
        ("VOC_PHONE_REGIONS", "US, UK", "must be two-letter country codes"),
        ("VOC_ENGINE__WORKERS", "many", "must be a valid integer"),
        ("VOC_ENGINE__WORKERS", "0", "must be greater than or equal to 1"),
        ("VOC_MATCHING__ATTACH_AT", "nan", "must be a finite number"),
        ("VOC_LOG__FORMAT", "xml", "must be 'console' or 'json'"),
        ("VOC_EXCLUDE__STAFF_DOMAINS", "@acme.example", "must be domains, without @"),
        ("PORT", "none", "must be a valid integer"),
    ],
)
def test_a_value_of_the_wrong_form_is_named_with_its_form_and_an_example(
    variable: str, value: str, said: str
) -> None:
    fault = fault_of({variable: value})

    assert fault.startswith(f"{variable} (needed for ")
    assert f": {said}" in fault
    assert "Example: " in fault
    assert value not in fault


@pytest.mark.parametrize("url", ["http://127.0.0.1:8000", "http://localhost:1/", "http://[::1]:80"])
def test_plain_http_reaches_this_machine(url: str) -> None:
    assert settings_from({"VOC_INTERCOM__URL": url}).intercom.url == url.rstrip("/")


@pytest.mark.parametrize("cron", ["0 9 * * mon", "*/5 0-6,12 1,15 jan-mar 7", "0 9 * * MON-FRI/2"])
def test_the_usual_forms_of_cron_pass(cron: str) -> None:
    assert settings_from({"VOC_DIGEST__CRON": cron}).digest.cron == cron


@pytest.mark.parametrize(
    ("variables", "named"),
    [
        ({"VOC_JIRA__URL": "https://a.example"}, ["JIRA__EMAIL", "JIRA__API_TOKEN", "JIRA__PROJECTS"]),
        ({"VOC_ZENDESK__URL": "https://a.example"}, ["ZENDESK__CLIENT_ID"]),
        ({"VOC_ZENDESK__ACCESS_TOKEN": "t"}, ["ZENDESK__URL"]),
        (
            {"VOC_ZENDESK__URL": "https://a.example", "VOC_ZENDESK__EMAIL": "a@b.example"},
            ["ZENDESK__API_TOKEN"],
        ),
        ({"VOC_ZENDESK__URL": "https://a.example", "VOC_ZENDESK__API_TOKEN": "t"}, ["ZENDESK__EMAIL"]),
        (
            {"VOC_ZENDESK__URL": "https://a.example", "VOC_ZENDESK__CLIENT_ID": "voc"},
            ["ZENDESK__CLIENT_SECRET", "SECRET_KEY"],
        ),
        ({"VOC_JIRA__PERSONAL_TOKEN": "t"}, ["JIRA__URL", "JIRA__PROJECTS"]),
        (
            {"VOC_JIRA__URL": "https://a.example", "VOC_JIRA__CLIENT_ID": "voc", "VOC_JIRA__PROJECTS": "FLD"},
            ["JIRA__CLIENT_SECRET", "SECRET_KEY"],
        ),
        ({"VOC_LINEAR__SITE": "https://linear.app/acme"}, ["LINEAR__API_KEY", "LINEAR__TEAMS"]),
        ({"VOC_LINEAR__API_KEY": "t"}, ["LINEAR__TEAMS"]),
        ({"VOC_LINEAR__API_KEY": "t", "VOC_JIRA__WEBHOOK_SECRET": "s"}, [*JIRA, "LINEAR__TEAMS"]),
        ({"VOC_LINEAR__WEBHOOK_SECRET": "s"}, ["LINEAR__API_KEY", "LINEAR__TEAMS"]),
        (
            {"VOC_LINEAR__CLIENT_SECRET": "s", "VOC_LINEAR__TEAMS": "APP"},
            ["LINEAR__CLIENT_ID", "SECRET_KEY"],
        ),
        ({"VOC_SLACK__APP_TOKEN": "xapp-1"}, ["SLACK__BOT_TOKEN"]),
    ],
)
def test_what_others_call_for_is_missed(variables: dict[str, str], named: list[str]) -> None:
    lines = fault_of(variables).splitlines()

    assert [line.partition(" ")[0] for line in lines] == [f"VOC_{name}" for name in named]
    assert all(": is not set. Example: " in line for line in lines)


@pytest.mark.parametrize(
    ("variables", "said"),
    [
        (
            {"VOC_JIRA__API_TOKEN": "t", "VOC_JIRA__EMAIL": "a@b.example", "VOC_JIRA__PERSONAL_TOKEN": "p"},
            "VOC_JIRA__PERSONAL_TOKEN (needed for reading and annotating Jira's tickets): contradicts "
            "VOC_JIRA__API_TOKEN. Choose one way to sign in, and take the other out",
        ),
        (
            {"VOC_JIRA__PERSONAL_TOKEN": "p", "VOC_JIRA__DEPLOYMENT": "cloud"},
            "VOC_JIRA__PERSONAL_TOKEN (needed for reading and annotating Jira's tickets): does not go with "
            "VOC_JIRA__DEPLOYMENT=cloud. Data Center takes a personal access token, Cloud an API token",
        ),
        (
            {"VOC_JIRA__CLIENT_ID": "c", "VOC_JIRA__CLIENT_SECRET": "s", "VOC_JIRA__DEPLOYMENT": "server"},
            "VOC_JIRA__CLIENT_ID (needed for reading and annotating Jira's tickets): does not go with",
        ),
        (
            {
                "VOC_JIRA__CLIENT_ID": "c",
                "VOC_JIRA__CLIENT_SECRET": "s",
                "VOC_JIRA__URL": "https://api.atlassian.com/ex/jira/1",
            },
            "VOC_JIRA__URL (needed for reading and annotating Jira's tickets): must be the site's own",
        ),
        (
            {"VOC_LINEAR__API_KEY": "k", "VOC_LINEAR__CLIENT_ID": "c", "VOC_LINEAR__CLIENT_SECRET": "s"},
            "VOC_LINEAR__CLIENT_ID (needed for reading and annotating Linear's tickets): contradicts "
            "VOC_LINEAR__API_KEY",
        ),
        (
            {"VOC_LINEAR__API_KEY": "k", "VOC_LINEAR__TEAMS": "APP, FLD", "VOC_JIRA__PERSONAL_TOKEN": "p"},
            "VOC_LINEAR__TEAMS (needed for reading and annotating Linear's tickets): shares a key with "
            "VOC_JIRA__PROJECTS",
        ),
    ],
)
def test_two_ways_at_once_are_refused_with_what_to_do(variables: dict[str, str], said: str) -> None:
    where = {"VOC_JIRA__URL": "https://a.example", "VOC_JIRA__PROJECTS": "FLD", "VOC_LINEAR__TEAMS": "APP"}
    others = {"VOC_SECRET_KEY": "hZ3l4Zc8oZ0Qm1x1zq0m3rJ3o9b2T7nVwq8yWJr5f6A="}

    assert fault_of({**where, **others, **variables}).startswith(said)


def test_the_other_ways_to_sign_in_are_named_where_none_is_set() -> None:
    fault = fault_of({"VOC_JIRA__URL": "https://a.example", "VOC_JIRA__PROJECTS": "FLD"})

    assert "VOC_JIRA__PERSONAL_TOKEN for Data Center" in fault
    assert "`python -m bot connect jira`" in fault


def test_channels_need_slack() -> None:
    with pytest.raises(SettingError, match=r"VOC_SLACK__BOT_TOKEN \(needed"):
        settings_of({"routes": [{"owner_channel": "#voc"}]})


def test_a_proposal_cannot_need_more_than_an_attachment() -> None:
    assert fault_of({"VOC_MATCHING__SUGGEST_AT": "0.95"}).startswith("VOC_MATCHING__SUGGEST_AT (needed for")


def test_several_faults_are_told_together() -> None:
    with pytest.raises(SettingErrors) as caught:
        settings_from({"VOC_WEB__PORT": "x", "VOC_LOG__LEVEL": "x", "VOC_WEBB__PORT": "1"})

    assert [fault.variable for fault in caught.value.faults] == [
        "VOC_WEBB__PORT",
        "VOC_WEB__PORT",
        "VOC_LOG__LEVEL",
    ]
    assert len(str(caught.value).splitlines()) == 3


@pytest.mark.parametrize(
    ("unknown", "meant"),
    [
        ("VOC_SLCK__BOT_TOKEN", "VOC_SLACK__BOT_TOKEN"),
        ("VOC_JIRA_URL", "VOC_JIRA__URL"),
        ("VOC_SECRETKEY", "VOC_SECRET_KEY"),
        ("VOC_JIRA__URL_FILE", "VOC_JIRA__URL"),
    ],
)
def test_an_unknown_variable_stops_and_the_nearest_is_offered(unknown: str, meant: str) -> None:
    assert fault_of({unknown: "x"}) == f"{unknown}: is no setting. Did you mean {meant}?"


@pytest.mark.parametrize(
    ("file", "said"),
    [
        ("[slak]\n", "slak in voc.toml: is no setting. Did you mean slack?"),
        ("[jira]\nproject = []\n", "jira.project in voc.toml: is no setting. Did you mean projects?"),
        (
            "[[routes]]\n[[routes]]\nsurce = ''\n",
            "routes[2].surce in voc.toml: is no setting. Did you mean sour",
        ),
        (
            "[[routes]]\nowner_channel = '#A'\n",
            "routes[1].owner_channel in voc.toml (needed for rout",
        ),
        (
            "[fields.zendesk]\ncurrency = 'XXY'\n",
            "fields.zendesk.currency in voc.toml (needed for show",
        ),
        ("[fields.Zendesk]\n", "fields.Zendesk in voc.toml (needed for "),
        ("[web]\nport = 0\n", "web.port in voc.toml (needed for serving HTTP): must be greater than"),
        (
            "[jira.figures]\npeple = 'x'\n",
            "jira.figures.peple in voc.toml: is no setting. Did you mean people?",
        ),
        ("[jira.create_fields]\ndue = 2026-01-01\n", "jira.create_fields.due in voc.toml (needed for "),
        ("[linear]\napi_key = 'lin_api_1'\n", "linear.api_key in voc.toml: is a secret"),
        ("jira = 1\n", "jira in voc.toml (needed for reading and annotating"),
        ("[web\n", "voc.toml: is not TOML"),
        (
            "[slack]\nbot_token = 'xoxb-1'\n",
            "slack.bot_token in voc.toml: is a secret and may not stand in this file. Set VOC_SLACK__BOT_T",
        ),
        ("[database]\nurl = 'sqlite:///x.db'\n", "database.url in voc.toml: is a secret"),
        ("secret_key = 'k'\n", "secret_key in voc.toml: is a secret"),
    ],
)
def test_what_is_wrong_with_the_file_is_named_by_its_place(folder: Path, file: str, said: str) -> None:
    (folder / "voc.toml").write_text(file)

    with pytest.raises(SettingError) as caught:
        load()

    assert str(caught.value).startswith(said)


def test_a_secret_in_the_file_stops_even_when_the_environment_has_it(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "voc.toml").write_text("[slack]\nbot_token = 'xoxb-1'\n")
    monkeypatch.setenv("VOC_SLACK__BOT_TOKEN", "xoxb-2")

    with pytest.raises(SettingError, match="is a secret"):
        load()


@pytest.mark.parametrize("content", [None, b"", b"\xff"])
def test_a_secrets_file_that_gives_nothing_stops(folder: Path, content: bytes | None) -> None:
    if content is not None:
        (folder / "token").write_bytes(content)

    fault = fault_of({"VOC_SLACK__BOT_TOKEN_FILE": str(folder / "token")})

    assert fault == "VOC_SLACK__BOT_TOKEN_FILE: names a file that is empty or cannot be read"


def test_a_named_file_that_is_not_there_stops(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VOC_CONFIG", "gone.toml")

    with pytest.raises(SettingError, match="VOC_CONFIG: names a file that is not there"):
        load()


VARIABLES = [*variables_of(Settings), "PORT", "DATABASE_URL"]
PRINTABLE = st.characters(codec="ascii", exclude_categories=("Cc", "Zs"))
VALUES = st.text(PRINTABLE, min_size=4).map("sEcReT-".__add__)


def everything_shown(error: BaseException) -> str:
    """Return what a traceback shows of the error and its causes."""
    return "".join(traceback.format_exception(error)) + repr(error)


@given(st.dictionaries(st.sampled_from(VARIABLES), VALUES, min_size=1))
def test_no_value_is_shown_by_an_error_whatever_variable_it_was_given_in(variables: dict[str, str]) -> None:
    shown = ""
    try:
        settings_from(variables)
    except SettingError as exc:
        shown = everything_shown(exc)

    assert "sEcReT-" not in shown


@given(st.sampled_from([*names_of(Settings)]), VALUES)
def test_no_value_of_the_file_is_shown_by_an_error(name: Name, value: str) -> None:
    shown = ""
    try:
        settings_of({name.section: {name.key: value}} if name.section else {name.key: value})
    except SettingError as exc:
        shown = everything_shown(exc)

    assert "sEcReT-" not in shown
