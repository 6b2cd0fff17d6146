"""Jira under the contract: Cloud by each kind of token, and Data Center."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from integrations.credentials import StaticCredentials
from integrations.jira.tracker import JiraTracker
from integrations.sandbox.jira.oauth import CLOUD_ID
from integrations.sandbox.jira.stand_in import JiraServerStandIn, JiraStandIn
from integrations.sandbox.jira.state import Settings
from integrations.sandbox.stand_in import StandIn
from tests.contracts.ticket_trackers import PER_PAGE, Shown, TrackerUnderTest

REQUIRED: dict[str, dict[str, Any]] = {
    "Impact": {},
    "Steps": {"custom": ":textarea"},
    "Size": {"type": "number"},
    "Due": {"type": "date"},
    "Severity": {"type": "option", "choices": {"11": "High", "12": "Low"}},
    "Areas": {"type": "array", "items": "component", "choices": {"21": "Maps", "22": "Sync"}},
    "Browser": {"only_for": "Bug"},
}
OAUTH_TOKEN = "jira-oauth-token"


class JiraCloud(TrackerUnderTest):
    """Jira Cloud, by an API token at the site."""

    stand_in: ClassVar[type[StandIn]] = JiraStandIn
    vendor = "jira"
    settings: ClassVar[dict[str, Any]] = {"search_lag_s": 60}
    listing = r"(/ex/jira/[^/]+)?/rest/api/3/search/jql"
    endless: ClassVar[dict[str, Any]] = {"issues": [], "isLast": False, "nextPageToken": "again"}
    writes: ClassVar[dict[str, tuple[str, str]]] = {
        "add annotation": ("POST", r"(/ex/jira/[^/]+)?/rest/api/3/issue/\d+/comment"),
        "edit annotation": ("PUT", r"(/ex/jira/[^/]+)?/rest/api/3/issue/\d+/comment/\d+"),
        "link": ("POST", r"(/ex/jira/[^/]+)?/rest/api/3/issue/\d+/remotelink"),
        "unlink": ("DELETE", r"(/ex/jira/[^/]+)?/rest/api/3/issue/\d+/remotelink"),
        "create": ("POST", r"(/ex/jira/[^/]+)?/rest/api/3/issue"),
    }
    repeatable = frozenset({"edit annotation", "link", "unlink"})

    def __init__(self) -> None:
        super().__init__()
        self.client.load(
            "jira",
            {
                "settings": self.settings,
                "tokens": {OAUTH_TOKEN: ["read:jira-work", "write:jira-work"]},
                "projects": [{"key": "FLD", "name": "Field"}, {"key": "OPS", "name": "Operations"}],
            },
        )

    def tracker(
        self, *, token: str | None = None, url: str | None = None, timeout_s: float = 30
    ) -> JiraTracker:
        """Return the adapter."""
        return JiraTracker(
            url or self.address,
            self.credentials(token),
            ["FLD"],
            per_page=PER_PAGE,
            sleep=self.sleep,
            now=lambda: self.clock.now().timestamp(),
            timeout_s=(timeout_s, timeout_s),
        )

    @property
    def address(self) -> str:
        """Return where the API is."""
        return self.url

    def credentials(self, token: str | None) -> StaticCredentials:
        """Return what signs requests."""
        return StaticCredentials.basic(Settings().email, token or Settings().api_token)

    def write(self, key: str, title: str = "A title", body: str = "A body") -> str:
        """Load it."""
        self._load({"key": key, "summary": title, "description": body})
        return str(self._issue(key)["id"])

    def finish(self, key: str) -> None:
        """Set its status."""
        self._load({"key": key, "status": "Released", "statusCategory": "done"})

    def move(self, key: str, to: str) -> None:
        """Give the id another key."""
        self._load({"id": self._issue(key)["id"], "key": to})

    def delete(self, key: str) -> None:
        """Drop it."""
        self.client.load("jira", {"deleted": [key]})

    def comment(self, key: str, words: str) -> None:
        """Load a comment of Mia's."""
        self._load({"key": key, "comments": [{"author": "Mia Krystof", "body": words}]})

    def remove_annotations(self, key: str) -> None:
        """Empty the list of comments."""
        with self.sandbox.stand_ins["jira"].lock:
            site = self._site()
            site.issues[site.keys[key]].comments.clear()

    def spoil(self, key: str) -> None:
        """Lose its title's type."""
        self._load({"key": key, "summary": "spoiled", "status": None})

    def annotations(self, key: str) -> list[Shown]:
        """Return the comments with our marker."""
        ours = [c for c in self._issue(key)["comments"] if "voc.annotation" in c["properties"]]
        return [
            Shown(c["id"] + ":again" * c["properties"]["voc.annotation"]["again"], c["text"], c["mails"])
            for c in ours
        ]

    def links(self, key: str) -> dict[str, str]:
        """Return the remote links."""
        return {link["globalId"]: link["object"]["title"] for link in self._issue(key)["links"]}

    def require_fields(self) -> Mapping[str, str | tuple[str, ...]]:
        """Set up a field of each kind, and one that only a bug has."""
        fields = [
            {"id": f"customfield_{number}", "name": name, "required": True, **facts}
            for number, (name, facts) in enumerate(REQUIRED.items(), start=10_061)
        ]
        self.client.load("jira", {"settings": {"fields": fields}})
        return {
            "customfield_10061": "Two  words",
            "customfield_10062": "First\nsecond",
            "customfield_10063": "2.5",
            "customfield_10064": "2026-12-24",
            "customfield_10065": "11",
            "customfield_10066": ("21", "22"),
        }

    def values(self, key: str) -> dict[str, Any]:
        """Return the values of the site's own fields, texts as they are read."""
        values, site = dict(self._issue(key)["values"]), self._site()
        values["customfield_10062"] = site.markup.plain(values["customfield_10062"])
        return values

    def titles(self) -> Sequence[str]:
        """Return the summaries."""
        return [issue["summary"] for issue in self.client.state("jira")["issues"]]

    def _load(self, issue: dict[str, Any]) -> None:
        now = {"updated": self.clock.now().isoformat()}
        self.client.load("jira", {"issues": [now | issue]})

    def _issue(self, key: str) -> dict[str, Any]:
        return next(i for i in self.client.state("jira")["issues"] if i["key"] == key)

    def _site(self) -> Any:
        stand_in = self.sandbox.stand_ins["jira"]
        assert isinstance(stand_in, JiraStandIn)
        return stand_in.site


