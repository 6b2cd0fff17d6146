"""Slack channels that bring feedback are named in the file, and the guide's are right."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.domain.capture import ChannelRules
from bot.errors import SettingError
from config.settings import load, settings_of

TOKEN = {"bot_token": "xoxb-1"}


def test_the_guides_channels_are_what_it_says_of_them(
    root: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    guide = (root / "docs" / "how-to" / "capture-in-slack.md").read_text(encoding="utf-8")
    (folder / "voc.toml").write_text("\n".join(re.findall(r"```toml\n(.*?)```", guide, re.S)))
    monkeypatch.setenv("VOC_SLACK__BOT_TOKEN", "xoxb-1")

    assert load().rules().channels == (
        ChannelRules(
            channel="#ext-acme",
            is_feedback=True,
            company="Acme Freight",
            not_feedback="no_entry_sign",
            me_too="raised_hands",
        ),
        ChannelRules(channel="#sales-calls", capture="memo"),
    )


@pytest.mark.parametrize(
    ("given", "where"),
    [
        ({"channel": "#a", "capture": ":memo:"}, "channels[1].capture"),
        ({"channel": "#a", "customers": "some"}, "channels[1].customers"),
        ({"channel": ""}, "channels[1].channel"),
        ({"feedback": True}, "channels[1].channel"),
        ({"channel": "#a", "colour": "red"}, "channels[1].colour"),
    ],
)
def test_a_wrong_channel_is_told_by_its_place(given: dict[str, object], where: str) -> None:
    with pytest.raises(SettingError, match=re.escape(where)):
        settings_of({"slack": TOKEN, "channels": [given]})


def test_channels_need_a_token() -> None:
    with pytest.raises(SettingError, match="VOC_SLACK__BOT_TOKEN"):
        settings_of({"channels": [{"channel": "#a", "feedback": True}]})
