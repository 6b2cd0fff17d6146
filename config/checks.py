"""What is wrong with settings, in the operator's words: name, feature, form, example; never a value."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from bot.errors import SettingError, SettingErrors
from config.names import example_of, feature_of, names_of, nearest, section_type
from config.sections import Fields, RouteSettings

if TYPE_CHECKING:
    from config.settings import Settings

TABLES: dict[str, type[BaseModel]] = {"routes": RouteSettings, "fields": Fields}


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
    remedy = f"Example: {example_of(name.field)}"
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
        elif path == "routes":
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
    return section, section.model_fields.get(location[-1]) if len(location) > 1 else None


def faults_across(settings: Settings) -> list[SettingError]:
    """Return what is missing or at odds between settings that are right by themselves."""
    missing = [fault_of_missing(type(settings), path) for path in _missing(settings)]
    if settings.matching.suggest_at > settings.matching.attach_at:
        problem, feature = "must not be above VOC_MATCHING__ATTACH_AT", settings.matching.feature
        missing.append(SettingError("VOC_MATCHING__SUGGEST_AT", problem, feature=feature))
    return missing


def _missing(settings: Settings) -> Iterator[str]:
    """Yield the path of each setting that others call for."""
    zendesk, jira, slack, matching = settings.zendesk, settings.jira, settings.slack, settings.matching
    by_client = bool(zendesk.client_id or zendesk.client_secret)
    can_sign_in = by_client or bool(zendesk.access_token or zendesk.api_token)
    uses_jira = bool(jira.url or jira.email or jira.api_token)
    has_channels = any(route.owner_channel or route.digest_channels for route in settings.routes)
    uses_slack = has_channels or bool(slack.app_token or slack.signing_secret)
    for is_called_for, path, value in (
        (by_client, "zendesk.client_id", zendesk.client_id),
        (by_client, "zendesk.client_secret", zendesk.client_secret),
        (by_client, "secret_key", settings.secret_key),
        (bool(zendesk.api_token), "zendesk.email", zendesk.email),
        (bool(zendesk.email) and not can_sign_in, "zendesk.api_token", zendesk.api_token),
        (bool(zendesk.url) and not zendesk.email and not can_sign_in, "zendesk.client_id", None),
        (can_sign_in, "zendesk.url", zendesk.url),
        (uses_jira, "jira.url", jira.url),
        (uses_jira, "jira.email", jira.email),
        (uses_jira, "jira.api_token", jira.api_token),
        (uses_jira, "jira.projects", settings.jira_projects),
        (uses_slack, "slack.bot_token", slack.bot_token),
        (matching.embedder == "onnx", "matching.model_dir", matching.model_dir),
        (matching.embedder == "openai", "matching.url", matching.url),
        (matching.embedder in ("fastembed", "openai"), "matching.model", matching.model),
    ):
        if is_called_for and not value:
            yield path
