"""The fields that a tracker asks for, as inputs of a modal, and what was entered there."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from bot.domain.asking import Answers, FieldKind, TicketField
from bot.i18n import t
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import Json, asking_select, context, field, labelled, literal, option

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
    return one.kind is not FieldKind.OTHER


def field_of(block_id: str) -> str:
    """Return the id of the field that the input asks for."""
    return block_id.split(":", 2)[2]


def matching(choices: Iterable[tuple[str, str]], typed: str) -> list[Json]:
    """Return the choices that hold all words typed, those that begin with them first."""
    wanted = typed.casefold().split()
    found = [
        (not name.casefold().startswith(" ".join(wanted)), id_, name)
        for id_, name in choices
        if all(word in name.casefold() for word in wanted)
    ]
    found.sort(key=lambda one: one[0])
    return [option(name, id_) for _, id_, name in found[:MOST_CHOICES]]


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
            found[f"{name}:{field_of(block_id)}" if name == ids.ASKED else name] = _entry(entered)
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
    match one.kind:
        case FieldKind.CHOICE | FieldKind.CHOICES:
            return _choosing(one, (given,) if isinstance(given, str) else given)
        case FieldKind.NUMBER:
            number: Json = {"type": "number_input", "action_id": ids.ASKED, "is_decimal_allowed": True}
            return {**number, "initial_value": said} if said else number
        case FieldKind.DATE:
            day: Json = {"type": "datepicker", "action_id": ids.ASKED}
            return {**day, "initial_date": said} if said else day
        case _:
            is_long = one.kind is FieldKind.LINES
            return field(ids.ASKED, value=said, most=LINES_MOST if is_long else LINE_MOST, lines=is_long)


def _choosing(one: TicketField, given: Collection[str]) -> Json:
    """Return a select, which asks Voc for choices of which there are too many to be held."""
    several, many = one.kind is FieldKind.CHOICES, len(one.choices) > MOST_CHOICES
    choices = [option(name, id_) for id_, name in one.choices if not many or id_ in given]
    chosen = [choice for choice in choices if choice["value"] in given][:MOST_CHOICES]
    if many:
        made = asking_select(ids.ASKED, t("Type to search"), several=several)
    else:
        kind = "multi_static_select" if several else "static_select"
        made = {"type": kind, "action_id": ids.ASKED, "options": choices}
    if not chosen:
        return made
    return {**made, **({"initial_options": chosen} if several else {"initial_option": chosen[0]})}
