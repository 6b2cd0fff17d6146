"""What a Linear workspace holds: teams, issues with all that hangs on them, customers and their needs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.linear.planning import Project, State, workflow
from integrations.sandbox.linear.refusals import conflict, invalid, not_found

SCOPES = ("read", "write", "issues:create", "comments:create", "customer:read", "customer:write")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """How the workspace treats us. customers_enabled: whether the plan has customer requests.

    api_key_scopes: what the key was made with, None for all.
    """

    name: str = "Acme"
    url_key: str = "acme"
    api_key: str = "lin_api_stand_in"
    api_key_scopes: tuple[str, ...] | None = None
    customers_enabled: bool = True


@dataclass(frozen=True, slots=True)
class Token:
    """An OAuth access token. expires_at: None for never."""

    scopes: tuple[str, ...] = SCOPES
    expires_at: datetime | None = None


@dataclass(slots=True, kw_only=True)
class Team:
    """hidden: private, and our account is no member."""

    id: str
    key: str
    name: str
    hidden: bool = False
    last_number: int = 0
    states: dict[str, State] = field(default_factory=workflow)


@dataclass(frozen=True, slots=True, kw_only=True)
class Label:
    """team: None for a label of the whole workspace. is_group: one of its labels is put on issues, not it."""

    id: str
    name: str
    team: Team | None = None
    is_group: bool = False
    parent: Label | None = None


@dataclass(slots=True, kw_only=True)
class Comment:
    """is_deleted: nobody sees it, but its id stays taken."""

    id: str
    body: str
    author: str
    created_at: datetime
    updated_at: datetime
    edited_at: datetime | None = None
    is_deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Attachment:
    """An address on an issue, each once."""

    id: str
    url: str
    title: str
    created_at: datetime
    subtitle: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Relation:
    """type: how `issue` stands to `related_issue`: blocks, duplicate (it is one of it), related, similar."""

    id: str
    type: str
    issue: Issue
    related_issue: Issue


@dataclass(slots=True, kw_only=True, eq=False)
class Issue:
    """description: Markdown. created_at may be a text that is no time, to spoil the answer."""

    id: str
    team: Team
    number: int
    title: str
    state: State
    created_at: datetime | str
    updated_at: datetime
    url_key: str
    description: str | None = None
    archived_at: datetime | None = None
    completed_at: datetime | None = None
    canceled_at: datetime | None = None
    trashed: bool | None = None
    priority: int = 0
    labels: list[Label] = field(default_factory=list)
    project: Project | None = None
    assignee: dict[str, Any] | None = None
    previous_identifiers: list[str] = field(default_factory=list)
    relations: list[Relation] = field(default_factory=list)
    comments: dict[str, Comment] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)

    @property
    def identifier(self) -> str:
        """The key, for people."""
        return f"{self.team.key}-{self.number}"

    @property
    def url(self) -> str:
        """The address."""
        return f"https://linear.app/{self.url_key}/issue/{self.identifier}"

    @property
    def label_ids(self) -> list[str]:
        """The ids of the labels."""
        return [label.id for label in self.labels]


@dataclass(slots=True, kw_only=True)
class Customer:
    """A company. domains and external_ids: each in one customer only."""

    id: str
    name: str
    domains: list[str] = field(default_factory=list)
    external_ids: list[str] = field(default_factory=list)
    revenue: int | None = None
    size: int | None = None


@dataclass(slots=True, kw_only=True)
class Need:
    """A customer request."""

    id: str
    issue: Issue
    created_at: datetime
    body: str | None = None
    priority: float = 0.0
    customer: Customer | None = None
    attachment: Attachment | None = None
    archived_at: datetime | None = None

    @property
    def url(self) -> str | None:
        """The address of the source."""
        return self.attachment.url if self.attachment else None


class Workspace:
    """The state, and the look-ups over it."""

    def __init__(self, clock: SandboxClock) -> None:
        self.clock, self.settings = clock, Settings()
        self.tokens: dict[str, Token] = {}
        self.id = str(uuid4())
        self.teams: dict[str, Team] = {}
        self.labels: dict[str, Label] = {}
        self.projects: dict[str, Project] = {}
        self.issues: dict[str, Issue] = {}
        self.keys: dict[str, str] = {}  # identifier to id, those from before a move too
        self.customers: dict[str, Customer] = {}
        self.needs: dict[str, Need] = {}
        self._last = clock.now()

    def set_up(self, settings: Mapping[str, Any]) -> None:
        """Change settings. Raises TypeError for unknown ones."""
        self.settings = replace(self.settings, **settings)

    def now(self) -> datetime:
        """Return the time, to the millisecond; two changes never share one while the clock stands still."""
        now = self.clock.now()
        self._last = max(
            now.replace(microsecond=now.microsecond // 1000 * 1000), self._last + timedelta(milliseconds=1)
        )
        return self._last

    def visible(self) -> Iterator[Issue]:
        """Yield the issues that our account can see."""
        return (issue for issue in self.issues.values() if not issue.team.hidden)

    def issue(self, key_or_id: str) -> Issue:
        """Return an issue by id, identifier, or an identifier from before it was moved."""
        found = self.issues.get(self.keys.get(key_or_id.upper(), key_or_id))
        if found is None or found.team.hidden:
            raise not_found("Issue")
        return found

    def keep(self, issue: Issue) -> None:
        """Have the issue found by its id and its identifier."""
        self.issues[issue.id] = issue
        self.keys[issue.identifier] = issue.id

    def comment(self, id_: str) -> tuple[Issue, Comment]:
        """Return a comment with its issue."""
        for issue in self.visible():
            if (found := issue.comments.get(id_)) and not found.is_deleted:
                return issue, found
        raise not_found("Comment")

    def need(self, id_: str) -> Need:
        """Return a need, archived or not."""
        found = self.needs.get(id_)
        if found is None or found.issue.team.hidden:
            raise not_found("CustomerNeed")
        return found

    def new_id(self, kind: str, wanted: str | None) -> str:
        """Return the wanted id, or one of ours. Refuses one that is no UUID v4, or that is taken."""
        if wanted is None:
            return str(uuid4())
        try:
            is_v4 = UUID(wanted).version == 4 and str(UUID(wanted)) == wanted
        except ValueError:
            is_v4 = False
        if not is_v4:
            raise invalid("id must be a UUID.")
        if wanted in self._taken(kind):
            raise conflict(kind, wanted)
        return wanted

    def _taken(self, kind: str) -> set[str]:
        if kind == "Comment":
            return {id_ for issue in self.issues.values() for id_ in issue.comments}
        if kind == "Attachment":
            return {one.id for issue in self.issues.values() for one in issue.attachments.values()}
        kept: dict[str, Mapping[str, Any]] = {
            "Issue": self.issues,
            "CustomerNeed": self.needs,
            "Customer": self.customers,
        }
        return set(kept[kind])

    def put_in_state(self, issue: Issue, kind: str, since: datetime | None = None) -> None:
        """Change an issue's state, with the times that go with it. since: now by default."""
        now = since or self.clock.now()
        issue.state = issue.team.states[kind]
        issue.completed_at = (issue.completed_at or now) if kind == "completed" else None
        issue.canceled_at = (issue.canceled_at or now) if kind in ("canceled", "duplicate") else None
