"""What the page shows, read from the stand-ins' state."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from markupsafe import Markup

from integrations.sandbox.serving import Sandbox
from integrations.sandbox.viewer import adf
from integrations.sandbox.viewer.block_kit import Painter
from integrations.sandbox.viewer.mrkdwn import to_html

Json = dict[str, Any]
MOST_TICKETS = 60


@dataclass(frozen=True, slots=True)
class Shown:
    """A message ready for the page. private: shown to the viewer's person alone."""

    ts: str
    author: str
    at: str
    body: Markup
    images: tuple[tuple[str, str], ...]
    replies: tuple[Shown, ...] = ()
    private: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Modal:
    """A person's top modal."""

    id: str
    title: str
    submit: str
    close: str
    body: Markup


def slack_state(sandbox: Sandbox) -> Json:
    """Return a copy of Slack's state."""
    stand_in = sandbox.stand_ins["slack"]
    with stand_in.lock:
        return copy.deepcopy(stand_in.dump())


def annotated_issues(sandbox: Sandbox) -> list[Json]:
    """Return copies of the issues that carry a comment or a link; none when there is no Jira."""
    stand_in = sandbox.stand_ins.get("jira")
    if stand_in is None:
        return []
    with stand_in.lock:
        issues = stand_in.dump()["issues"]
        return copy.deepcopy([issue for issue in issues if issue["comments"] or issue["links"]])


class SlackPage:
    """Slack's state through one person's eyes."""

    def __init__(self, state: Json, person: str) -> None:
        self._state, self.person = state, person
        names = {u["id"]: u.get("real_name") or u["name"] for u in state["users"]}
        names |= {channel["id"]: channel["name"] for channel in state["channels"]}
        self._names = names | {state["app"]["user_id"]: state["app"]["name"]}

    def name_of(self, user: str) -> str:
        """Return a person's or a channel's name, or the id where it is not known."""
        return str(self._names.get(user, user))

    def channels(self) -> list[Json]:
        """Return the channels, each with how many messages it has."""
        return [{**c, "count": len(c["messages"])} for c in self._state["channels"]]

    def messages(self, channel: str) -> list[Shown]:
        """Return the channel's messages, oldest first, replies under their parent."""
        found: Json = next((c for c in self._state["channels"] if c["id"] == channel), {"messages": []})
        mine = [m for m in self._state["ephemerals"] if (m["channel"], m["user"]) == (channel, self.person)]
        private = {id(m) for m in mine}
        every = sorted([*found["messages"], *mine], key=lambda m: str(m["ts"]))
        parents = {m["ts"] for m in every}
        shown = []
        for message in every:
            if message.get("thread_ts", message["ts"]) != message["ts"] and message["thread_ts"] in parents:
                continue
            replies = [m for m in every if m.get("thread_ts") == message["ts"] and m is not message]
            under = tuple(self._shown(reply, id(reply) in private) for reply in replies)
            shown.append(self._shown(message, id(message) in private, under))
        return shown

    def modal(self) -> Modal | None:
        """Return the person's top modal."""
        stack = self._state["modals"].get(self.person)
        if not stack:
            return None
        view = self._view(stack[-1])
        offered = {(b, a): some for v, b, a, some in self._state["offered"] if v == view["id"]}
        painter = Painter(self.name_of, view["state"]["values"], offered)
        return Modal(
            id=view["id"],
            title=view["title"]["text"],
            submit=(view["submit"] or {}).get("text", ""),
            close=(view["close"] or {}).get("text", "Close"),
            body=painter.blocks(view["blocks"]),
        )

    def home(self) -> tuple[str, Markup] | None:
        """Return the id and the blocks of the person's App Home, None where nothing is published."""
        known = self._state["homes"].get(self.person)
        if known is None:
            return None
        return known, Painter(self.name_of).blocks(self._view(known)["blocks"])

    def _view(self, view_id: str) -> Json:
        found: Json = next(view for view in self._state["views"] if view["id"] == view_id)
        return found

    def _shown(self, message: Json, private: bool, replies: tuple[Shown, ...] = ()) -> Shown:
        blocks = message.get("blocks")
        body = Painter(self.name_of).blocks(blocks) if blocks else to_html(message["text"], self.name_of)
        return Shown(
            ts=message["ts"],
            author=self.name_of(message.get("user", "")) if not private else str(self._state["app"]["name"]),
            at=f"{datetime.fromtimestamp(float(message['ts']), UTC):%a %-d %b, %H:%M}",
            body=body,
            images=tuple((f["id"], f["alt_txt"]) for f in message.get("files", [])),
            replies=replies,
            private=private,
            edited="edited" in message,
        )


class JiraPage:
    """Jira's annotated tickets."""

    def __init__(self, issues: list[Json]) -> None:
        self._issues = sorted(issues, key=lambda i: (-len(i["links"]), str(i["key"])))

    @property
    def total(self) -> int:
        """How many are annotated."""
        return len(self._issues)

    def tickets(self) -> list[Json]:
        """Return the annotated tickets, those with most links first, at most MOST_TICKETS."""
        return self._issues[:MOST_TICKETS]

    def ticket(self, key: str) -> Json | None:
        """Return one ticket with its description and comments as HTML."""
        found = next((i for i in self._issues if i["key"] == key), None)
        if found is None:
            return None
        comments = [{**c, "html": adf.to_html(c["body"])} for c in found["comments"]]
        return {**found, "html": adf.to_html(found.get("description")), "comments": comments}
