"""What a new issue may have beside its title: told for a team, and looked at again when the issue is made."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from bot.domain.annotation import TicketDraft
from bot.domain.asking import FieldKind, TicketField, TicketForm
from bot.errors import AnswerError, FieldsError, NotFoundError
from bot.i18n import t
from integrations.linear import documents
from integrations.linear.client import MISREAD, VENDOR, Json, LinearHttp
from integrations.linear.mapping import new_issue
from integrations.pages import Tokens

DOING, ASKING = "creating a ticket", "reading what a ticket may have"
STATE, PRIORITY, LABELS, PROJECT = "stateId", "priority", "labelIds", "projectId"
# A workflow in the order in which people see it. A duplicate has an original, which nobody names here.
STAGES = ("triage", "backlog", "unstarted", "started", "completed", "canceled")


class Creation:
    """How issues are made in a workspace. Linear requires a team and a title; all else may be left out."""

    def __init__(self, http: LinearHttp) -> None:
        self._http = http

    def form(self, team: str) -> TicketForm:
        """Return what may be chosen; without a state, Linear takes the team's own."""
        return TicketForm(fields=tuple(one for one in self._fields(team, ASKING) if one.choices))

    def issue(self, draft: TicketDraft) -> Json:
        """Return the input that makes the issue, with those of the draft's labels that there are.

        Raises FieldsError for a choice that there is not.
        """
        chosen = self._chosen(draft) if draft.fields else {}
        team, labels = self._team(draft)
        labels += chosen.pop(LABELS, [])
        return {**new_issue(draft, team, labels), **chosen}

    def _chosen(self, draft: TicketDraft) -> dict[str, Any]:
        known = {field.id: field for field in self._fields(draft.project, DOING)}
        found = {name: _answered(known.get(name), answer) for name, answer in draft.fields.items()}
        if wrong := [name for name, value in found.items() if value is None]:
            said = {name: t("This choice is no longer there.") if name in known else "" for name in wrong}
            raise FieldsError(VENDOR, DOING, f"no answer to {', '.join(sorted(wrong))}", fields=said)
        return found

    def _fields(self, team: str, doing: str) -> list[TicketField]:
        data = self._http.ask(documents.FORM, doing, key=team)
        try:
            teams = data["teams"]["nodes"]
            if not teams:
                raise NotFoundError(VENDOR, doing, "the team is not there")
            labels = self._all(data, _labels, documents.LABELS, doing, team)
            projects = self._all(data, _projects, documents.PROJECTS, doing, team)
            return list(_asked(teams[0], data["issuePriorityValues"], list(labels), list(projects)))
        except MISREAD as exc:
            raise AnswerError(VENDOR, doing, type(exc).__name__) from exc

    def _all(
        self, data: Json, find: Callable[[Json], Json], document: str, doing: str, team: str
    ) -> Iterator[Json]:
        """Yield all rows. find: their connection in an answer; data: the first; document: for the next."""
        tokens, page = Tokens(VENDOR, doing), find(data)
        while True:
            yield from page["nodes"]
            if not page["pageInfo"]["hasNextPage"]:
                return
            after = tokens.next(page["pageInfo"]["endCursor"])
            page = find(self._http.ask(document, doing, key=team, after=after))

    def _team(self, draft: TicketDraft) -> tuple[str, list[str]]:
        """Return the team's id, and those of the labels that it or the workspace has, one a name."""
        data = self._http.ask(documents.TEAM, DOING, key=draft.project, labels=list(draft.labels))
        try:
            teams, labels = data["teams"]["nodes"], data["issueLabels"]["nodes"]
            usable = {
                label["name"]: str(label["id"])
                for label in labels
                if label["team"] is None or label["team"]["key"] == draft.project
            }
            if not teams:
                raise NotFoundError(VENDOR, DOING, "the team is not there")
            return str(teams[0]["id"]), list(usable.values())
        except MISREAD as exc:
            raise AnswerError(VENDOR, DOING, type(exc).__name__) from exc


def _labels(data: Json) -> Json:
    labels: Json = data["issueLabels"]
    return labels


def _projects(data: Json) -> Json:
    projects: Json = data["teams"]["nodes"][0]["projects"]
    return projects


def _asked(
    team: Json, priorities: Sequence[Json], labels: Sequence[Json], projects: Sequence[Json]
) -> Iterator[TicketField]:
    """Yield what may be chosen, in the order in which it is asked."""
    states = [one for one in team["states"]["nodes"] if one["type"] in STAGES]
    states.sort(key=lambda one: (STAGES.index(one["type"]), one["position"]))
    yield _field(STATE, t("Status"), [(one["id"], one["name"]) for one in states])
    known = [(one["priority"], one["label"]) for one in priorities]
    yield _field(PRIORITY, t("Priority"), [one for one in known if one[0]])  # 0 is none, as left out
    yield _field(LABELS, t("Labels"), _by_name((one["id"], _named(one)) for one in labels), FieldKind.CHOICES)
    yield _field(PROJECT, t("Project in Linear"), _by_name((one["id"], one["name"]) for one in projects))


def _by_name(choices: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    return sorted(choices, key=lambda one: one[1].casefold())


def _named(label: Json) -> str:
    """Return a label's name after that of its group, of whose labels an issue has one at the most."""
    return f"{label['parent']['name']}: {label['name']}" if label["parent"] else str(label["name"])


def _field(
    id_: str, name: str, choices: Sequence[tuple[Any, str]], kind: FieldKind = FieldKind.CHOICE
) -> TicketField:
    told = tuple((str(one), str(label)) for one, label in choices)
    return TicketField(id=id_, name=name, kind=kind, choices=told, optional=True)


def _answered(field: TicketField | None, answer: str | tuple[str, ...]) -> Any:
    """Return the answer as Linear takes it, None for one that is none of the choices."""
    chosen = [answer] if isinstance(answer, str) else list(answer)
    if field is None or not chosen or not set(chosen) <= dict(field.choices).keys():
        return None
    if field.kind is FieldKind.CHOICES:
        return chosen
    return int(chosen[0]) if field.id == PRIORITY else chosen[0]
