"""The modals of the digest's footer: for how long it pauses, and what it tells of."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.digest import Subscription
from bot.domain.message import MessageRef
from bot.domain.scope import Scope
from bot.i18n import later, nlater, nt, t
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import Json, context, literal, plain

MOST_OPTIONS, OPTION_MOST = 100, 75
PAUSES = {"7": 1, "14": 2, "28": 4, "84": 12}  # days by weeks
WEEKS = nlater("{n} week", "{n} weeks")
LABELS = {
    "projects": later("Projects"),
    "areas": later("Product areas"),
    "labels": later("Labels"),
    "segments": later("Segments"),
    "sources": later("Sources"),
}


def pause_view(subscription: Subscription, opened_from: MessageRef | None) -> Json:
    """Return the modal that asks for how long."""
    options = [{"text": plain(nt(*WEEKS, weeks)), "value": days} for days, weeks in PAUSES.items()]
    asked: Json = {
        "type": "radio_buttons",
        "action_id": ids.PAUSE_FOR,
        "options": options,
        "initial_option": options[1],
    }
    return {
        "type": "modal",
        "callback_id": ids.PAUSE_VIEW,
        "private_metadata": _metadata(subscription, opened_from),
        "title": plain(t("Pause the digest")),
        "submit": plain(t("Pause")),
        "close": plain(t("Cancel")),
        "blocks": [
            {"type": "input", "block_id": ids.PAUSE_FOR, "label": plain(t("For how long?")), "element": asked}
        ],
    }


def scope_view(
    subscription: Subscription, known: Mapping[str, Sequence[str]], opened_from: MessageRef | None
) -> Json:
    """Return the modal that asks what is told of. known: what each kind can name."""
    asked = [_choice(kind, subscription.scope, values) for kind, values in known.items() if values]
    return {
        "type": "modal",
        "callback_id": ids.SCOPE_VIEW,
        "private_metadata": _metadata(subscription, opened_from),
        "title": plain(t("What it tells of")),
        "submit": plain(t("Save")),
        "close": plain(t("Cancel")),
        "blocks": [context(t("Leave a field empty to hear of all of it.")), *asked],
    }


def read_scope(view: Mapping[str, Any], known: Scope) -> Scope:
    """Return the scope that was chosen; kinds that the modal did not ask about stay as known."""
    chosen = {
        kind: tuple(option["value"] for option in fields[ids.SCOPE_VIEW].get("selected_options") or ())
        for kind, fields in view["state"]["values"].items()
    }
    return Scope(**{kind: chosen.get(kind, values) for kind, values in known.given})


def read_days(view: Mapping[str, Any]) -> int:
    """Return for how many days to pause."""
    return int(view["state"]["values"][ids.PAUSE_FOR][ids.PAUSE_FOR]["selected_option"]["value"])


def read_subscription(view: Mapping[str, Any]) -> int:
    """Return the id of the subscription that the modal is about."""
    return int(json.loads(view["private_metadata"])["subscription"])


def _metadata(subscription: Subscription, opened_from: MessageRef | None) -> str:
    card = [opened_from.channel, opened_from.id] if opened_from else None
    return json.dumps({"subscription": subscription.id, "feedback": 0, "card": card, "theme": 0})


def _choice(kind: str, scope: Scope, values: Sequence[str]) -> Json:
    chosen = dict(scope.given)[kind]
    named = [*chosen, *(value for value in values if value not in chosen)]
    options = [
        {"text": plain(literal(value, OPTION_MOST)), "value": value}
        for value in named[:MOST_OPTIONS]
        if len(value) <= OPTION_MOST
    ]
    element: Json = {
        "type": "multi_static_select",
        "action_id": ids.SCOPE_VIEW,
        "placeholder": plain(t("All")),
        "options": options,
    }
    if initial := [option for option in options if option["value"] in chosen]:
        element["initial_options"] = initial
    return {
        "type": "input",
        "block_id": kind,
        "label": plain(t(LABELS[kind])),
        "element": element,
        "optional": True,
    }
