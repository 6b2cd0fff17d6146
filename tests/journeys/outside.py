"""The world outside the bot: stand-ins over HTTP that outlive it, and what they hold in the end."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from integrations.linear.mapping import need_id
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.registry import STAND_INS
from integrations.sandbox.serving import Sandbox
from tests.journeys.company import (
    BOT_TOKEN,
    DIGEST,
    IN_LINEAR,
    PROJECTS,
    REVIEW,
    SECRET,
    SOME,
    Said,
    stand_in_data,
)

MONDAY = datetime(2026, 11, 23, 9, tzinfo=UTC)
ROUTES = f"""
[jira]
projects = {[key for key in PROJECTS if key not in IN_LINEAR]}
[linear]
teams = {list(IN_LINEAR)}
[[routes]]
projects = {list(PROJECTS)}
owner_channel = "{REVIEW}"
digest_channels = ["{DIGEST}"]
"""


WRITTEN_TO = ("jira", "linear", "slack")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of request: what it does, whichever ticket or message it does it to.

    path: a regular expression; skip: how many requests of that path came before the first of this kind.
    """

    vendor: str
    method: str
    path: str
    skip: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """What the customers' and the team's tools show in the end. Lists, so that a double is seen.

    links: the key and words of each piece on each ticket; comments: the texts of its comments that carry our
    mark; cards, digests, replies: (key, what is shown) of our messages; charts: names of files shared.
    """

    links: dict[str, list[tuple[str, str]]]
    comments: dict[str, list[str]]
    cards: list[tuple[str, str]]
    digests: list[tuple[str, str]]
    replies: list[tuple[str, str]]
    charts: list[str]

    @property
    def is_whole(self) -> bool:
        """Return whether there is something of everything, so that a comparison says something."""
        parts = (
            self.links.values(),
            self.comments.values(),
            self.cards,
            self.digests,
            self.replies,
            self.charts,
        )
        return all(any(part) for part in parts)


class Outside:
    """Stand-ins in this process; a bot reaches them by the environment that leads to them."""

    def __init__(self, sandbox: Sandbox, said: tuple[Said, ...]) -> None:
        self.sandbox, self.said = sandbox, said

    def load(self, vendor: str, **data: Any) -> None:
        """Put records straight into a stand-in's state."""
        stand_in = self.sandbox.stand_ins[vendor]
        with stand_in.lock:
            stand_in.load(data)

    def state(self, vendor: str) -> dict[str, Any]:
        """Return a stand-in's state."""
        stand_in = self.sandbox.stand_ins[vendor]
        with stand_in.lock:
            return stand_in.dump()

    def writes(self) -> list[dict[str, Any]]:
        """Return the requests to where Voc writes, reads by GET left out."""
        rows = self.sandbox.ledger.rows()
        return [row for row in rows if row["vendor"] in WRITTEN_TO and row["method"] != "GET"]

    def kinds(self) -> list[Kind]:
        """Return the kinds of those that write, each once.

        A card, a digest and a reply are different kinds, and so are Linear's mutations.
        """
        kinds, came = dict[tuple[str, ...], Kind](), Counter[str]()
        for row in self.writes():
            path = _path(row)
            sort = (row["vendor"], row["method"], path)
            if changes(row):
                kinds.setdefault((*sort, _what(row)), Kind(*sort, skip=came[" ".join(sort)]))
            came[" ".join(sort)] += 1
        return list(kinds.values())

    def count(self, kind: Kind) -> int:
        """Return how many requests of the kind's path came so far."""
        same = (r for r in self.writes() if (r["vendor"], r["method"]) == (kind.vendor, kind.method))
        return sum(re.fullmatch(kind.path, r["path"]) is not None for r in same)

    def messages(self, channel: str) -> list[dict[str, Any]]:
        """Return a channel's messages, replies among them."""
        return next(list(c["messages"]) for c in self.state("slack")["channels"] if c["id"] == channel)

    def held(self) -> Held:
        """Return what is held now."""
        issues, posts = self.state("jira")["issues"], self.messages(DIGEST)
        comments = {i["key"]: [c["text"] for c in i["comments"] if c["properties"]] for i in issues}
        links = {i["key"]: sorted((x["globalId"], x["object"]["title"]) for x in i["links"]) for i in issues}
        for issue in self.state("linear")["issues"]:
            links[issue["identifier"]] = self._needs(issue)
            comments[issue["identifier"]] = [c["body"] for c in issue["comments"]]
        return Held(
            links=links,
            comments=comments,
            cards=_keyed(self.messages(REVIEW)),
            digests=_keyed([m for m in posts if m.get("thread_ts", m["ts"]) == m["ts"]]),
            replies=_keyed(
                [m for m in posts if m.get("thread_ts", m["ts"]) != m["ts"] and not m.get("files")]
            ),
            charts=[f["name"] for m in posts for f in m.get("files") or ()],
        )

    def _needs(self, issue: dict[str, Any]) -> list[tuple[str, str]]:
        """Return Linear's customer requests by the keys of the pieces, as Jira's links have them."""
        keys = {need_id(one.key): one.key for one in self.said}
        return sorted((keys.get(n["id"], n["id"]), n["body"]) for n in issue["needs"] if not n["archived"])

    def environment(self, database_url: str, folder: Path, **more: str) -> dict[str, str]:
        """Return the variables that lead a bot here; its settings file lies in the folder."""
        (folder / "voc.toml").write_text(ROUTES, encoding="utf-8")
        urls = self.sandbox.urls
        return {
            "VOC_CONFIG": str(folder / "voc.toml"),
            "VOC_DATABASE__URL": database_url,
            "VOC_ZENDESK__URL": urls["zendesk"],
            "VOC_ZENDESK__ACCESS_TOKEN": "stand-in-zendesk-admin",
            "VOC_INTERCOM__URL": urls["intercom"],
            "VOC_INTERCOM__ACCESS_TOKEN": "stand-in-intercom",
            "VOC_JIRA__URL": urls["jira"],
            "VOC_JIRA__EMAIL": "voc@acme.example",
            "VOC_JIRA__API_TOKEN": "jira-api-token",
            "VOC_LINEAR__URL": f"{urls['linear']}/graphql",
            "VOC_LINEAR__API_KEY": "lin_api_stand_in",
            "VOC_SLACK__API_URL": f"{urls['slack']}/api",
            "VOC_SLACK__BOT_TOKEN": BOT_TOKEN,
            "VOC_SLACK__SIGNING_SECRET": SECRET,
            "VOC_ENGINE__TICK_S": "1",
            "VOC_MATCHING__AUDIT_SHARE": "1",  # a sample would depend on the order in which pieces are read
            **more,
        }


