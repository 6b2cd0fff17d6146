"""What a new issue needs in its project: asked before it is made, and told by the names that people know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bot.domain.annotation import TicketDraft
from bot.domain.asking import FieldKind, TicketField, TicketForm
from bot.errors import AnswerError, FieldsError, NotFoundError
from integrations.jira.asking import answered, asked
from integrations.jira.client import VENDOR
from integrations.jira.deployment import MOST_AT_ONCE, Deployment, Record, listed
from integrations.jira.mapping import MISREAD, new_issue

DOING, ASKING = "creating a ticket", "reading what a ticket needs"
KIND = "issuetype"
OURS = frozenset({"project", KIND, "summary", "description", "labels"})


@dataclass(frozen=True, slots=True)
class Creation:
    """How issues are made at a site.

    issue_type: the name of what people get who choose no kind. extra: further fields, by id or by name, for
    whoever has them.
    """

    at: Deployment
    issue_type: str
    extra: Mapping[str, Any]

    def form(self, project: str, kind: str, site_url: str) -> TicketForm:
        """Return what is asked. kind: an id, "" for the usual one, else the first."""
        try:
            kinds = self._kinds(project)
            chosen = kind or self._usual(kinds) or next(iter(kinds), "")
            fields = [asked(one) for one in self._required(self._known(project, chosen))] if chosen else []
            is_all = all(field.kind is not FieldKind.OTHER for field in fields)
            url = "" if is_all else self._by_hand(project, chosen, site_url)
            return TicketForm(kinds=tuple(kinds.items()), kind=chosen, fields=tuple(fields), url=url)
        except NotFoundError:
            return TicketForm()  # before Data Center 8.4 there is nobody to ask
        except MISREAD as exc:
            raise AnswerError(VENDOR, ASKING, type(exc).__name__) from exc

    def fields(self, draft: TicketDraft) -> dict[str, Any]:
        """Return the fields of the issue to make.

        Raises AnswerError for a kind of issue that the project lacks, and FieldsError for a required field
        that is not given or an answer that Jira would refuse.
        """
        given = {**new_issue(draft, self.at.body_of(draft.body)), KIND: {"name": self.issue_type}}
        try:
            kinds = self._kinds(draft.project)
            kind = draft.kind or self._usual(kinds)
            if kind not in kinds:
                names = ", ".join(sorted(kinds.values()))
                lacks = f"{draft.project} has no issue type {draft.kind or self.issue_type}, only {names}"
                raise AnswerError(VENDOR, DOING, lacks)
            known = self._known(draft.project, kind)
            return self._whole({**given, KIND: {"id": kind}}, draft, known)
        except NotFoundError:
            return {**given, **self.extra}
        except MISREAD as exc:
            raise AnswerError(VENDOR, DOING, type(exc).__name__) from exc

    def _whole(self, given: dict[str, Any], draft: TicketDraft, known: Sequence[Record]) -> dict[str, Any]:
        names = {str(one["name"]).lower(): str(one["fieldId"]) for one in known}
        ids = {field: field for field in names.values()} | names
        extra = {ids[name]: value for name, value in self._extra().items() if name in ids}
        answers = _answers(self.at, draft, {str(one["fieldId"]): asked(one) for one in known})
        fields = {**given, **extra, **answers}
        required = {str(one["fieldId"]): str(one["name"]) for one in self._required(known)}
        if missing := {field: name for field, name in required.items() if field not in fields}:
            told = ", ".join(sorted(missing.values()))
            detail = f"{draft.project} also requires {told}: set them under [jira.create_fields]"
            raise FieldsError(VENDOR, DOING, detail, fields=dict.fromkeys(missing, ""))
        if "labels" not in ids:
            # Without its label, what an uncertain try made could not be found again.
            detail = f"{draft.project} has no field Labels on its create screen: add it there"
            raise AnswerError(VENDOR, DOING, detail)
        return fields

    def _required(self, known: Sequence[Record]) -> list[Record]:
        """Return the fields that somebody must fill in: neither Jira, nor Voc, nor the settings do."""
        extra = self._extra()
        return [
            one
            for one in known
            if one["required"]
            and not one.get("hasDefaultValue")
            and one["fieldId"] not in OURS
            and not {str(one["fieldId"]).lower(), str(one["name"]).lower()} & extra.keys()
        ]

    def _extra(self) -> dict[str, Any]:
        return {name.lower(): value for name, value in self.extra.items()}

    def _usual(self, kinds: Mapping[str, str]) -> str:
        """Return the id of the settings' kind of issue, "" where the project lacks it."""
        named = (id_ for id_, name in kinds.items() if name.lower() == self.issue_type.lower())
        return next(named, "")

    def _kinds(self, project: str) -> dict[str, str]:
        """Return the name of each kind that stands by itself, by id."""
        found = _pages(self.at, _path(self.at, project), self.at.kinds)
        return {str(one["id"]): str(one["name"]) for one in found if not one.get("subtask")}

    def _known(self, project: str, kind: str) -> list[Record]:
        path = f"{_path(self.at, project)}/{quote(kind, safe='')}"
        return list(_pages(self.at, path, self.at.fields))

    def _by_hand(self, project: str, kind: str, site_url: str) -> str:
        answer = self.at.http.get(f"{self.at.api}/project/{quote(project, safe='')}", ASKING)
        number = quote(str(answer["id"]), safe="")
        return f"{site_url}/secure/CreateIssue.jspa?pid={number}&issuetype={quote(kind, safe='')}"


def _answers(at: Deployment, draft: TicketDraft, known: Mapping[str, TicketField]) -> dict[str, Any]:
    """Return what people answered, as Jira takes it. Raises FieldsError for what is no answer."""
    found = {
        name: answered(at, known[name], answer) if name in known and name not in OURS else None
        for name, answer in draft.fields.items()
    }
    if wrong := [name for name, value in found.items() if value is None]:
        detail = f"no answer to {', '.join(sorted(wrong))}"
        raise FieldsError(VENDOR, DOING, detail, fields=dict.fromkeys(wrong, ""))
    return found


def _path(at: Deployment, project: str) -> str:
    return f"{at.api}/issue/createmeta/{quote(project, safe='')}/issuetypes"


def _pages(at: Deployment, path: str, name: str) -> Iterator[Record]:
    start = 0
    while True:
        answer = at.http.get(path, ASKING, {"startAt": start, "maxResults": MOST_AT_ONCE})
        page = listed(answer, name, ASKING)
        yield from page
        start += len(page)
        if not page or start >= answer.get("total", 0):
            return
