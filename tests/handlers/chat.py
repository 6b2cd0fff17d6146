"""A workspace with a customer's channel, where the queue's tasks for threads are run by hand."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bot.domain.capture import ChannelRules, thread_id
from bot.domain.feedback import Conversation
from bot.domain.voice import Voice
from handlers.threads import follow_thread, weigh_reaction
from tests.handlers.shop import Shop
from tests.handlers.world import PRODUCT, World

CARA, DAN = "U0CARA0001", "U0DAN00001"  # of another organisation; a guest
MEANINGS: dict[str, Any] = {"not_feedback": "no_entry", "me_too": "raised_hands"}
CHANNELS = (
    ChannelRules(channel="#acme", is_feedback=True, company="Acme", **MEANINGS),
    ChannelRules(channel=PRODUCT, capture="memo", **MEANINGS),
)
ACME = "C0EXTACME1"


class Chat:
    """The workspace, its people, and what Voc knows of their threads."""

    def __init__(self, world: World) -> None:
        self.world, self.talk = world, world.slack.talking
        self.shop = replace(
            Shop(world).workshop, rules=world.context.rules, queue=world.queue, threads=world.context.threads
        )
        other = {"team_id": "T0OTHER001", "profile": {"email": "cara@acme.example", "real_name": "Cara"}}
        world.slack.load(
            {
                "users": [
                    {"id": CARA, "name": "cara", **other},
                    {"id": DAN, "name": "dan", "is_restricted": True, "profile": {"email": "dan@gmail.com"}},
                ],
                "channels": [{"id": ACME, "name": "acme", "is_ext_shared": True}],
            }
        )

    def settle(self) -> None:
        """Deal with the events, then run each task that they submitted once."""
        self.world.hears()
        tasks = {task.key: task for task, _ in self.world.queue.submitted}
        self.world.queue.submitted.clear()
        for task in tasks.values():
            if task.name == "thread":
                follow_thread(self.shop, task.arguments)
            elif task.name == "reaction":
                weigh_reaction(self.shop, task.arguments)

    def known(self, channel: str, ts: str) -> Conversation | None:
        with self.world.context.reading() as unit:
            return unit.conversations.find("slack", thread_id(channel, ts))

    def voices(self, channel: str, ts: str) -> list[Voice]:
        found = self.known(channel, ts)
        if found is None:
            return []
        with self.world.context.reading() as unit:
            return unit.pieces.voices([piece.id for piece in unit.pieces.of_conversation(found.id)])

    def live(self, channel: str, ts: str) -> list[str]:
        return [voice.words for voice in self.voices(channel, ts) if voice.excluded is None]
