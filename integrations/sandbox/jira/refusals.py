"""How Jira refuses, and how a request is read before it is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

Json = dict[str, Any]
Route = tuple[str, str, Callable[..., ResponseReturnValue]]
# How Jira answers to these is documented nowhere; its database takes no NUL and no lone surrogate.
UNSTORABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
NO_ISSUE = "Issue does not exist or you do not have permission to see it."
BAD_PAYLOAD = "Invalid request payload. Refer to the REST API documentation and try again."


class Refused(Exception):
    """A request that Jira refuses, with its body. errors: by field; raw: a body of another shape."""

    def __init__(
        self,
        status: int,
        message: str = "",
        errors: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
        raw: Json | None = None,
    ) -> None:
        super().__init__(message)
        self.status, self.headers = status, dict(headers or {})
        self.body = raw or {"errorMessages": [message] if message else [], "errors": dict(errors or {})}


def body(allowed: frozenset[str] | None = None) -> Json:
    """Return the request's JSON object. allowed: its members, where Jira refuses others."""
    given = request.get_json(silent=True)
    if not request.is_json:
        raise Refused(415)
    if not isinstance(given, dict) or (allowed is not None and not set(given) <= allowed):
        raise Refused(400, BAD_PAYLOAD)
    if any(UNSTORABLE.search(text) for text in _texts(given)):
        raise Refused(400, BAD_PAYLOAD)
    return given


def names(given: Any) -> list[str]:
    """Return field names from a list whose items may hold several, between commas."""
    if not isinstance(given, list) or not all(isinstance(name, str) for name in given):
        raise Refused(400, BAD_PAYLOAD)
    return [name for value in given for name in value.split(",") if name]


def flag(name: str, default: bool) -> bool:
    """Return a true/false query parameter."""
    given = request.args.get(name, str(default).lower())
    if given not in ("true", "false"):
        raise Refused(400, f"The value of {name} must be true or false.")
    return given == "true"


def number(name: str, default: int) -> int:
    """Return a whole, not negative query parameter."""
    given = request.args.get(name, str(default))
    if not given.isdecimal():
        raise Refused(400, f"The value of {name} must be a number.")
    return int(given)


def _texts(node: Any) -> Iterator[str]:
    """Yield every text in a JSON value, names too."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list | dict):
        for item in (*node, *node.values()) if isinstance(node, dict) else node:
            yield from _texts(item)
