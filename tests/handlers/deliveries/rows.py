"""How to make the request of every listener and every command."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from bot.domain.theme import Seat
from bot.services.inbox import show_inbox
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
    world.slack.interactor.suggest(ANNA, view["id"], ids.TICKET, ids.TICKET, "excel")


def _choosing(world: World) -> Any:
    view = _in_dialog(world)
    _search(world, view)
    return view


def _choose(world: World, view: Any) -> None:
    world.slack.interactor.submit(ANNA, view["id"], {ids.TICKET: {ids.TICKET: "FLD-2"}})


def _inbox(world: World) -> Any:
    """Return the owners' message, in which a proposal waits."""
    first, second = world.ticket("FLD-1", "Export all rows"), world.ticket("FLD-2", "Export to Excel")
    piece = world.piece("The export drops rows after page two.")
    world.decide(piece, first, second)
    show_inbox(world.context.presenter, OWNERS)
    return world.messages(OWNERS)[-1]


def _in_session(world: World) -> Any:
    world.presses(ANNA, _inbox(world), ids.REVIEW)
    return world.modal(ANNA)


def _after(action: str, world: World) -> Any:
    """Return the dialog after the action in the session."""
    _in_page(action, world, _in_session(world))
    world.pool.settle()
    return world.modal(ANNA)


def _in_page(action: str, world: World, view: Any, value: Any = None) -> None:
    elements = ((b["block_id"], [*b.get("elements", []), b.get("accessory") or {}]) for b in view["blocks"])
    block = next(name for name, some in elements if any(e.get("action_id") == action for e in some))
    world.slack.interactor.act_in_view(ANNA, view["id"], block, action, value)


def _choosing_in_page(world: World) -> Any:
    view = _in_session(world)
    block = next(b["block_id"] for b in view["blocks"] if b["block_id"].startswith("else-"))
    world.slack.interactor.suggest(ANNA, view["id"], block, ids.TICKET, "excel")
    return view


def _name_theme(world: World, view: Any) -> None:
    world.slack.interactor.submit(ANNA, view["id"], {ids.NAME: {ids.NAME: "Lost rows"}})


def _home(world: World) -> Any:
    world.slack.talking.open_home(ANNA)
    world.pool.settle()
    return world.slack.space.views[world.slack.space.homes[ANNA]]


def _open_home(world: World, arranged: object) -> None:
    world.slack.talking.open_home(ANNA)


def _after_home(action: str, world: World) -> Any:
    """Return the dialog that the button in App Home opens."""
    _in_page(action, world, _home(world))
    world.pool.settle()
    return world.modal(ANNA)


def _set(name: str, value: str, world: World, view: Any) -> None:
    world.slack.interactor.submit(ANNA, view["id"], {name: {name: value}})


def _homed(action: str, *, is_repeatable: bool = False) -> Row:
    return Row(_home, partial(_in_page, action), is_repeatable)


def _paged(action: str, *, is_repeatable: bool = False) -> Row:
    return Row(_in_session, partial(_in_page, action), is_repeatable)


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
    f"action {ids.REVIEW}": _pressed(ids.REVIEW, _inbox),
    f"action {ids.SESSION_ATTACH}": _paged(ids.SESSION_ATTACH),
    f"action {ids.SESSION_ASIDE}": _paged(ids.SESSION_ASIDE),
    f"action {ids.SESSION_SKIP}": _paged(ids.SESSION_SKIP),
    f"action {ids.SESSION_ASK}": _paged(ids.SESSION_ASK),
    f"action {ids.SESSION_CREATE}": _paged(ids.SESSION_CREATE, is_repeatable=True),
    f"action {ids.SESSION_THEME}": _paged(ids.SESSION_THEME, is_repeatable=True),
    f"action {ids.SESSION_UNDO}": Row(
        partial(_after, ids.SESSION_ATTACH), partial(_in_page, ids.SESSION_UNDO)
    ),
    f"action {ids.SESSION_MORE}": Row(partial(_after, ids.SESSION_SKIP), partial(_in_page, ids.SESSION_MORE)),
    f"action {ids.TICKET}": Row(_choosing_in_page, partial(_in_page, ids.TICKET, value="FLD-2")),
    "event app_home_opened": Row(lambda world: None, _open_home, is_repeatable=True),
    f"action {ids.HOME_ATTACH}": _homed(ids.HOME_ATTACH),
    f"action {ids.HOME_WRITE}": _homed(ids.HOME_WRITE),
    f"action {ids.HOME_THRESHOLD}": _homed(ids.HOME_THRESHOLD, is_repeatable=True),
    f"action {ids.HOME_QUIET}": _homed(ids.HOME_QUIET, is_repeatable=True),
    f"view {ids.THRESHOLD_VIEW}": Row(
        partial(_after_home, ids.HOME_THRESHOLD), partial(_set, ids.SCORE, "0.8")
    ),
    f"view {ids.QUIET_VIEW}": Row(
        partial(_after_home, ids.HOME_QUIET), partial(_set, ids.QUIET, "18:00-8:00")
    ),
    f"view {ids.PIECE_TICKET_VIEW}": Row(partial(_after, ids.SESSION_CREATE), _create),
    f"view {ids.PIECE_THEME_VIEW}": Row(partial(_after, ids.SESSION_THEME), _name_theme),
    f"action {ids.THEME_ATTACH}": _pressed(ids.THEME_ATTACH, _theme, PRODUCT),
    f"action {ids.THEME_CREATE}": _pressed(ids.THEME_CREATE, _theme, PRODUCT),
    f"action {ids.THEME_DISMISS}": _pressed(ids.THEME_DISMISS, _theme, PRODUCT),
    f"action {ids.THEME_RESTORE}": _pressed(ids.THEME_RESTORE, _dismissed, PRODUCT),
    f"view {ids.OTHER_TICKET_VIEW}": Row(_choosing, _choose),
    f"view {ids.NEW_TICKET_VIEW}": Row(_in_new_ticket, _create),
}
# What only acknowledges, whatever it is, and what is no more than its acknowledgement.
NOTHING = (f"options {ids.TICKET}", "action re.compile('.*')", "event re.compile('.*')")
