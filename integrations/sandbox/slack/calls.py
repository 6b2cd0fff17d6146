"""One call of a Web API method: its arguments, as Slack reads them from a form, a query or JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from integrations.sandbox.limits import Limit
from integrations.sandbox.slack.state import Json, Refused, Workspace

if TYPE_CHECKING:
    from integrations.sandbox.slack.stand_in import SlackStandIn


@dataclass(frozen=True, slots=True)
class Call:
    """A call whose token and scopes were accepted. space: the workspace that the token is for."""

    slack: SlackStandIn
    args: Mapping[str, Any]
    space: Workspace

    def get(self, name: str) -> Any:
        """Return the argument as sent, None without it."""
        return self.args.get(name)

    def text(self, name: str) -> str:
        """Return the argument as text, "" without it."""
        value = self.args.get(name)
        return "" if value is None else str(value)

    def required(self, name: str) -> str:
        """Return the argument as text. Raises invalid_arguments without it."""
        if not (value := self.text(name)):
            raise invalid(f"missing required field: {name} [json-pointer:/{name}]")
        return value

    def flag(self, name: str) -> bool:
        """Return whether the argument is set to true."""
        return self.text(name).lower() in ("1", "true")

    def number(self, name: str, default: int, *, least: int = 1, most: int = 1000) -> int:
        """Return the argument as a number within bounds. Raises invalid_limit."""
        value = self.text(name) or str(default)
        if not value.isdigit() or not least <= int(value) <= most:
            raise Refused("invalid_limit")
        return int(value)

    def json(self, name: str) -> Any:
        """Return a structured argument, JSON text in forms; None without it. Raises invalid_arguments."""
        value = self.args.get(name)
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError as exc:
            raise invalid(f"must be valid JSON [json-pointer:/{name}]") from exc


@dataclass(frozen=True, slots=True)
class Method:
    """A Web API method. scopes: any one suffices; limit: None where it has its own.

    takes_json: whether it reads arguments from a JSON body; methods that only read see those of a form alone.
    """

    answer: Callable[[Call], Json]
    scopes: tuple[str, ...]
    limit: Limit | None
    app_token: bool = False
    takes_json: bool = True


def invalid(*messages: str) -> Refused:
    """Return the refusal of arguments that do not fit."""
    return Refused("invalid_arguments", response_metadata={"messages": [f"[ERROR] {m}" for m in messages]})
