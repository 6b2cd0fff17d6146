"""What is wrong with settings, in the operator's words: name, feature, form, example; never a value."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from bot.errors import SettingError, SettingErrors
from config.names import example_of, feature_of, names_of, nearest, section_type
from config.needs import OTHER_WAYS, contradictions, missing
from config.sections import ChannelSettings, Fields, RouteSettings

if TYPE_CHECKING:
    from config.settings import Settings

TABLES: dict[str, type[BaseModel]] = {"routes": RouteSettings, "fields": Fields, "channels": ChannelSettings}


def raise_faults(faults: Sequence[SettingError]) -> None:
    """Raise what there is: one fault as it is, several together. The first fault of a name stands."""
    first: dict[str, SettingError] = {}
    for fault in faults:
        first.setdefault(fault.variable, fault)
    if first:
        raise SettingErrors([*first.values()]) if len(first) > 1 else faults[0]


def fault_of_missing(settings: type[BaseModel], path: str, feature: str = "") -> SettingError:
    """Return the error for a setting that is not set. path: "slack.bot_token"; no feature: its section's."""
    name = next(name for name in names_of(settings) if name.path == path)
    remedy = f"Example: {example_of(name.field)}{OTHER_WAYS.get(path, '')}"
    return SettingError(name.variable, "is not set", feature=feature or name.feature, remedy=remedy)


def faults_in(
    settings: type[BaseModel], error: ValidationError, origins: Mapping[str, str], place: str
) -> list[SettingError]:
    """Return one fault a setting. origins: path to the name that gave it; place: the file's name."""
    variables = {name.path: name.variable for name in names_of(settings)}
    found: dict[str, SettingError] = {}
    for detail in error.errors(include_input=False, include_context=False, include_url=False):
        path, location = _path(detail["loc"]), [part for part in detail["loc"] if isinstance(part, str)]
        section, field = _place(settings, location)
        where = origins.get(path) or variables.get(path) or f"{path} in {place}"
        if detail["type"] == "extra_forbidden":
            remedy = nearest(location[-1], (section or settings).model_fields)
            found[path] = SettingError(where, "is no setting", remedy=remedy)
        elif path not in found:
            problem = re.sub(r"^\w+ should", "must", detail["msg"])
            remedy = f"Example: {example_of(field)}" if field and field.examples else ""
            found[path] = SettingError(where, problem, feature=feature_of(section, field), remedy=remedy)
    return list(found.values())


def _path(location: tuple[int | str, ...]) -> str:
    """Return where it is, as a person writes it: "jira.projects", "routes[2].tag" (the second route)."""
    path = ""
    for part in location:
        if isinstance(part, str) and part != "[key]":
            path += f".{part}" if path else part
        elif path in ("routes", "channels"):
            path += f"[{int(part) + 1}]"
    return path


def _place(
    settings: type[BaseModel], location: Sequence[str]
) -> tuple[type[BaseModel] | None, FieldInfo | None]:
    """Return the section and the field that the names lead to, None where they lead nowhere."""
    top = settings.model_fields.get(location[0])
    section = TABLES.get(location[0]) or (section_type(top) if top else None)
    if section is None:
        return None, top
    for key in location[1:-1]:
        inner = section.model_fields.get(key)
        section = (section_type(inner) if inner else None) or section
    return section, section.model_fields.get(location[-1]) if len(location) > 1 else None


def faults_across(settings: Settings) -> list[SettingError]:
    """Return what is missing or at odds between settings that are right by themselves."""
    faults = [fault_of_missing(type(settings), path) for path in missing(settings)]
    faults += contradictions(settings)
    if settings.matching.suggest_at > settings.matching.attach_at:
        problem, feature = "must not be above VOC_MATCHING__ATTACH_AT", settings.matching.feature
        faults.append(SettingError("VOC_MATCHING__SUGGEST_AT", problem, feature=feature))
    return faults
