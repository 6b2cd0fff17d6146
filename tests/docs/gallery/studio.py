"""Voc wired as in production, in a workspace that is full of the example's words or holds none yet."""

from __future__ import annotations

import copy
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bot.app import Bot, build
from bot.demo.job import Timed, open_switches, run_job, subscribe
from bot.demo.world import BOT_TOKEN, DIGEST_CHANNEL, REVIEW_CHANNEL, SIGNING_SECRET, USER, fill, settings_for
from bot.demo.world import World as Loaded
from bot.storage.schema import migrate
from config.scopes import EVENTS, SCOPES
from handlers.slack_app import slack_app
from handlers.web import web_app
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.registry import STAND_INS
from integrations.sandbox.serving import Sandbox, Server
from integrations.sandbox.slack.stand_in import SlackStandIn
from tests.docs.demo import NOW
from tests.handlers.running import Pool

Json = dict[str, Any]
MEMBER, GUEST, GERMAN = "U0MEMBER01", "U0GUEST001", "U0GERMAN01"
CHANNELS = {
    DIGEST_CHANNEL: "voice-of-customer",
    REVIEW_CHANNEL: "voc-review",
    "C0SHORT001": "leadership",
    "C0LONG0001": "research",
    "C0GERMAN01": "produkt-de",
    "C0FRENCH01": "produit-fr",
    "C0LINKS001": "planning",
    "C0TWOWEEKS": "every-two-weeks",
    "C0MONTHLY1": "monthly",
    "C0FAILING1": "while-a-source-fails",
    "C0QUIET001": "quiet-and-failing",
    "C0LATER001": "quiet",
}
PEOPLE: list[Json] = [
    {"id": USER, "name": "lena", "real_name": "Lena"},
    {"id": MEMBER, "name": "tom", "real_name": "Tom"},
    {"id": GUEST, "name": "guest", "real_name": "Guest", "is_restricted": True},
    {"id": GERMAN, "name": "jan", "real_name": "Jan", "locale": "de-DE"},
]


class Studio:
    """The workspace, and a person in it. Lena is an admin, Tom is not, and one is a guest."""

    def __init__(self, bot: Bot, slack: SlackStandIn, pool: Pool, sandbox: Sandbox) -> None:
        self.bot, self.slack, self.pool, self.sandbox = bot, slack, pool, sandbox

    @property
    def do(self) -> Any:
        """What a person does in Slack's client."""
        return self.slack.interactor

    def types(self, text: str, *, user: str = USER, channel: str = DIGEST_CHANNEL) -> Json:
        """Type `/voc …` and return the answer."""
        return self._answer(lambda: self.do.command(user, channel, text))

    def presses(self, message: Json, action: str, *, user: str = USER, channel: str = "") -> Json:
        """Press the message's first button of that action, and return what is shown then."""
        block, element = found(message["blocks"], action)
        where = channel or message.get("channel") or REVIEW_CHANNEL
        value = element["options"][0]["value"] if "options" in element else None
        place = block["block_id"], element["action_id"]
        told = self._answer(lambda: self.do.press(user, where, message["ts"], *place, value))
        known = self.slack.space.ephemerals
        return told or copy.deepcopy(next((m for m in known if m["ts"] == message["ts"]), {}))

    def uses(self, action: str, value: Any = None, *, user: str = USER, view: Json | None = None) -> Json:
        """Use an element of the open dialog (or of that view), and return the dialog as it is then."""
        shown = view or self.modal(user)
        block, element = found(shown["blocks"], action)
        self.do.act_in_view(user, shown["id"], block["block_id"], element["action_id"], value)
        self.pool.settle()
        return self.modal(user)

    def modal(self, user: str = USER) -> Json:
        """Return the dialog that the person has open."""
        space = self.slack.space
        return copy.deepcopy(space.views[space.modals[user][-1]])

    def home(self, user: str = USER) -> Json:
        """Open App Home, and return it."""
        space = self.slack.space
        before = sum(one["status"] == "ok" for one in space.deliveries)
        self.slack.talking.open_home(user)
        for _ in range(sum(one["status"] == "ok" for one in space.deliveries) - before):
            self.pool.settle()
        return copy.deepcopy(space.views[space.homes[user]])

    def says(self, text: str, channel: str = DIGEST_CHANNEL) -> Json:
        """Write a message, and return it once Voc has dealt with what Slack told of it."""
        space = self.slack.space
        before = sum(one["status"] == "ok" for one in space.deliveries)
        ts = self.slack.talking.say(USER, channel, text)
        for _ in range(sum(one["status"] == "ok" for one in space.deliveries) - before):
            self.pool.settle()
        return next(m for m in self.messages(channel) if m["ts"] == ts)

    def messages(self, channel: str) -> list[Json]:
        """Return the channel's messages, oldest first."""
        return copy.deepcopy(self.slack.space.channels[channel].messages)

    def _answer(self, act: Callable[[], Json]) -> Json:
        before = len(self.slack.space.ephemerals)
        outcome = act()
        assert outcome["status"] == "ok", outcome
        self.pool.settle()
        told = self.slack.space.ephemerals[before:]
        return copy.deepcopy(told[-1]) if told else {}


@contextmanager
def studio(*, is_full: bool) -> Iterator[Studio]:
    """Yield a workspace; a full one has gone through the demo's whole job."""
    now = datetime.fromisoformat(NOW)
    sandbox = Sandbox(STAND_INS, clock=SandboxClock(now, frozen=True), profile="open")
    sandbox.start()
    slack = sandbox.stand_ins["slack"]
    assert isinstance(slack, SlackStandIn)
    with TemporaryDirectory() as folder:
        bot = _bot(sandbox, Path(folder), now, is_full=is_full)
        pool = Pool()
        app = slack_app(bot.context, bot.settings.slack.api_url, pool)
        server = Server(web_app(bot.health, app, SIGNING_SECRET))
        slack.load({"bot": {"url": f"{server.url}/slack/events", "signing_secret": SIGNING_SECRET}})
        try:
            yield Studio(bot, slack, pool, sandbox)
        finally:
            server.stop()
            pool.shutdown()
            for thread in threading.enumerate():
                if thread.name == "meanings":  # reads what pieces mean, beside what is asked
                    thread.join()
            bot.close()
            sandbox.stop()


def _bot(sandbox: Sandbox, folder: Path, now: datetime, *, is_full: bool) -> Bot:
    client = SandboxClient(sandbox.urls)
    loaded = fill(client, None, now) if is_full else Loaded({}, ("FLD", "OFC"))
    channels = [{"id": number, "name": name} for number, name in CHANNELS.items()]
    app = {"token": BOT_TOKEN, "scopes": list(SCOPES), "events": list(EVENTS)}
    domains = ["torvekit.example", "127.0.0.1"]
    client.load("slack", {"app": {**app, "unfurl_domains": domains}, "users": PEOPLE, "channels": channels})
    bot = build(settings_for(sandbox.urls, folder / "voc.db", loaded), clock=sandbox.clock)
    bot.context = replace(bot.context, admins=frozenset({USER}))
    migrate(bot.database.engine)
    if is_full:
        open_switches(bot, loaded.projects + loaded.teams)
        subscribe(bot)
        run_job(bot, loaded, Timed(), lambda name: lambda note: None)
    return bot


def found(blocks: list[Json], action: str) -> tuple[Json, Json]:
    """Return the first element whose action id begins so, with its block."""
    return next(
        (block, element)
        for block in blocks
        for element in (*block.get("elements", ()), block.get("accessory"), block.get("element"))
        if element and str(element.get("action_id", "")).startswith(action)
    )
