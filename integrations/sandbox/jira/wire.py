"""Jira's records as JSON, which all of its endpoints share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from integrations.sandbox.jira.loading import is_public
from integrations.sandbox.jira.refusals import NO_ISSUE, Json, Refused
from integrations.sandbox.jira.state import CATEGORIES, US, Comment, Issue, Project, RemoteLink, Site

NAVIGABLE = frozenset(
    """summary description status created updated resolutiondate labels components issuetype priority
    project issuelinks assignee""".split()
)


@dataclass(frozen=True, slots=True)
class Wire:
    """Records as JSON. base_url: asked when a link is written, since the port is known late."""

    site: Site
    base_url: Callable[[], str]

    @property
    def api(self) -> str:
        """Where REST is."""
        return self.site.api

    def issue(self, key_or_id: str) -> Issue:
        """Return an issue that our account can see, or refuse."""
        issue = self.site.issue(key_or_id)
        if issue is None:
            raise Refused(404, NO_ISSUE)
        return issue

    def url(self, path: str) -> str:
        """Return an API URL."""
        return f"{self.base_url()}{self.api}/{path}"

    def time(self, moment: datetime) -> str:
        """Return a time as Jira writes it: in the account's zone."""
        local = moment.astimezone(ZoneInfo(self.site.settings.time_zone))
        return f"{local:%Y-%m-%dT%H:%M:%S}.{local.microsecond // 1000:03d}{local:%z}"

    def user(self, name: str) -> Json:
        """Return a user; ours is US."""
        if not self.site.is_cloud:
            return self._server_user(name)
        account = "712020:" + name.lower().replace(" ", "-")
        return {
            "self": self.url(f"user?accountId={account}"),
            "accountId": account,
            "accountType": "atlassian",
            "active": True,
            "displayName": name,
            "timeZone": self.site.settings.time_zone,
        }

    def _server_user(self, name: str) -> Json:
        login = name.lower().replace(" ", ".")
        return {
            "self": self.url(f"user?username={login}"),
            "name": login,
            "key": f"JIRAUSER-{login}",
            "active": True,
            "displayName": name,
            "timeZone": self.site.settings.time_zone,
        }

    def project(self, project: Project) -> Json:
        """Return a project, the part that issues carry too."""
        return {
            "self": self.url(f"project/{project.id}"),
            "id": str(project.id),
            "key": project.key,
            "name": project.name,
            "projectTypeKey": project.type,
            "simplified": False,
        }

    def whole_issue(self, issue: Issue, fields: list[str]) -> Json:
        """Return an issue with the wanted fields (names, *all, *navigable, -name); "id" alone: none."""
        wanted = {name for name in fields if not name.startswith("-")}
        if wanted & {"*all", "*navigable"} or (fields and not wanted):
            wanted |= NAVIGABLE
        wanted -= {name[1:] for name in fields if name.startswith("-")}
        record = {"id": str(issue.id)}
        if wanted - {"id"}:
            record |= {"expand": "", "self": self.url(f"issue/{issue.id}"), "key": issue.key}
        chosen = {name: value for name, value in self._fields(issue).items() if name in wanted}
        return {**record, "fields": chosen} if chosen else {**record}

    def _fields(self, issue: Issue) -> Json:
        number, name = CATEGORIES[issue.category]
        category = {
            "self": self.url(f"statuscategory/{number}"),
            "id": number,
            "key": issue.category,
            "name": name,
        }
        return {
            "summary": issue.summary,
            "description": issue.description,
            "status": {
                "self": self.url("status/1"),
                "id": "1",
                "name": issue.status,
                "statusCategory": category,
            },
            "created": self.time(issue.created),
            "updated": self.time(issue.updated),
            "resolutiondate": self.time(issue.resolved) if issue.resolved else None,
            "labels": list(issue.labels),
            "components": [{"self": self.url("component/1"), "id": "1", "name": n} for n in issue.components],
            "issuetype": {
                "self": self.url("issuetype/1"),
                "id": "1",
                "name": issue.issuetype,
                "subtask": False,
            },
            "priority": {"self": self.url("priority/3"), "id": "3", "name": issue.priority},
            "project": self.project(issue.project),
            "assignee": self._assignee(issue),
            "issuelinks": [*self._duplicates(issue)],
            **{field.id: issue.values.get(field.id) for field in self.site.settings.fields},
        }

    def _assignee(self, issue: Issue) -> Json | None:
        if not issue.assignee:
            return None
        email = {"emailAddress": issue.assignee_email} if issue.assignee_email else {}
        return {**self.user(issue.assignee), **email}

    def _duplicates(self, issue: Issue) -> Iterator[Json]:
        """Yield the links of the type Duplicate that touch the issue, from either end."""
        for source, survivors in self.site.duplicates.items():
            for target in survivors:
                if issue.id == source:
                    yield from self._link(source, target, "outwardIssue", target)
                elif issue.id == target:
                    yield from self._link(source, target, "inwardIssue", source)

    def _link(self, source: int, target: int, end: str, shown: int) -> Iterator[Json]:
        linked = self.site.issues.get(shown)
        if linked is not None and self.site.sees(linked.project):
            number = f"{source}{target}"
            kind = {
                "id": "10002",
                "name": "Duplicate",
                "inward": "is duplicated by",
                "outward": "duplicates",
                "self": self.url("issueLinkType/10002"),
            }
            there = {"id": str(shown), "key": linked.key, "self": self.url(f"issue/{shown}")}
            yield {"id": number, "self": self.url(f"issueLink/{number}"), "type": kind, end: there}

    def comment(self, issue: Issue, comment: Comment, *, with_properties: bool = False) -> Json:
        """Return a comment."""
        record: Json = {
            "self": self.url(f"issue/{issue.id}/comment/{comment.id}"),
            "id": str(comment.id),
            "author": self.user(comment.author),
            "body": comment.body,
            "updateAuthor": self.user(comment.author),
            "created": self.time(comment.created),
            "updated": self.time(comment.updated),
        }
        if self.site.is_cloud:
            record["jsdPublic"] = is_public(issue, comment)
        if comment.visibility is not None:
            record["visibility"] = comment.visibility
        if with_properties:
            record["properties"] = [{"key": key, "value": value} for key, value in comment.properties.items()]
        return record

    def link(self, issue: Issue, link: RemoteLink) -> Json:
        """Return a remote link; what the last request left out is gone."""
        record = {"id": link.id, "self": self.url(f"issue/{issue.key}/remotelink/{link.id}"), **link.request}
        return record if link.global_id is None else {**record, "globalId": link.global_id}


def is_ours(comment: Comment) -> bool:
    """Return whether our account wrote the comment."""
    return comment.author == US
