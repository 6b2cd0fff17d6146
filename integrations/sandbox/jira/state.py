"""What a Jira site holds: projects, issues with comments and remote links, and how the site is set up."""

from __future__ import annotations

import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.jira.markup import Body, Documents, Markup

PERMISSIONS = (
    "BROWSE_PROJECTS",
    "CREATE_ISSUES",
    "EDIT_ISSUES",
    "ADD_COMMENTS",
    "EDIT_OWN_COMMENTS",
    "DELETE_OWN_COMMENTS",
    "LINK_ISSUES",
    "ADMINISTER_PROJECTS",
    "ADMINISTER",
)
ADMINS = frozenset({"ADMINISTER_PROJECTS", "ADMINISTER"})
CATEGORIES = {"new": (2, "To Do"), "indeterminate": (4, "In Progress"), "done": (3, "Done")}
US = "Voc"


@dataclass(frozen=True, slots=True)
class CustomField:
    """A field of the site's own. type: string, number, date, option, array…; editable: it is on the screens.

    items: what an array holds; custom: the end of the type's name, e.g. ":textarea"; choices: name by id;
    only_for: the one kind of issue that has it, "" for all.
    """

    id: str
    name: str
    type: str = "string"
    required: bool = False
    editable: bool = True
    items: str = ""
    custom: str = ""
    choices: Mapping[str, str] = field(default_factory=dict)
    only_for: str = ""


