"""The fields that a tracker asks for, as inputs of a modal, and what was entered there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.domain.asking import Answers, FieldKind, TicketField
from bot.i18n import t
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import Json, context, field, labelled, literal, option, select

MOST_CHOICES, LINE_MOST, LINES_MOST, SAID_MOST = 100, 255, 3_000, 300


def inputs(
    fields: Iterable[TicketField], of: str, answers: Answers, refused: Mapping[str, str]
) -> Iterator[Json]:
    """Yield an input for each field that can be asked here, with what the tracker said of it below.

    of: whose fields they are. Of a block id that stays, Slack keeps the entry, though it be another's.
    """
    for one in fields:
        if is_asked(one):
            element = _element(one, answers.get(one.id, ""))
            block_id = f"{ids.ASKED}:{of}:{one.id}"
            asked = labelled(literal(one.name, SAID_MOST), element, optional=one.optional)
            yield {**asked, "block_id": block_id}
            yield from complaints(refused, one.id)


def is_asked(one: TicketField) -> bool:
    """Return whether the field can be asked in Slack."""
    return one.kind is not FieldKind.OTHER and len(one.choices) <= MOST_CHOICES


def complaints(refused: Mapping[str, str], field_id: str, name: str = "") -> Iterator[Json]:
    """Yield what the tracker said of the field, if anything. name: where it has no place beside it."""
    if field_id in refused:
        said = refused[field_id] or t("The tracker requires it.")
        yield context("⚠ " + literal(f"{name}: {said}" if name else said, SAID_MOST))


def entries(view: Mapping[str, Any]) -> dict[str, str | tuple[str, ...]]:
    """Return what the view holds, by the input's action id; by the field's id what a tracker asked for."""
    found: dict[str, str | tuple[str, ...]] = {}
    for block_id, fields in view.get("state", {}).get("values", {}).items():
        for name, entered in fields.items():
            found[f"{name}:{block_id.split(':', 2)[2]}" if name == ids.ASKED else name] = _entry(entered)
    return found


def answers_in(entered: Mapping[str, str | tuple[str, ...]]) -> Answers:
    """Return those of the entries that answer a tracker's field."""
    start = f"{ids.ASKED}:"
    return {n.removeprefix(start): answer for n, answer in entered.items() if answer and n.startswith(start)}


def _entry(entered: Mapping[str, Any]) -> str | tuple[str, ...]:
    if "selected_options" in entered:
        return tuple(str(one["value"]) for one in entered["selected_options"] or ())
    chosen = (entered.get("selected_option") or {}).get("value")
    return str(entered.get("value") or entered.get("selected_date") or chosen or "")


def _element(one: TicketField, given: str | tuple[str, ...]) -> Json:
    """Return what the field is answered with. given: the answer so far."""
    said = given if isinstance(given, str) else ""
    choices = [option(name, id_) for id_, name in one.choices]
    match one.kind:
        case FieldKind.CHOICE:
            return select(ids.ASKED, choices, initial=said)
        case FieldKind.CHOICES:
            several: Json = {"type": "multi_static_select", "action_id": ids.ASKED, "options": choices}
            chosen = [choice for choice in choices if choice["value"] in given]
            return {**several, "initial_options": chosen} if chosen else several
        case FieldKind.NUMBER:
            number: Json = {"type": "number_input", "action_id": ids.ASKED, "is_decimal_allowed": True}
            return {**number, "initial_value": said} if said else number
        case FieldKind.DATE:
            day: Json = {"type": "datepicker", "action_id": ids.ASKED}
            return {**day, "initial_date": said} if said else day
        case _:
            is_long = one.kind is FieldKind.LINES
            return field(ids.ASKED, value=said, most=LINES_MOST if is_long else LINE_MOST, lines=is_long)
