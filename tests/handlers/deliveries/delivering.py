"""One request of Slack's, kept back, and delivered as a test wants it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Connection, text

from integrations.sandbox.slack.sending import FORM, Request
from tests.handlers.deliveries.office import Office
from tests.handlers.world import PRODUCT

NOWHERE = "http://127.0.0.1:9/"
LATE = {"X-Slack-Retry-Num": "1", "X-Slack-Retry-Reason": "http_timeout"}
BOOKKEEPING = {"alembic_version", "event_kept", "event_seen", "task"}
DIRECT = "D"  # a channel with one person: what is said there is an answer
PASSING = {"block_id", "edited", "hash", "id", "root_view_id", "previous_view_id"}


@dataclass(frozen=True, slots=True)
class Row:
    """How one listener's request comes about.

    arrange: what was there before; its result is handed to `act`, which does in Slack what sends the request,
    last of all. is_repeatable: whether a second press is a second wish, as a second `/voc add` is.
    is_personal: whether nobody else could send it.
    """

    arrange: Callable[[Office], Any]
    act: Callable[[Office, Any], object]
    is_repeatable: bool = False
    is_personal: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """What is stored, and what Slack shows to everybody."""

    store: Mapping[str, list[tuple[Any, ...]]]
    messages: Mapping[str, list[Any]]
    open_views: Mapping[str, list[Any]]
    homes: Mapping[str, Any]
    created: list[str] = field(default_factory=list)


def kept_back(world: Office, row: Row) -> Request:
    """Return the row's request, which has not reached the app."""
    arranged = row.arrange(world)
    address, world.slack.space.bot["url"] = world.slack.space.bot["url"], NOWHERE
    row.act(world, arranged)
    world.slack.space.bot["url"] = address
    return world.slack.sender.sent[-1]


def deliver(world: Office, request: Request, *, late: bool = False) -> None:
    """Deliver it and wait until it is dealt with. late: as Slack does again after no answer."""
    send(world, request, late=late)
    settle(world, request)


def settle(world: Office, request: Request) -> None:
    """Wait until one delivery of the request is dealt with, and do what it had the queue do."""
    if request.payload.get("type") != "block_suggestion":
        world.pool.settle()
    world.chat.settle()


def send(world: Office, request: Request, *, late: bool = False) -> None:
    """Deliver it, and return with its acknowledgement."""
    headers = LATE if late else {}
    status, answer = world.slack.sender.send(
        request.kind, request.payload, request.body, request.content_type, headers
    )
    is_asked = request.payload.get("type") == "block_suggestion"
    goes_on = isinstance(answer, dict) and answer.get("response_action") == "update"
    assert status == "ok", f"{request.kind} was answered {status} {answer}"
    assert goes_on or bool(answer) == is_asked, f"{request.kind} was answered {answer}"


def anew(world: Office, request: Request, user: str) -> Request:
    """Return the same thing done once more, perhaps by somebody else, from what was seen before."""
    was = _by(request.payload)
    payload = json.loads(json.dumps(request.payload).replace(was, user))
    if request.kind == "events_api":
        payload["event_id"] = world.slack.space.new_id("Ev")
        return replace(request, payload=payload, body=json.dumps(payload))
    payload["trigger_id"] = world.slack.space.new_trigger(user)
    if "response_url" in payload:
        channel = payload.get("channel_id") or (payload.get("channel") or {}).get("id") or PRODUCT
        payload["response_url"] = world.response_url(user, channel)
    form = payload if request.kind == "slash_commands" else {"payload": json.dumps(payload)}
    return replace(request, payload=payload, body=urlencode(form), content_type=FORM)


def effect(world: Office) -> Effect:
    """Return what has come of everything so far."""
    space = world.slack.space
    return Effect(
        store=_store(world),
        messages={
            name: [_lasting(m) for m in c.messages]
            for name, c in space.channels.items()
            if not name.startswith(DIRECT)
        },
        open_views={
            u: [_lasting(space.views[v]) for v in stack] for u, stack in space.modals.items() if stack
        },
        homes={user: _lasting(space.views[view]) for user, view in space.homes.items()},
        created=sorted(world.tracker.created),
    )


def differences(before: Effect, after: Effect, *, shared: bool = False) -> list[str]:
    """Return what is otherwise afterwards. shared: leave out what each person has open for themselves."""
    parts = ("store", "messages") if shared else ("store", "messages", "open_views", "homes")
    found = [
        f"{part} {name}: {old} became {new}"
        for part in parts
        for name, old, new in _unlike(getattr(before, part), getattr(after, part))
    ]
    return found + ([] if before.created == after.created else [f"created: {after.created}"])


def told(world: Office) -> set[str]:
    """Return the different things that single people were told."""
    space = world.slack.space
    directly = [m for name, c in space.channels.items() if name.startswith(DIRECT) for m in c.messages]
    return {json.dumps([m["text"], m["user"]]) for m in [*space.ephemerals, *directly]}


def _unlike(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    for name in sorted({*before, *after}):
        old, new = before.get(name, []), after.get(name, [])
        if old != new:
            yield name, [one for one in old if one not in new], [one for one in new if one not in old]


def _store(world: Office) -> dict[str, list[tuple[Any, ...]]]:
    with world.database.engine.connect() as connection:
        tables = connection.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars()
        wanted = sorted(set(tables) - BOOKKEEPING)
        return {
            name: sorted((row for row in _rows(connection, name) if "mark:" not in repr(row)), key=repr)
            for name in wanted
        }


def _rows(connection: Connection, table: str) -> Iterator[tuple[Any, ...]]:
    """Yield the table's rows."""
    yield from map(tuple, connection.execute(text(f'SELECT * FROM "{table}"')))


def _lasting(node: Any) -> Any:
    """Return a message or view without what every showing makes new."""
    if isinstance(node, list):
        return [_lasting(item) for item in node]
    if isinstance(node, dict):
        return {name: _lasting(value) for name, value in node.items() if name not in PASSING}
    return node


def _by(payload: Mapping[str, Any]) -> str:
    if "event" in payload:
        return str(payload["event"].get("user") or "nobody")
    return str(payload.get("user_id") or payload["user"]["id"])
