"""The digest's own buttons: the lists behind its numbers, and how it should be next time."""

from __future__ import annotations

from bot.domain.digest import DigestSnapshot, Length
from bot.domain.digest_place import DigestPlace
from bot.i18n import t
from integrations.slack.blocks import ids, words
from integrations.slack.blocks.elements import Json, actions, button, plain

LABEL_MOST = 75


def list_button(shot: DigestSnapshot, name: str, label: str, number: int = 0) -> Json:
    """Return the button that opens a list. name: as it is stored; number: apart from others of its row."""
    return button(label[:LABEL_MOST], f"{ids.DIGEST_LIST}:{number}", f"{DigestPlace.of(shot).address}|{name}")


def footer_buttons(shot: DigestSnapshot, block_id: str) -> Json:
    """Return shorter, longer, pause, change scope, and a menu of the smaller lists and earlier versions."""
    own = str(shot.subscription_id)
    made = [
        button(t("Shorter"), ids.DIGEST_SHORTER, own) if shot.length is not Length.SHORT else None,
        button(t("Longer"), ids.DIGEST_LONGER, own) if shot.length is not Length.LONG else None,
        button(t("Pause…"), ids.DIGEST_PAUSE, own),
        button(t("Change scope…"), ids.DIGEST_SCOPE, own),
        _menu(shot),
    ]
    return actions(block_id, *(one for one in made if one is not None))


def more_lists(shot: DigestSnapshot, block_id: str) -> list[Json]:
    """Return the menu of the smaller lists alone, in a row of its own; none where there are none."""
    menu = _menu(shot)
    return [actions(block_id, menu)] if menu else []


def _menu(shot: DigestSnapshot) -> Json | None:
    place = DigestPlace.of(shot).address
    counted = (
        ("aside", t("{items} set aside", items=words.count(shot.set_aside, "item")), shot.set_aside),
        (
            "late",
            t("{pieces} arrived late", pieces=words.count(shot.arrived_late, "piece")),
            shot.arrived_late,
        ),
        ("undone", t("{links} undone", links=words.count(shot.links_undone, "link")), shot.links_undone),
    )
    options = [_option(label, f"{place}|{name}") for name, label, number in counted if number]
    if shot.revision > 1:
        options.append(_option(t("Earlier versions"), f"{place}|versions"))
    return {"type": "overflow", "action_id": ids.DIGEST_MENU, "options": options} if options else None


def _option(label: str, value: str) -> Json:
    return {"text": plain(label[:LABEL_MOST]), "value": value}
