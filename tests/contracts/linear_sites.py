"""Linear under the contract: a workspace with customer requests, and one without."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, ClassVar
from urllib.parse import unquote

from integrations.credentials import StaticCredentials
from integrations.linear.tracker import LinearTracker
from integrations.sandbox.linear.stand_in import LinearStandIn
from integrations.sandbox.linear.state import Settings
from tests.contracts.ticket_trackers import PER_PAGE, Shown, TrackerUnderTest
from tests.integrations.linear.seeing import visible


class Linear(TrackerUnderTest):
    """A workspace with customer requests, which show each piece by themselves."""

    stand_in = LinearStandIn
    vendor = "linear"
    annotates = False
    has_requests: ClassVar[bool] = True
    endless: ClassVar[dict[str, Any]] = {
        "data": {"issues": {"nodes": [], "pageInfo": {"hasPreviousPage": True, "startCursor": "again"}}}
    }
    mutations: ClassVar[dict[str, str]] = {
        "link": "customerNeedCreate",
        "unlink": "customerNeedArchive",
        "create": "issueCreate",
    }
    repeatable = frozenset({"add annotation", "edit annotation", "link", "unlink", "create"})

    def __init__(self) -> None:
        super().__init__()
        self.client.load(
            "linear",
            {
                "settings": {"customers_enabled": self.has_requests},
                "teams": [{"key": "FLD", "name": "Field"}, {"key": "OPS", "name": "Operations"}],
            },
        )

    def tracker(
        self, *, token: str | None = None, url: str | None = None, timeout_s: float = 30
    ) -> LinearTracker:
        """Return the adapter."""
        return LinearTracker(
            f"{url or self.url}/graphql",
            StaticCredentials.raw(token or Settings().api_key),
            ["FLD"],
            per_page=PER_PAGE,
            sleep=self.sleep,
            timeout_s=(timeout_s, timeout_s),
        )

    def fails(self, write: str, do: str, **rule: Any) -> None:
        """Let that mutation fail once."""
        self.client.fault(do, **{"vendor": "linear", "containing": self.mutations[write], **rule})

    def fails_listing(self, do: str, **rule: Any) -> None:
        """Let the list of tickets fail."""
        self.client.fault(do, vendor="linear", containing="query ChangedTickets", **rule)

    def write(self, key: str, title: str = "A title", body: str = "A body") -> str:
        """Load it."""
        self._load({"identifier": key, "title": title, "description": body})
        return str(self.issue(key)["id"])

    def finish(self, key: str) -> None:
        """Set its state."""
        self._load({"identifier": key, "state": "completed"})

    def move(self, key: str, to: str) -> None:
        """Give the id another team and number."""
        self._load({"id": self.issue(key)["id"], "identifier": to})

    def delete(self, key: str) -> None:
        """Drop it."""
        self.client.load("linear", {"deleted": [key]})

    def comment(self, key: str, words: str) -> None:
        """Load a comment of Mia's."""
        self._load({"identifier": key, "comments": [{"author": "Mia Krystof", "body": words}]})

    def remove_annotations(self, key: str) -> None:
        """Delete our comments."""
        ours = [shown.id for shown in self.annotations(key)]
        self.client.load("linear", {"removed_comments": ours})

    def spoil(self, key: str) -> None:
        """Make its time no time."""
        stand_in = self.sandbox.stand_ins["linear"]
        assert isinstance(stand_in, LinearStandIn)
        with stand_in.lock:
            stand_in.workspace.issue(key).created_at = "once upon a time"

    def annotations(self, key: str) -> list[Shown]:
        """Return the comments of our account."""
        comments = [one for one in self.issue(key)["comments"] if one["author"] == "Voc"]
        return [Shown(one["id"], visible(one["body"]), 0) for one in comments]

    def links(self, key: str) -> dict[str, str]:
        """Return the needs that are not archived."""
        needs = [need for need in self.issue(key)["needs"] if not need["archived"]]
        return {_key_in(need["url"]): visible(need["body"]) for need in needs}

    def require_fields(self) -> Mapping[str, str | tuple[str, ...]]:
        """Return none: Linear requires a team and a title."""
        return {}

    def values(self, key: str) -> dict[str, Any]:
        """Return none."""
        return {}

    def titles(self) -> Sequence[str]:
        """Return the titles."""
        return [issue["title"] for issue in self.client.state("linear")["issues"]]

    def issue(self, key: str) -> dict[str, Any]:
        """Return the issue as it is now."""
        issues = self.client.state("linear")["issues"]
        return next(dict(one) for one in issues if one["identifier"] == key)

    def _load(self, issue: dict[str, Any]) -> None:
        now = {"updated": self.clock.now().isoformat()}
        self.client.load("linear", {"issues": [now | issue]})


class LinearWithoutRequests(Linear):
    """A workspace without customer requests: an attachment a piece, and one living comment."""

    annotates = True
    has_requests = False
    mutations: ClassVar[dict[str, str]] = {
        "add annotation": "commentCreate",
        "edit annotation": "commentUpdate",
        "link": "attachmentCreate",
        "unlink": "attachmentDelete",
        "create": "issueCreate",
    }

    def links(self, key: str) -> dict[str, str]:
        """Return the attachments."""
        return {one["metadata"]["voc"]: one["title"] for one in self.issue(key)["attachments"]}


def _key_in(url: str) -> str:
    found = re.search(r"[#&]voc=(.*)$", url)
    assert found, url
    return unquote(found[1])


LINEAR_SITES: list[type[TrackerUnderTest]] = [Linear, LinearWithoutRequests]
