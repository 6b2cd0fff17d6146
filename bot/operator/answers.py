"""What the operator answered, now and earlier: read from `voc.toml` and `.env`, and written there again."""

from __future__ import annotations

import copy
import json
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.errors import SettingError
from bot.operator.files import PRIVATE, env_with, keep_from_git, toml_of, write_whole
from bot.operator.questions import SECRETS
from bot.operator.sealing import VARIABLE as SECRET_KEY
from bot.operator.terminal import Terminal

LISTS = frozenset({"VOC_JIRA__PROJECTS", "VOC_LINEAR__TEAMS", "VOC_SLACK__WORKSPACES"})
SECTIONS = ("zendesk", "intercom", "jira", "linear", "slack", "web", "digest")


class Answers:
    """The settings of one folder, by variable. Nothing is written before save()."""

    def __init__(self, folder: Path) -> None:
        self._toml, self._env = folder / "voc.toml", folder / ".env"
        self._folder = folder
        self._document = _document(self._toml)
        self._before = copy.deepcopy(self._document)
        self._secrets = _variables(self._env)

    def get(self, variable: str) -> str:
        """Return the present value as text, "" when there is none."""
        if _is_secret(variable):
            return self._secrets.get(variable, "")
        section, key = _place(variable)
        value = self._document.get(section, {}).get(key, "")
        return ", ".join(map(str, value)) if isinstance(value, list) else str(value)

    def put(self, variable: str, value: str) -> None:
        """Take an answer; "" takes the setting out."""
        if _is_secret(variable):
            self._secrets[variable] = value
            return
        section, key = _place(variable)
        if not value:
            self._document.get(section, {}).pop(key, None)
            return
        table = self._document.setdefault(section, {})
        table[key] = parts(value) if variable in LISTS else value

    @property
    def has_routes(self) -> bool:
        """Return whether the operator has written routes."""
        return bool(self._document.get("routes"))

    def route(self, owner: str, digests: str) -> None:
        """Send everything to these channels, "" for none. digests: with commas between."""
        route = {"owner_channel": owner, "digest_channels": parts(digests)}
        if owner or digests:
            self._document["routes"] = [{key: value for key, value in route.items() if value}]

    def save(self, terminal: Terminal) -> None:
        """Write both files; what would replace a file's content is asked first."""
        if self._document != self._before:
            _write(self._toml, toml_of(self._document), terminal, keeps_comments=False)
        _write(self._env, self._env_text(), terminal, mode=PRIVATE)
        if self._env.exists():
            self._env.chmod(PRIVATE)
        if keep_from_git(self._folder, ".env"):
            terminal.say("Added .env to .gitignore.")

    def _env_text(self) -> str:
        before = self._env.read_text(encoding="utf-8") if self._env.exists() else ""
        known = _variables(self._env)
        changed = {name: value for name, value in self._secrets.items() if value != known.get(name, "")}
        return env_with(before, changed)


def parts(text: str) -> list[str]:
    """Return what stands between the commas."""
    return [part.strip() for part in text.split(",") if part.strip()]


def write_manifest(folder: Path, manifest: Mapping[str, Any], terminal: Terminal) -> Path:
    """Write Slack's manifest as JSON, which Slack takes as well as YAML; return where it is."""
    path = folder / "slack-manifest.json"
    _write(path, json.dumps(manifest, indent=2) + "\n", terminal)
    return path


def _write(
    path: Path, text: str, terminal: Terminal, *, mode: int | None = None, keeps_comments: bool = True
) -> None:
    before = path.read_text(encoding="utf-8") if path.exists() else None
    if before == text or (before is None and not text):
        return
    if before is not None:
        loss = "" if keeps_comments else f" Comments are lost; the old one stays as {path.name}.old."
        if not terminal.confirm(f"{path.name} is there. Change it?{loss}", default=True):
            terminal.say(f"{path.name} stays as it is.")
            return
        if not keeps_comments:
            write_whole(path.with_name(path.name + ".old"), before)
    write_whole(path, text, mode)
    terminal.say(f"Wrote {path.name}.")


def _document(path: Path) -> dict[str, Any]:
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise SettingError(path.name, "is not TOML", remedy="Mend it or move it away") from None
    for section in SECTIONS:
        if not isinstance(found.get(section, {}), dict):
            raise SettingError(f"{section} in {path.name}", f"must be a table: [{section}]")
    return found


def _variables(path: Path) -> dict[str, str]:
    from dotenv import dotenv_values

    return {name: value or "" for name, value in dotenv_values(path, interpolate=False).items()}


def _is_secret(variable: str) -> bool:
    return variable in SECRETS or variable == SECRET_KEY


def _place(variable: str) -> tuple[str, str]:
    section, _, key = variable.removeprefix("VOC_").lower().partition("__")
    return section, key
