"""check, evaluate, --help, and settings that are missing or wrong."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from config.scopes import SCOPES
from integrations.sandbox.client import SandboxClient
from tests.commands.operator import Operator
from tests.contracts.embedders import model_folder
from tests.journeys.company import DIGEST
from tests.matching.evaluation.folders import FEEDBACK, HISTORY, TICKETS, TRUTH, write

COMMANDS = """demo up serve work migrate sync import status ticket check switch annotate writes unlink
    model init manifest connect backup evaluate themes""".split()


def test_all_is_well(operator: Operator) -> None:
    (operator.folder / "voc.toml").write_text(f'[[routes]]\ndigest_channels = ["#product", "{DIGEST}"]\n')

    ran = operator.run("check")

    assert (ran.code, ran.err) == (0, "")
    lines = ran.out.splitlines()
    assert lines[0] == "ok       database: reachable and up to date"
    assert all(line.startswith("ok       ") for line in lines)
    told = {line.removeprefix("ok       ").partition(":")[0] for line in lines}
    assert told == {"database", "embedder", "zendesk", "intercom", "jira", "slack"}
    assert "embedder: all-minilm-l6-v2-8199be6f-128-telling from its installed package, 384" in ran.out


@pytest.mark.parametrize(
    ("changed", "missing", "remedy"),
    [
        ({"VOC_ZENDESK__ACCESS_TOKEN": "wrong"}, "zendesk: Zendesk does not accept", "connect zendesk"),
        ({"VOC_ZENDESK__ACCESS_TOKEN": "agents"}, "zendesk: .* role agent", "admin"),
        ({"VOC_INTERCOM__ACCESS_TOKEN": "wrong"}, "intercom: not so", "token"),
        ({"VOC_JIRA__API_TOKEN": "wrong"}, "jira: Jira Cloud refuses an API token", "token"),
        ({"VOC_JIRA__PROJECTS": "APP,NONE"}, "jira: project NONE is not there", "Check its key"),
        ({"VOC_SLACK__BOT_TOKEN": "xoxb-wrong"}, "slack: .* refused", "reinstall the app"),
    ],
    ids=str,
)
def test_what_is_missing_is_named_with_what_to_do(
    operator: Operator, sandbox: SandboxClient, changed: dict[str, str], missing: str, remedy: str
) -> None:
    agent = {"id": 900, "name": "Gus", "email": "gus@acme.example", "role": "agent"}
    sandbox.load("zendesk", {"users": [agent], "access_tokens": [{"token": "agents", "user_id": 900}]})

    ran = operator.run("check", **changed)

    assert ran.code == 1
    assert re.search(rf"^MISSING  {missing}.*\n         → .*{remedy}", ran.out, re.MULTILINE)
    assert ran.out.count("MISSING") == 1
    assert not any(value in ran.out + ran.err for value in changed.values() if value.startswith("xoxb"))


def test_a_missing_scope_is_named(operator: Operator, sandbox: SandboxClient) -> None:
    sandbox.load("slack", {"app": {"scopes": [scope for scope in SCOPES if scope != "files:write"]}})

    ran = operator.run("check")
    sandbox.load("slack", {"app": {"scopes": list(SCOPES)}})

    assert ran.code == 1
    assert "MISSING  slack: Slack scope files:write is missing, needed for the digest's chart\n" in ran.out


def test_what_is_not_set_up_is_named_and_an_old_schema_too(shell: Operator) -> None:
    ran = shell.run("check", DATABASE_URL="sqlite:///new.db")

    assert (ran.code, ran.err) == (1, "")
    assert ran.out.count("MISSING") == 4
    assert "Run: python -m bot migrate" in ran.out
    assert ran.out.count("→ python -m bot init") == 3


def test_an_evaluation_is_a_table_and_a_file(shell: Operator, tmp_path: Path) -> None:
    write(tmp_path, feedback=FEEDBACK, tickets=TICKETS, truth=TRUTH)

    ran = shell.run("evaluate", str(tmp_path), "--json", "figures.json")

    figures = json.loads((shell.folder / "figures.json").read_text())
    assert ran.code == 0
    assert re.search(r"^retrieval +top1 +1 \[", ran.out, re.MULTILINE)
    assert (figures["retrieval"]["top1"], figures["data"]["seed"]) == (1.0, 20261123)


def test_an_evaluation_takes_part_of_the_data_and_several_embedders(shell: Operator, tmp_path: Path) -> None:
    write(tmp_path, feedback=FEEDBACK, tickets=TICKETS, truth=TRUTH, history=HISTORY)
    asked = "--leave-out 1 --examples 2 --seed 7 --embedder wordllama --embedder wordllama".split()

    ran = shell.run("evaluate", str(tmp_path), *asked)

    assert ran.code == 0
    assert ran.out.splitlines()[1].startswith("2 tickets (1 left out), ")
    assert ran.out.splitlines()[1].endswith(" attached pieces, at most 2 each; seed 7")
    assert ran.out.splitlines()[3].count("wordllama") == 2


def test_what_an_evaluation_cannot_take_is_told_in_one_line(shell: Operator, tmp_path: Path) -> None:
    write(tmp_path, feedback=FEEDBACK, tickets=TICKETS, truth=TRUTH)

    ran = shell.run("evaluate", str(tmp_path), "--leave-out", "9")

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "--leave-out 9: only 2 tickets fit" in ran.err


def test_check_tells_how_many_vectors_another_embedder_has_to_make(operator: Operator) -> None:
    operator.run("sync")

    same = operator.run("check")
    changed = operator.run("check", VOC_MATCHING__EMBEDDER="wordllama")

    assert re.search(r"^ok       embedder: all of \d+ vectors are made$", same.out, re.MULTILINE)
    waiting = re.search(
        r"^ok       embedder: (\d+) of (\d+) vectors are to be made yet: new pieces wait for them$",
        changed.out,
        re.MULTILINE,
    )
    assert waiting
    assert int(waiting[1]) == int(waiting[2]) > 0
    assert "embedder: wordllama-l2-supercat-256-lower from its installed package, 256" in changed.out


def test_an_embedder_that_is_missing_its_model_is_named(operator: Operator) -> None:
    ran = operator.run("check", VOC_MATCHING__EMBEDDER="onnx", VOC_MATCHING__MODEL_DIR="nowhere")

    assert ran.code == 1
    assert "MISSING  embedder: VOC_MATCHING__MODEL_DIR" in ran.out
    assert ran.out.count("MISSING") == 1


def test_an_evaluation_takes_the_operator_s_own_model(shell: Operator, tmp_path: Path) -> None:
    for name, text in (("feedback", FEEDBACK), ("tickets", TICKETS), ("truth", TRUTH)):
        (tmp_path / f"{name}.csv").write_text(text)
    model = model_folder()

    ran = shell.run("evaluate", str(tmp_path), "--embedder", "onnx", VOC_MATCHING__MODEL_DIR=str(model))

    assert (ran.code, ran.err) == (0, "")
    assert f"{model.name}-8199be6f-mean-128" in ran.out
    shutil.rmtree(model)


def test_a_folder_that_is_not_there_is_told_in_one_line(shell: Operator) -> None:
    ran = shell.run("evaluate", "nowhere")

    assert (ran.code, ran.out, ran.err.count("\n")) == (1, "", 1)
    assert "nowhere" in ran.err


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"VOC_JIRA__URL": "http://jira.acme.example"}, r"VOC_JIRA__URL .*tickets\).*https://.*Example: "),
        ({"VOC_WEB__PORT": "many"}, r"VOC_WEB__PORT \(needed for serving HTTP\): .*integer"),
        (
            {"VOC_ZENDESK__URL": "https://acme.zendesk.com"},
            r"VOC_ZENDESK__CLIENT_ID \(.*Zendesk\): is not set",
        ),
        (
            {"VOC_SLAK__BOT_TOKEN": "xoxb-1"},
            r"VOC_SLAK__BOT_TOKEN: is no setting. Did you mean VOC_SLACK__BOT_TOKEN",
        ),
        (
            {"VOC_SLACK__BOT_TOKEN": "xapp-hush"},
            r"VOC_SLACK__BOT_TOKEN \(.*\): must be the bot token .*xoxb-",
        ),
        (
            {"DATABASE_URL": "mysql://voc:hush@host/voc"},
            r"DATABASE_URL \(.*\): must start with sqlite:/// or postgresql",
        ),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_a_wrong_setting_stops_the_start_with_2_name_feature_and_example(
    shell: Operator, settings: dict[str, str], said: str
) -> None:
    ran = shell.run("up", **settings)

    assert (ran.code, ran.out) == (2, "")
    assert re.search(said, ran.err)
    assert "hush" not in ran.err
    assert "Traceback" not in ran.err


def test_help_tells_of_every_command_and_each_of_its_words(shell: Operator) -> None:
    whole = shell.run("--help")
    each = [CliRunner().invoke(app, [command, "--help"], prog_name="python -m bot") for command in COMMANDS]

    assert re.findall(r"^  ([a-z]+) ", whole.out, re.MULTILINE) == COMMANDS
    assert [whole.code, *(ran.exit_code for ran in each)] == [0] * (len(COMMANDS) + 1)
    assert all(f"Usage: python -m bot {name}" in ran.output for name, ran in zip(COMMANDS, each, strict=True))
