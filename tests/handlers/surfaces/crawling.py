"""A person who types every command and then presses and fills in whatever they are shown, each once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from integrations.sandbox.slack.elements import ASKING
from integrations.slack.blocks import ids
from tests.handlers.world import OWNERS, PRODUCT, World

FITTING = {ids.QUIET: "3:00-3:01"}  # what is typed where any words would keep the dialog open
Json = dict[str, Any]
MOST_STEPS = 120
OFTEN = {ids.SESSION_SKIP: 15}  # the way to a session's last page
TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")


@dataclass(slots=True)
class Crawler:
    """Presses as one person. seen: the labels of the acts that were done, as the listeners have them.

    views: the callback ids of the modals that were opened; words: what is typed into every field.
    is_backwards: whether the last button comes first, as what one does another can't do any more.
    """

    world: World
    user: str
    words: str
    is_backwards: bool = False
    seen: set[str] = field(default_factory=set)
    views: set[str] = field(default_factory=set)
    _done: Counter[tuple[str, str]] = field(default_factory=Counter)

    def type_all(self, commands: Mapping[str, list[str]]) -> None:
        """Type every command in its ways."""
        for verb, ways in commands.items():
            for way in ways:
                self.world.slack.interactor.command(self.user, PRODUCT, way)
                self.world.pool.settle()
                self.seen.add(f"command /voc {verb}")
                self.press_all()

    def choose_shortcuts(self, shortcuts: Iterable[str]) -> None:
        """Choose every shortcut, on a message of a person where it is of one."""
        # One of a person's own: what Voc wrote itself is nobody's feedback.
        said = self.world.slack.talking.say(self.user, PRODUCT, self.words)
        self.world.hears()
        for name in shortcuts:
            if name == ids.ADD:
                self.world.slack.interactor.shortcut(self.user, name)
            else:
                self.world.slack.interactor.message_shortcut(self.user, PRODUCT, said, name)
            self.world.pool.settle()
            self.seen.add(f"shortcut {name}")
            self.press_all()

    def open_home(self) -> None:
        """Open App Home, and press what is there."""
        self.world.slack.talking.open_home(self.user)
        self.world.hears()
        self.press_all()

    def press_all(self) -> None:
        """Press what is there to press, modals first, until nothing is new."""
        for _ in range(MOST_STEPS):
            if not self._in_modal() and not self._on_messages() and not self._in_home():
                return

    def _in_modal(self) -> bool:
        """Do one new thing in the open modal, submitting it last; False where none is open."""
        stack = self.world.slack.space.modals.get(self.user, [])
        if not stack:
            return False
        view = self.world.slack.space.views[stack[-1]]
        name = str(view["callback_id"])
        where = f"view {name}"
        self.views.add(name)
        if view.get("submit") is None:
            self._done[where, "submit"] += 1
        untried_first = sorted(
            _elements(view["blocks"]), key=lambda one: self._done[where, one[1]["action_id"]]
        )
        for block, element in untried_first:
            if _acts(block, element) and self._is_new(where, element["action_id"]):
                value = self._chosen(view, block, element)
                if value is None and element["type"] == "external_select":
                    continue
                self._act(element, lambda e=element, b=block, v=value: self._in_view(view, b, e, v))
                return True
        if not self._is_new(where, "submit"):
            self.world.slack.interactor.close(self.user, view["id"])
            return True
        self._submit(view, name)
        return True

    def _in_view(self, view: Json, block: Json, element: Json, value: Any) -> Json:
        do = self.world.slack.interactor
        return do.act_in_view(self.user, view["id"], block["block_id"], element["action_id"], value)

    def _submit(self, view: Json, name: str) -> None:
        chosen = [
            (block["block_id"], element["action_id"], self._chosen(view, block, element))
            for block, element in _elements(view["blocks"])
            if block["type"] == "input"
        ]
        values = {block: {action: value} for block, action, value in chosen if value is not None}
        outcome = self.world.slack.interactor.submit(self.user, view["id"], values)
        if outcome == {"status": "ok"}:
            self.world.pool.settle()
            self.seen.add(f"view {name}")
        stack = self.world.slack.space.modals.get(self.user, [])
        if stack and stack[-1] == view["id"]:
            self.world.slack.interactor.close(self.user, view["id"])

    def _on_messages(self) -> bool:
        """Press one new button of a message or of the home; False where there is none."""
        for channel, message in self._messages():
            elements = _elements(message.get("blocks") or [])
            for block, element in elements[::-1] if self.is_backwards else elements:
                if self._is_new("message", element["action_id"]):
                    self._act(element, lambda c=channel, m=message, b=block, e=element: self._on(c, m, b, e))
                    return True
        return False

    def _in_home(self) -> bool:
        """Use one new element of the home; False where there is none."""
        view = self.world.slack.space.views.get(self.world.slack.space.homes.get(self.user, ""))
        for block, element in _elements(view["blocks"] if view else []):
            if view and self._is_new("home", element["action_id"]):
                value = self._value(element)
                self._act(element, lambda v=view, b=block, e=element, w=value: self._in_view(v, b, e, w))
                return True
        return False

    def _on(self, channel: str, message: Json, block: Json, element: Json) -> Json:
        do, value = self.world.slack.interactor, self._value(element)
        return do.press(self.user, channel, message["ts"], block["block_id"], element["action_id"], value)

    def _act(self, element: Json, act: Any) -> None:
        outcome = act()
        assert outcome["status"] == "ok", f"{element['action_id']} was answered {outcome}"
        self.world.pool.settle()
        self.seen.add(f"action {element['action_id']}")

    def _messages(self) -> Iterator[tuple[str, Json]]:
        space = self.world.slack.space
        for message in [m for m in space.ephemerals if m["user"] == self.user][::-1]:
            yield message["channel"], message
        for channel in (OWNERS, PRODUCT):
            for message in space.channels[channel].messages:
                yield channel, message

    def _is_new(self, where: str, action: str) -> bool:
        self._done[where, action] += 1
        return self._done[where, action] <= OFTEN.get(action, 1)

    def _chosen(self, view: Json, block: Json, element: Json) -> Any:
        """Return what the person enters, after asking where the app offers it."""
        if element["type"] not in ASKING:
            return self._value(element)
        do, typed = self.world.slack.interactor, "FLD-1" if element["action_id"] == ids.TICKET else "1"
        offered = do.suggest(self.user, view["id"], block["block_id"], element["action_id"], typed)
        self.seen.add(f"options {element['action_id']}")
        values = [one["value"] for one in offered.get("options", ())][:1]
        return values if element["type"] == "multi_external_select" else next(iter(values), None)

    def _value(self, element: Json) -> Any:
        """Return what the person enters: the first that is offered, or their words; None for a button."""
        options = [*element.get("options", [])]
        options += [o for group in element.get("option_groups", []) for o in group["options"]]
        if known := element.get("initial_value") or FITTING.get(element["action_id"]):
            return known
        if element["type"] in TYPED:
            return self.words[: element.get("max_length", 3_000)]
        if element["type"] in ("checkboxes", "multi_static_select"):
            return [options[0]["value"]] if options else []
        return options[0]["value"] if options else None


def _elements(blocks: list[Json]) -> list[tuple[Json, Json]]:
    """Return every element with an action id, with its block."""
    return [
        (block, element)
        for block in blocks
        for element in [*block.get("elements", []), block.get("element"), block.get("accessory")]
        if isinstance(element, dict) and "action_id" in element
    ]


def _acts(block: Json, element: Json) -> bool:
    """Return whether using the element in a modal tells the app at once."""
    return block["type"] != "input" or bool(block.get("dispatch_action"))


def all_words(world: World) -> str:
    """Return everything that the person could read, as text."""
    space = world.slack.space
    return json.dumps([space.ephemerals, list(space.views.values())], ensure_ascii=False)
