"""How to make the request of every listener and every command."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.domain.theme import Seat
from integrations.slack.blocks import ids
from tests.handlers.deliveries.delivering import Row
from tests.handlers.world import ANNA, NOW, OWNERS, PRODUCT, World

WORDS = "Please add a dark mode to the app, my eyes hurt at night."


def _proposed(world: World) -> Any:
    """Return the card of a piece that is proposed for FLD-1, FLD-2 next best."""
    first, second = world.ticket("FLD-1", "Export all rows"), world.ticket("FLD-2", "Export to Excel")
    return world.suggest(world.piece("The export drops rows after page two."), first, second)


def _attached(world: World) -> Any:
    world.presses(ANNA, _proposed(world), ids.ATTACH)
    return world.messages(OWNERS)[0]


def _press(action: str, world: World, message: Any, channel: str = OWNERS) -> None:
    block = next(
        b["block_id"]
        for b in message["blocks"]
        if any(e.get("action_id") == action for e in b.get("elements", []))
    )
    world.slack.interactor.press(ANNA, channel, message["ts"], block, action)


def _theme(world: World) -> Any:
    """Return the answer that lists a theme of three people."""
    pieces = [
        world.piece(f"{WORDS} {n}", person=str(n), company=f"C{n}", days_ago=7 * n + 3) for n in range(3)
    ]
    with world.context.work() as unit:
        made = unit.themes.add(
            name="dark mode, eyes", terms=(), first_heard=NOW, last_heard=NOW, now=NOW, central=pieces
        )
        unit.themes.place(dict.fromkeys(pieces, made.id), Seat.CLUSTERED)
        unit.commit()
    world.says(ANNA, "themes")
    return dict(world.slack.space.ephemerals[-1])


def _dismissed(world: World) -> Any:
    world.presses(ANNA, _theme(world), ids.THEME_DISMISS, PRODUCT)
    return dict(world.slack.space.ephemerals[-1])


def _in_dialog(world: World) -> Any:
    world.presses(ANNA, _proposed(world), ids.OTHER_TICKET)
    return world.modal(ANNA)


def _in_new_ticket(world: World) -> Any:
    world.presses(ANNA, _theme(world), ids.THEME_CREATE, PRODUCT)
    return world.modal(ANNA)


def _search(world: World, view: Any) -> None:
    world.slack.interactor.act_in_view(ANNA, view["id"], ids.SEARCH_BLOCK, ids.SEARCH, "excel")


def _choose(world: World, view: Any) -> None:
    block = next(b for b in view["blocks"] if b.get("element", {}).get("options"))
    world.slack.interactor.submit(ANNA, view["id"], {block["block_id"]: {ids.CHOICE: "FLD-2"}})


def _create(world: World, view: Any) -> None:
    typed = {ids.PROJECT: {ids.PROJECT: "FLD"}, ids.TITLE: {ids.TITLE: "Night colours"}}
    world.slack.interactor.submit(ANNA, view["id"], typed)


def _say(words: str, world: World, arranged: object) -> None:
    world.slack.interactor.command(ANNA, PRODUCT, words)


def _command(words: str, *, is_repeatable: bool = False) -> Row:
    return Row(_proposed, partial(_say, words), is_repeatable)


def _pressed(action: str, arrange: Any = _proposed, channel: str = OWNERS) -> Row:
    return Row(arrange, partial(_press, action, channel=channel))


# By the listener's label; a command's verb after it.
ROWS: Mapping[str, Row] = {
    "command /voc help": _command("help"),
    "command /voc status": _command("status"),
    "command /voc ticket": _command("ticket FLD-1"),
    "command /voc themes": _command("themes"),
    "command /voc digest": _command("digest schedule mon 9:00 Europe/Berlin"),
    f"action {ids.ATTACH}": _pressed(ids.ATTACH),
    f"action {ids.NOT_FEEDBACK}": _pressed(ids.NOT_FEEDBACK),
    f"action {ids.UNDO}": _pressed(ids.UNDO, _attached),
    f"action {ids.OTHER_TICKET}": _pressed(ids.OTHER_TICKET),
    f"action {ids.SEARCH}": Row(_in_dialog, _search),
    f"action {ids.THEME_ATTACH}": _pressed(ids.THEME_ATTACH, _theme, PRODUCT),
    f"action {ids.THEME_CREATE}": _pressed(ids.THEME_CREATE, _theme, PRODUCT),
    f"action {ids.THEME_DISMISS}": _pressed(ids.THEME_DISMISS, _theme, PRODUCT),
    f"action {ids.THEME_RESTORE}": _pressed(ids.THEME_RESTORE, _dismissed, PRODUCT),
    f"view {ids.OTHER_TICKET_VIEW}": Row(_in_dialog, _choose),
    f"view {ids.NEW_TICKET_VIEW}": Row(_in_new_ticket, _create),
}
# What only acknowledges, whatever it is.
NOTHING = ("action re.compile('.*')", "event re.compile('.*')")