class JiraGateway(JiraCloud):
    """Jira Cloud, by OAuth at the gateway."""

    @property
    def address(self) -> str:
        """Return the gateway's."""
        return f"{self.url}/ex/jira/{CLOUD_ID}"

    def credentials(self, token: str | None) -> StaticCredentials:
        """Return an access token."""
        return StaticCredentials.bearer(token or OAUTH_TOKEN)


class JiraScoped(JiraGateway):
    """Jira Cloud, by an API token with scopes at the gateway."""

    settings: ClassVar[dict[str, Any]] = {
        "search_lag_s": 60,
        "scoped": True,
        "scopes": ["read:jira-work", "write:jira-work"],
    }

    def credentials(self, token: str | None) -> StaticCredentials:
        """Return the token with its e-mail address."""
        return StaticCredentials.basic(Settings().email, token or Settings().api_token)


class JiraDataCenter(JiraCloud):
    """Jira Data Center, by a personal access token."""

    stand_in = JiraServerStandIn
    listing = "/rest/api/2/search"
    endless: ClassVar[dict[str, Any]] = {"issues": [], "startAt": 0, "maxResults": 3, "total": 9}
    writes: ClassVar[dict[str, tuple[str, str]]] = {
        name: (method, path.replace("/3/", "/2/")) for name, (method, path) in JiraCloud.writes.items()
    }
    settings: ClassVar[dict[str, Any]] = {}  # the index is as new as the issues
    edits_quietly = False

    def credentials(self, token: str | None) -> StaticCredentials:
        """Return a personal access token."""
        return StaticCredentials.bearer(token or Settings().personal_token)


JIRA_SITES: list[type[TrackerUnderTest]] = [JiraCloud, JiraGateway, JiraScoped, JiraDataCenter]
