"""How to make the request of every listener and every command."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.domain.theme import Seat
from bot.services import review
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
    """Press the first button, or choose the first of a menu, whose action id begins so."""
    block, element = _first(message["blocks"], action)
    chosen = element["options"][0]["value"] if "options" in element else None
    world.slack.interactor.press(
        ANNA, channel, message["ts"], block["block_id"], element["action_id"], chosen
    )


def _first(blocks: Any, action: str) -> tuple[Any, Any]:
    return next(
        (block, element)
        for block in blocks
        for element in (*block.get("elements", ()), block.get("accessory"), block.get("element"))
        if element and str(element.get("action_id")).startswith(action)
    )


def _digest(world: World) -> Any:
    """Return a posted digest, with something in each of its sections."""
    _proposed(world)
    world.suggest(
        world.piece("The export stops, and the report is late.", person="2", company="Beta"),
        world.ticket("FLD-3", "Report"),
        attached=True,
    )
    _theme(world)
    aside = world.piece("Thanks, bye!", person="3")
    review.set_aside(world.context.work, world.clock, aside, ANNA)
    world.says(ANNA, "digest schedule mon 9:00 Europe/Berlin")
    world.says(ANNA, "digest now")
    return next(m for m in world.messages(PRODUCT) if m.get("blocks"))


def _opened(action: str, world: World) -> Any:
    _press(action, world, _digest(world), PRODUCT)
    world.pool.settle()
    return world.modal(ANNA)


def _turn(world: World, view: Any) -> None:
    block, element = _first(view["blocks"], "voc_list_")
    world.slack.interactor.act_in_view(ANNA, view["id"], block["block_id"], element["action_id"])


def _submit(world: World, view: Any) -> None:
    """Submit the modal as it was opened."""
    world.slack.interactor.submit(ANNA, view["id"])


def _tell(event: str, world: World, arranged: object) -> None:
    world.slack.events.tell(event, {"type": event})


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


def _pressed(
    action: str, arrange: Any = _proposed, channel: str = OWNERS, *, is_repeatable: bool = False
) -> Row:
    return Row(arrange, partial(_press, action, channel=channel), is_repeatable)


# By the listener's label; a command's verb after it.
ROWS: Mapping[str, Row] = {
    "command /voc help": _command("help"),
    "command /voc status": _command("status"),
    "command /voc ticket": _command("ticket FLD-1"),
    "command /voc themes": _command("themes"),
    "command /voc digest": _command("digest schedule mon 9:00 Europe/Berlin"),
    "command /voc subscribe": _command("subscribe project:FLD"),
    "command /voc unsubscribe": Row(_digest, partial(_say, "unsubscribe")),
    f"action {ids.ATTACH}": _pressed(ids.ATTACH),
    f"action {ids.NOT_FEEDBACK}": _pressed(ids.NOT_FEEDBACK),
    f"action {ids.UNDO}": _pressed(ids.UNDO, _attached),
    f"action {ids.OTHER_TICKET}": _pressed(ids.OTHER_TICKET),
    f"action {ids.SEARCH}": Row(_in_dialog, _search),
    f"action {ids.THEME_ATTACH}": _pressed(ids.THEME_ATTACH, _theme, PRODUCT),
    f"action {ids.THEME_CREATE}": _pressed(ids.THEME_CREATE, _theme, PRODUCT),
    f"action {ids.THEME_DISMISS}": _pressed(ids.THEME_DISMISS, _theme, PRODUCT),
    f"action {ids.THEME_RESTORE}": _pressed(ids.THEME_RESTORE, _dismissed, PRODUCT),
    f"action {re.compile(f'{ids.DIGEST_LIST}:')}": _pressed(ids.DIGEST_LIST, _digest, PRODUCT),
    f"action {ids.DIGEST_MENU}": _pressed(ids.DIGEST_MENU, _digest, PRODUCT),
    f"action {re.compile(f'{ids.LIST_TAB}:|{ids.LIST_PAGE}:')}": Row(
        partial(_opened, ids.DIGEST_LIST), _turn
    ),
    f"action {ids.DIGEST_SHORTER}": _pressed(ids.DIGEST_SHORTER, _digest, PRODUCT, is_repeatable=True),
    f"action {ids.DIGEST_LONGER}": _pressed(ids.DIGEST_LONGER, _digest, PRODUCT, is_repeatable=True),
    f"action {ids.DIGEST_PAUSE}": _pressed(ids.DIGEST_PAUSE, _digest, PRODUCT),
    f"action {ids.DIGEST_SCOPE}": _pressed(ids.DIGEST_SCOPE, _digest, PRODUCT),
    f"view {ids.PAUSE_VIEW}": Row(partial(_opened, ids.DIGEST_PAUSE), _submit),
    f"view {ids.SCOPE_VIEW}": Row(partial(_opened, ids.DIGEST_SCOPE), _submit),
    "event app_uninstalled": Row(_proposed, partial(_tell, "app_uninstalled")),
    "event tokens_revoked": Row(_proposed, partial(_tell, "tokens_revoked")),
    f"view {ids.OTHER_TICKET_VIEW}": Row(_in_dialog, _choose),
    f"view {ids.NEW_TICKET_VIEW}": Row(_in_new_ticket, _create),
}
# What only acknowledges, whatever it is.
NOTHING = ("action re.compile('.*')", "event re.compile('.*')")
