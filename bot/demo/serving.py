"""The demo's page: the bot answers the stand-in Slack's signed requests until Ctrl-C."""

from __future__ import annotations

from rich.console import Console

from bot.app import Bot
from bot.commands.running import heed_signals, rest, serving, working
from bot.demo.world import SIGNING_SECRET
from integrations.sandbox.client import SandboxClient


def serve(bot: Bot, sandbox: SandboxClient, console: Console) -> None:
    """Serve until Ctrl-C or SIGTERM."""
    heed_signals()
    with serving(bot, host="127.0.0.1", port=0) as port, working(bot):
        url = f"http://127.0.0.1:{port}/slack/events"
        sandbox.load("slack", {"bot": {"url": url, "signing_secret": SIGNING_SECRET}})
        console.print(
            f"\nOpen [bold]{sandbox.urls['viewer']}[/] to see the channels and the tickets. Ctrl-C ends it."
        )
        rest()