@contextmanager
def outside(
    said: tuple[Said, ...] = SOME, *, now: datetime = MONDAY, also: dict[str, dict[str, Any]] | None = None
) -> Iterator[Outside]:
    """Serve the stand-ins, filled. also: records beyond the company's, by vendor."""
    sandbox = Sandbox(STAND_INS, clock=SandboxClock(now), profile="open")
    sandbox.start()
    world = Outside(sandbox, said)
    try:
        for vendor, data in [*stand_in_data(_monday(now), said, IN_LINEAR).items(), *(also or {}).items()]:
            world.load(vendor, **data)
        yield world
    finally:
        sandbox.stop()


def _monday(now: datetime) -> datetime:
    """Return the week's Monday morning: what is said is counted from then, so last week is always full."""
    return (now - timedelta(days=now.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)


def _path(row: dict[str, Any]) -> str:
    route = str(row["route"])
    # Slack's methods are one route: what is done stands in the path.
    return re.escape(row["path"]) if route in ("", "/api/<method>") else re.sub("<[^>]+>", "[^/]+", route)


def changes(row: dict[str, Any]) -> bool:
    """Return whether the request is none of Linear's reads, which come by POST as its writes do."""
    return row["vendor"] != "linear" or _what(row) != ""


def _what(row: dict[str, Any]) -> str:
    """Return which of Linear's mutations it is, or what message, its key without numbers; "" for others."""
    if row["vendor"] == "linear":
        found = re.search(r"mutation\s+(\w+)", json.loads(row["body"])["query"])
        return found[1] if found else ""
    if not row["path"].startswith("/api/chat."):
        return ""
    return re.sub(
        r"\d+", "n", str(json.loads(row["body"]).get("metadata", {}).get("event_payload", {}).get("key"))
    )


def _keyed(messages: list[dict[str, Any]]) -> list[tuple[str, str]]:
    """Return our messages as (key, what they show), in the order of the keys.

    How often an inbox came anew until the end depends on when its proposals came: that number is left out.
    """
    keyed = [(m["metadata"]["event_payload"]["key"], _shown(m)) for m in messages if m.get("metadata")]
    return sorted((re.sub(r"^(inbox:.*):\d+$", r"\1", key), shown) for key, shown in keyed)


def _shown(message: dict[str, Any]) -> str:
    """Return the message's text and the texts in its blocks."""
    return "\n".join([message["text"], *_texts(message.get("blocks") or [])])


def _texts(node: Any) -> Iterator[str]:
    if isinstance(node, list):
        for item in node:
            yield from _texts(item)
    elif isinstance(node, dict):
        for name, value in node.items():
            if name == "text" and isinstance(value, str):
                yield value
            else:
                yield from _texts(value)
