"""What the commands refuse, and what they answer over HTTP."""

from __future__ import annotations

import time
from pathlib import Path

import requests

from bot.storage.engine import open_database
from bot.storage.schema import downgrade
from integrations.sandbox.slack.sending import signed
from tests.journeys.commands import Installation, installed, wait_for
from tests.journeys.company import SECRET

FORM = "command=/voc&text=help&user_id=U0ADA0001&team_id=T0SANDBOX1&channel_id=C0DIGEST1"


def test_an_old_schema_is_refused_with_the_command_to_run(database_url: str, tmp_path: Path) -> None:
    engine = open_database(database_url)
    downgrade(engine, "0003")
    engine.dispose()

    with installed(database_url, tmp_path) as bot:
        for command in (["work"], ["serve"], ["sync"], ["status"]):
            ended = bot.run(*command)

            assert ended.code != 0
            assert "python -m bot migrate" in ended.err
            assert "Traceback" not in ended.err


def test_serve_takes_what_slack_signed_just_now_and_nothing_else(database_url: str, tmp_path: Path) -> None:
    with installed(database_url, tmp_path) as bot, bot.running("serve"):
        wait_for(lambda: _status(bot, "/healthz") == 200, lambda: bot.log)
        now = int(time.time())

        assert _status(bot, "/readyz") == 200
        assert _posted(bot, signed(SECRET, FORM, now)) == 200
        assert _posted(bot, {}) == 401
        assert _posted(bot, signed(SECRET, FORM, now - 600)) == 401
        assert _posted(bot, signed("another secret", FORM, now)) == 401


def test_serve_is_not_ready_while_the_schema_is_old(database_url: str, tmp_path: Path) -> None:
    with installed(database_url, tmp_path) as bot, bot.running("serve"):
        wait_for(lambda: _status(bot, "/readyz") == 200, lambda: bot.log)

        engine = open_database(database_url)
        downgrade(engine, "0003")
        engine.dispose()

        assert _status(bot, "/healthz") == 200
        assert _status(bot, "/readyz") == 503


def _status(bot: Installation, path: str) -> int:
    try:
        return requests.get(f"http://127.0.0.1:{bot.port}{path}", timeout=5).status_code
    except requests.exceptions.ConnectionError:
        return 0


def _posted(bot: Installation, headers: dict[str, str]) -> int:
    url = f"http://127.0.0.1:{bot.port}/slack/events"
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    return requests.post(url, data=FORM, headers={**kind, **headers}, timeout=5).status_code
