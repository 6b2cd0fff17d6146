"""How Jira and Linear prove that a delivery is theirs, when it was sent, and which tickets it is about."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar, Protocol

Header = Callable[[str], str]
Event = Mapping[str, Any]

TICKET_ID = re.compile(r"[A-Za-z0-9-]{1,64}")
CLOCKS_DIFFER = timedelta(minutes=1)


class Dialect(Protocol):
    """One vendor's way. Header: returns a request's header by name, "" for none."""

    @property
    def late(self) -> timedelta:
        """How old a delivery may be."""
        ...

    @property
    def early(self) -> timedelta:
        """How far ahead of our clock the vendor's may be."""
        ...

    def is_signed(self, body: bytes, header: Header, now: datetime) -> bool:
        """Return whether the vendor signed exactly these bytes."""
        ...

    def delivery_id(self, header: Header) -> str:
        """Return what every repeat of the delivery bears, "" for none."""
        ...

    def sent_at(self, event: Event) -> datetime | None:
        """Return the time in the event."""
        ...

    def ticket_ids(self, event: Event) -> list[str]:
        """Return the immutable ids of the tickets that may have changed."""
        ...


@dataclass(frozen=True, slots=True)
class Hook:
    """What one connection's webhook is known by. id: stands in its address."""

    tracker: str
    id: str
    dialect: Dialect


@dataclass(frozen=True, slots=True)
class JiraHooks:
    """Jira's. secret: of a webhook that an admin made; client_secret: of the OAuth app that made one.

    The former signs the body, the latter a token beside it (HS256), so that of its event only "look again" is
    believed. Jira repeats a delivery up to five times, 5 to 15 minutes apart, with the event's first time:
    the last may be 75 minutes old and some more.
    """

    secret: str = field(default="", repr=False)
    client_secret: str = field(default="", repr=False)
    late: ClassVar[timedelta] = timedelta(minutes=90)
    early: ClassVar[timedelta] = timedelta(minutes=5)

    def is_signed(self, body: bytes, header: Header, now: datetime) -> bool:
        """Return whether it is. Where both are there, the signature of the body decides."""
        if given := header("X-Hub-Signature"):
            method, _, digest = given.partition("=")
            return bool(self.secret) and method == "sha256" and _is(_digest(self.secret, body), digest)
        scheme, _, token = header("Authorization").partition(" ")
        return bool(self.client_secret) and scheme == "Bearer" and _is_live(token, self.client_secret, now)

    def delivery_id(self, header: Header) -> str:
        """Return Jira's identifier."""
        return header("X-Atlassian-Webhook-Identifier")

    def sent_at(self, event: Event) -> datetime | None:
        """Return when it happened."""
        return _moment(event.get("timestamp"))

    def ticket_ids(self, event: Event) -> list[str]:
        """Return the issue's, or both of a link's."""
        link = _within(event, "issueLink")
        return _ids(
            _within(event, "issue").get("id"), link.get("sourceIssueId"), link.get("destinationIssueId")
        )


@dataclass(frozen=True, slots=True)
class LinearHooks:
    """Linear's: the body is signed, and must be younger than a minute, as Linear's own library has it.

    Linear repeats after a minute, an hour and six; whether with a new time is written nowhere. A repeat
    with its first time is refused, and what it told of is found by the next read.
    """

    secret: str = field(repr=False)
    late: ClassVar[timedelta] = timedelta(minutes=1)
    early: ClassVar[timedelta] = timedelta(minutes=1)

    def is_signed(self, body: bytes, header: Header, now: datetime) -> bool:
        """Return whether it is."""
        return _is(_digest(self.secret, body), header("Linear-Signature"))

    def delivery_id(self, header: Header) -> str:
        """Return Linear's identifier."""
        return header("Linear-Delivery")

    def sent_at(self, event: Event) -> datetime | None:
        """Return when it was sent."""
        return _moment(event.get("webhookTimestamp"))

    def ticket_ids(self, event: Event) -> list[str]:
        """Return the issue's, or those that a comment, attachment, request or relation is of."""
        data = _within(event, "data")
        own = data.get("id") if event.get("type") == "Issue" else None
        return _ids(own, data.get("issueId"), _within(data, "issue").get("id"), data.get("relatedIssueId"))


def _digest(secret: str, body: bytes) -> str:
    return hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def _is(digest: str, given: str) -> bool:
    return hmac.compare_digest(digest.encode(), given.encode("utf-8", "replace"))


def _is_live(token: str, secret: str, now: datetime) -> bool:
    """Return whether it is a JSON Web Token signed with the secret by HS256 alone, and in its time."""
    try:
        signed, _, signature = token.rpartition(".")
        head, _, claims = signed.partition(".")
        proof = hmac.new(secret.encode(), signed.encode(), hashlib.sha256).digest()
        if json.loads(_decoded(head))["alg"] != "HS256" or not hmac.compare_digest(
            proof, _decoded(signature)
        ):
            return False
        said = json.loads(_decoded(claims))
        begins, ends = float(said["iat"]), float(said["exp"])
    except (ValueError, TypeError, KeyError):
        return False
    leeway_s = CLOCKS_DIFFER.total_seconds()
    return begins - leeway_s <= now.timestamp() < ends + leeway_s


def _decoded(part: str) -> bytes:
    return base64.b64decode(part + "=" * (-len(part) % 4), altchars=b"-_", validate=True)


def _moment(milliseconds: object) -> datetime | None:
    if not isinstance(milliseconds, int) or isinstance(milliseconds, bool):
        return None
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _within(event: Event, key: str) -> Event:
    found = event.get(key)
    return found if isinstance(found, Mapping) else {}


def _ids(*found: object) -> list[str]:
    return list(dict.fromkeys(_valid(found)))


def _valid(found: tuple[object, ...]) -> Iterator[str]:
    for one in found:
        if isinstance(one, str | int) and not isinstance(one, bool) and TICKET_ID.fullmatch(str(one)):
            yield str(one)