@dataclass(slots=True)
class Token:
    """An OAuth access token. expires_at: None for never."""

    scopes: frozenset[str]
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the site treats us.

    scoped: the API token has `scopes` and works at the gateway only. personal_token: Data Center's.
    search_lag_s: how long search shows the state before a write. most_comments and most_links: per issue, as
    support.atlassian.com gives them for Jira Cloud. admin: we administer Jira and its projects.
    quota: calls that an hour takes, None for a token that is not counted.
    most_on_a_page: of a search on Data Center, which its administrator can change.
    """

    email: str = "voc@acme.example"
    api_token: str = "jira-api-token"  # noqa: S105 - the stand-in's own
    personal_token: str = "jira-personal-token"  # noqa: S105 - the stand-in's own
    scoped: bool = False
    scopes: frozenset[str] = frozenset({"read:jira-work", "write:jira-work", "read:jira-user"})
    admin: bool = False
    fields: tuple[CustomField, ...] = ()
    quota: int | None = None
    most_on_a_page: int = 1000
    denied: frozenset[str] = frozenset()
    issue_linking: bool = True
    search_lag_s: float = 0.0
    time_zone: str = "Australia/Sydney"
    most_comments: int = 5000
    most_links: int = 2000
    watchers: int = 3


@dataclass(slots=True, kw_only=True)
class Project:
    """type: software, service_desk or business. hidden: no permission of ours reaches it."""

    id: int
    key: str
    name: str
    type: str = "software"
    hidden: bool = False
    last_number: int = 0


@dataclass(slots=True, kw_only=True)
class Comment:
    """mails: how many watchers were written to because of it, edits included."""

    id: int
    author: str
    body: Body
    created: datetime
    updated: datetime
    properties: dict[str, Any] = field(default_factory=dict)
    visibility: Any = None
    edits: int = 0
    mails: int = 0


@dataclass(slots=True, kw_only=True)
class RemoteLink:
    """A link as it was last sent."""

    id: int
    global_id: str | None
    request: dict[str, Any]


@dataclass(slots=True, kw_only=True)
class Issue:
    """values: of the site's own fields; mails: how many watchers were written to because they changed.

    indexed: what search shows until it has caught up with the write at changed_at, None for nothing.
    """

    id: int
    key: str
    project: Project
    summary: str
    created: datetime
    updated: datetime
    description: Body | None = None
    status: str = "To Do"
    category: str = "new"
    resolved: datetime | None = None
    labels: tuple[str, ...] = ()
    components: tuple[str, ...] = ()
    issuetype: str = "Task"
    priority: str = "Medium"
    comments: dict[int, Comment] = field(default_factory=dict)
    links: dict[int, RemoteLink] = field(default_factory=dict)
    values: dict[str, Any] = field(default_factory=dict)
    mails: int = 0
    indexed: Issue | None = None
    changed_at: datetime | None = None


class Site:
    """The state, and the look-ups over it.

    api: where REST is; tokens: OAuth's, by their text; duplicates: which issues an issue is said to repeat.
    """

    def __init__(
        self,
        clock: SandboxClock,
        api: str = "/rest/api/3",
        markup: Markup | None = None,
        is_cloud: bool = True,
    ) -> None:
        self.clock, self.settings = clock, Settings()
        self.api, self.is_cloud = api, is_cloud
        self.markup: Markup = markup or Documents()
        self.tokens: dict[str, Token] = {}
        self.duplicates: dict[int, tuple[int, ...]] = {}
        self.projects: dict[str, Project] = {}
        self.issues: dict[int, Issue] = {}
        self.keys: dict[str, int] = {}  # old keys of moved issues too
        self.knows_us = True  # whether the request under way is signed in
        self._ids = {kind: count(10_000) for kind in ("project", "issue", "comment", "link")}

    def set_up(self, settings: Mapping[str, Any]) -> None:
        """Change settings. Raises TypeError for unknown ones."""
        given = dict(settings)
        for name in {"denied", "scopes"} & given.keys():
            given[name] = frozenset(given[name])
        if "fields" in given:
            given["fields"] = tuple(CustomField(**one) for one in given["fields"])
        self.settings = replace(self.settings, **given)

    def new_id(self, kind: str) -> int:
        """Return the next id of that kind."""
        return next(self._ids[kind])

    def may(self, permission: str) -> bool:
        """Return whether our account has the permission."""
        if permission in ADMINS and not self.settings.admin:
            return False
        return permission not in self.settings.denied

    def project(self, key_or_id: str) -> Project | None:
        """Return a project that our account can see. Keys count with their case."""
        found = (p for p in self.projects.values() if key_or_id in (p.key, str(p.id)))
        project = next(found, None)
        return project if project and self.sees(project) else None

    def sees(self, project: Project) -> bool:
        """Return whether our account may browse the project."""
        return self.knows_us and not project.hidden and self.may("BROWSE_PROJECTS")

    def issue(self, key_or_id: str) -> Issue | None:
        """Return an issue that our account can see, by id, key in any case, or key before a move."""
        found = self.keys.get(key_or_id.upper(), int(key_or_id) if key_or_id.isdecimal() else -1)
        issue = self.issues.get(found)
        return issue if issue and self.sees(issue.project) else None

    def comment(self, comment_id: str) -> tuple[Issue, Comment] | None:
        """Return a comment with its issue."""
        wanted = int(comment_id) if comment_id.isdecimal() else -1
        for issue in self.issues.values():
            if wanted in issue.comments and self.sees(issue.project):
                return issue, issue.comments[wanted]
        return None

    def touch(self, issue: Issue) -> None:
        """Note, before a write, what search goes on showing until its index has caught up."""
        now = self.clock.now()
        if self.settings.search_lag_s and self._is_settled(issue):
            issue.indexed = copy.copy(issue) if issue.id in self.issues else None
        issue.changed_at = issue.updated = now

    def searchable(self, reconciled: Iterable[int]) -> list[Issue]:
        """Return the visible issues as search sees them. reconciled: ids that are wanted as they are now."""
        exact = set(reconciled)
        seen = (i if i.id in exact or self._is_settled(i) else i.indexed for i in self.issues.values())
        return [issue for issue in seen if issue is not None and self.sees(issue.project)]

    def _is_settled(self, issue: Issue) -> bool:
        lag = timedelta(seconds=self.settings.search_lag_s)
        return issue.changed_at is None or self.clock.now() >= issue.changed_at + lag
