"""A workspace with a customer's channel besides, so that everything that Slack tells can happen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.domain.asking import TicketForm
from tests.handlers.chat import CHANNELS, Chat
from tests.handlers.world import RULES, World


class Office(World):
    """The workspace, and what is done there about threads."""

    def __init__(self, folder: Path, template: Path) -> None:
        super().__init__(folder, template, rules=replace(RULES, channels=CHANNELS))
        self.chat = Chat(self)
        kinds = (("10", "Task"), ("11", "Bug"))
        self.tracker.forms = {kind: TicketForm(kinds=kinds, kind=kind) for kind, _ in kinds}
