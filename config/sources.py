"""Where values come from: the process's environment, `.env`, files of secrets, and `voc.toml`."""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from bot.errors import SettingError
from config.names import FILE, PLACES, PLATFORM, PREFIX, Name, names_of, nearest, variables_of

CONFIG = "VOC_CONFIG"


@dataclass(frozen=True, slots=True)
class Given:
    """What one place gives.

    values: for the settings class; origins: path to the name that gave it; faults: of names; place: the file.
    """

    values: dict[str, Any] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    faults: list[SettingError] = field(default_factory=list)
    place: str = ""

    def put(self, name: Name, value: str, origin: str) -> None:
        """Take a value."""
        place = self.values.setdefault(name.section, {}) if name.section else self.values
        place[name.key] = value
        self.origins[name.path] = origin


def variables() -> dict[str, str]:
    """Return the environment over `.env` of the working folder, without what is blank."""
    from dotenv import dotenv_values

    try:
        found = {**dotenv_values(".env", interpolate=False), **os.environ}
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingError(".env", "cannot be read as UTF-8 text") from exc
    return {name: value.strip() for name, value in found.items() if value and value.strip()}


def from_environment(settings: type[BaseModel], given: Mapping[str, str]) -> Given:
    """Return what the variables give. The order of names: VOC_…, VOC_…_FILE, PORT and DATABASE_URL."""
    known, taken = variables_of(settings), Given()
    for variable, name in known.items():
        for origin, value in _ways(variable, name, given, taken.faults):
            taken.put(name, value, origin)
            break
    if taken.origins.get("web.port") == "PORT" and "VOC_WEB__HOST" not in given:
        # A platform that chooses the port also connects from outside this machine.
        taken.put(known["VOC_WEB__HOST"], "0.0.0.0", "PORT")  # noqa: S104
    files = {name.variable + FILE for name in known.values() if name.is_secret}
    allowed = {*known, *files, *PLACES}
    taken.faults.extend(
        SettingError(variable, "is no setting", remedy=nearest(variable, allowed))
        for variable in sorted(given)
        if variable.startswith(PREFIX) and variable not in allowed
    )
    return taken


def _ways(
    variable: str, name: Name, given: Mapping[str, str], faults: list[SettingError]
) -> Iterator[tuple[str, str]]:
    """Yield (origin, value) of the setting, the strongest first."""
    if variable in given:
        yield variable, given[variable]
    if name.is_secret and (file := given.get(variable + FILE)):
        try:
            value = Path(file).read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            value = ""
        if value:
            yield variable + FILE, value
        else:
            faults.append(SettingError(variable + FILE, "names a file that is empty or cannot be read"))
    for platform, ours in PLATFORM.items():
        if ours == variable and platform in given:
            yield platform, given[platform]


def file_of(given: Mapping[str, str]) -> Path | None:
    """Return the settings file, None where there is none. Raises SettingError when a named one is missing."""
    path = Path(given.get(CONFIG, "voc.toml"))
    if path.is_file():
        return path
    if CONFIG in given:
        raise SettingError(CONFIG, "names a file that is not there", remedy="Example: VOC_CONFIG=voc.toml")
    return None


def from_file(settings: type[BaseModel], path: Path | None) -> Given:
    """Return what the file gives, secrets taken out. Raises SettingError when it can't be read."""
    if path is None:
        return Given()
    taken = Given(place=path.name)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as exc:
        raise SettingError(path.name, f"is not TOML: {exc}") from None  # the cause holds the whole text
    except (OSError, UnicodeDecodeError) as exc:
        raise SettingError(path.name, "cannot be read as UTF-8 text") from exc
    taken.values.update(found)
    for name in names_of(settings):
        place = found.get(name.section) if name.section else found
        if not isinstance(place, dict) or name.key not in place:
            continue
        taken.origins[name.path] = f"{name.path} in {path.name}"
        if name.is_secret:
            del place[name.key]
            remedy = f"Set {name.variable}, or {name.variable}{FILE} to the path of a file that holds it"
            problem = "is a secret and may not stand in this file"
            taken.faults.append(SettingError(taken.origins.pop(name.path), problem, remedy=remedy))
    return taken
