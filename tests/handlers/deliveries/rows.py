"""How to make the request of every listener and every command."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from typing import Any

from handlers.channels import OPENS, RENAMES, SHUTS
from integrations.slack.blocks import ids
from tests.handlers.deliveries import making
from tests.handlers.deliveries.delivering import Row
from tests.handlers.deliveries.making import act_in, digest, press, proposed, session, submit, theme
from tests.handlers.deliveries.office import Office
from tests.handlers.world import ANNA, OWNERS, PRODUCT


def _command(words: str, arrange: Any = proposed, *, is_repeatable: bool = False) -> Row:
    return Row(arrange, partial(making.say, words), is_repeatable)


def _pressed(
    action: str, arrange: Any = proposed, channel: str = OWNERS, *, is_repeatable: bool = False
) -> Row:
    return Row(arrange, partial(press, action, channel=channel), is_repeatable)


def _in(action: str, arrange: Any = session, value: Any = None, *, is_repeatable: bool = False) -> Row:
    return Row(arrange, partial(act_in, action, value=value), is_repeatable)


def _submitted(values: dict[str, Any], arrange: Any) -> Row:
    return Row(arrange, partial(submit, values))


def _asked(words: str) -> Any:
    def ask(world: Office) -> Any:
        proposed(world)
        return making.answer(world, words)

    return ask


def _other_ticket(world: Office) -> Any:
    view = making.opened(ids.OTHER_TICKET, proposed, OWNERS, world)
    world.slack.interactor.suggest(ANNA, view["id"], ids.TICKET, ids.TICKET, "excel")
    return view


def _type(world: Office, view: Any) -> None:
    world.slack.interactor.suggest(ANNA, view["id"], ids.TICKET, ids.TICKET, "excel")


def _type_label(world: Office, view: Any) -> None:
    block = f"{ids.ASKED}:FLD/:labels"
    world.slack.interactor.suggest(ANNA, view["id"], block, ids.ASKED, "Label 9")


def _on_message(callback: str) -> Row:
    def choose(world: Office, ts: str) -> None:
        world.slack.interactor.message_shortcut(ANNA, PRODUCT, ts, callback)

    return Row(making.message, choose)


COMMANDS: Mapping[str, Row] = {
    "help": _command("help"),
    "search": _command("search export"),
    "ticket": _command("ticket FLD-1"),
    "customer": _command("customer Acme"),
    "top": _command("top 30d"),
    "themes": _command("themes", theme),
    "inbox": _command("inbox"),
    "add": _command('add "The export is slow." for Acme', is_repeatable=True),
    "attach": _command("attach 1 FLD-2"),
    "unlink": _command("unlink 1", making.attached),
    "digest": _command("digest schedule mon 9:00 Europe/Berlin"),
    "subscribe": _command("subscribe project:FLD"),
    "unsubscribe": _command("unsubscribe", digest),
    "status": _command("status"),
}
PRESSES: Mapping[str, Row] = {
    ids.ATTACH: _pressed(ids.ATTACH),
    ids.NOT_FEEDBACK: _pressed(ids.NOT_FEEDBACK),
    ids.UNDO: _pressed(ids.UNDO, making.attached),
    ids.OTHER_TICKET: _pressed(ids.OTHER_TICKET),
    str(re.compile(f"^{ids.SHOW}")): _pressed(ids.SHOW, making.first_page, PRODUCT),
    ids.SHARE: _pressed(ids.SHARE, _asked("status"), PRODUCT),
    ids.ADD_UNDO: _pressed(ids.ADD_UNDO, _asked('add "The export is slow."'), PRODUCT),
    ids.REVIEW: _pressed(ids.REVIEW, making.inbox),
    ids.SESSION_ATTACH: _in(ids.SESSION_ATTACH),
    ids.SESSION_ASIDE: _in(ids.SESSION_ASIDE),
    ids.SESSION_SKIP: _in(ids.SESSION_SKIP),
    ids.SESSION_ASK: _in(ids.SESSION_ASK),
    ids.SESSION_UNDO: _in(ids.SESSION_UNDO, making.summary),
    ids.SESSION_MORE: _in(ids.SESSION_MORE, making.summary),
    ids.SESSION_CREATE: _in(ids.SESSION_CREATE),
    ids.SESSION_BACK: _in(ids.SESSION_BACK, partial(making.form, ids.SESSION_CREATE)),
    ids.PROJECT: _in(ids.PROJECT, partial(making.form, ids.SESSION_CREATE), "FLD"),
    ids.KIND: _in(ids.KIND, partial(making.form, ids.SESSION_CREATE), "11"),
    ids.SESSION_THEME: _in(ids.SESSION_THEME, is_repeatable=True),  # each press lays a form on top
    ids.TICKET: _in(ids.TICKET, making.searched, "FLD-2"),
    ids.HOME_ATTACH: _in(ids.HOME_ATTACH, making.home),
    ids.HOME_WRITE: _in(ids.HOME_WRITE, making.home),
    ids.HOME_THRESHOLD: _in(ids.HOME_THRESHOLD, making.home, is_repeatable=True),
    ids.HOME_QUIET: _in(ids.HOME_QUIET, making.home, is_repeatable=True),
    ids.THEME_ATTACH: _pressed(ids.THEME_ATTACH, theme, PRODUCT),
    ids.THEME_CREATE: _pressed(ids.THEME_CREATE, theme, PRODUCT),
    ids.THEME_DISMISS: _pressed(ids.THEME_DISMISS, theme, PRODUCT),
    ids.THEME_RESTORE: _pressed(ids.THEME_RESTORE, making.dismissed, PRODUCT),
    str(re.compile(f"{ids.DIGEST_LIST}:")): _pressed(ids.DIGEST_LIST, digest, PRODUCT),
    ids.DIGEST_MENU: _pressed(ids.DIGEST_MENU, digest, PRODUCT),
    str(re.compile(f"{ids.LIST_TAB}:|{ids.LIST_PAGE}:")): _in(
        "voc_list_", partial(making.opened, ids.DIGEST_LIST, digest, PRODUCT)
    ),
    ids.DIGEST_SHORTER: _pressed(ids.DIGEST_SHORTER, digest, PRODUCT, is_repeatable=True),
    ids.DIGEST_LONGER: _pressed(ids.DIGEST_LONGER, digest, PRODUCT, is_repeatable=True),
    ids.DIGEST_PAUSE: _pressed(ids.DIGEST_PAUSE, digest, PRODUCT),
    ids.DIGEST_SCOPE: _pressed(ids.DIGEST_SCOPE, digest, PRODUCT),
}
SUBMISSIONS: Mapping[str, Row] = {
    ids.PAUSE_VIEW: _submitted({}, partial(making.opened, ids.DIGEST_PAUSE, digest, PRODUCT)),
    ids.SCOPE_VIEW: _submitted({}, partial(making.opened, ids.DIGEST_SCOPE, digest, PRODUCT)),
    ids.NEW_TICKET_VIEW: _submitted(
        {ids.PROJECT: "FLD", ids.TITLE: "Night colours"},
        partial(making.opened, ids.THEME_CREATE, theme, PRODUCT),
    ),
    ids.OTHER_TICKET_VIEW: _submitted({ids.TICKET: "FLD-2"}, _other_ticket),
    ids.PIECE_THEME_VIEW: _submitted(
        {ids.THEME: "new", ids.NAME: "Lost rows"}, partial(making.form, ids.SESSION_THEME)
    ),
    ids.THRESHOLD_VIEW: _submitted({ids.SCORE: "0.8"}, partial(making.set_up, ids.HOME_THRESHOLD)),
    ids.QUIET_VIEW: _submitted({ids.QUIET: "18:00-8:00"}, partial(making.set_up, ids.HOME_QUIET)),
    ids.ADD_MESSAGE: _submitted({}, making.passed),
    ids.ADD: Row(
        making.by_hand,
        lambda world, view: world.slack.interactor.submit(
            ANNA, view["id"], {ids.SAID_BLOCK: {ids.SAID: "We pay for seats that nobody uses."}}
        ),
        is_personal=True,
    ),
}
EVENTS: Mapping[str, Row] = {
    "app_home_opened": Row(
        proposed, lambda world, _: world.slack.talking.open_home(ANNA), is_repeatable=True
    ),
    "link_shared": Row(making.linked, making.share),
    "message": Row(proposed, making.write),
    "reaction_added": Row(making.message, lambda world, ts: world.chat.talk.react(ANNA, PRODUCT, ts, "memo")),
    "reaction_removed": Row(
        making.reacted, lambda world, ts: world.chat.talk.unreact(ANNA, PRODUCT, ts, "memo")
    ),
    **{
        event: Row(proposed, partial(making.happen, event))
        for event in sorted({*SHUTS, *OPENS, *RENAMES, "app_uninstalled", "tokens_revoked"})
    },
}
# By the listener's label; a command's verb after it.
ROWS: Mapping[str, Row] = {
    **{f"command /voc {verb}": row for verb, row in COMMANDS.items()},
    **{f"action {action}": row for action, row in PRESSES.items()},
    **{f"view {view}": row for view, row in SUBMISSIONS.items()},
    f"options {ids.TICKET}": Row(partial(making.opened, ids.OTHER_TICKET, proposed, OWNERS), _type),
    f"options {ids.ASKED}": Row(making.many_choices, _type_label),
    f"shortcut {ids.ADD_MESSAGE}": _on_message(ids.ADD_MESSAGE),
    f"shortcut {ids.ATTACH_MESSAGE}": _on_message(ids.ATTACH_MESSAGE),
    f"shortcut {ids.WHO_ELSE}": _on_message(ids.WHO_ELSE),
    f"shortcut {ids.ADD}": Row(proposed, lambda world, _: world.slack.interactor.shortcut(ANNA, ids.ADD)),
    **{f"event {event}": row for event, row in EVENTS.items()},
}
# What only acknowledges, whatever it is.
NOTHING = ("action re.compile('.*')", "event re.compile('.*')")
