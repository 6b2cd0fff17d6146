"""A ticket is created once: after an uncertain try it is looked for, never sent again."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import timedelta

from bot.domain.annotation import TicketDraft
from bot.domain.asking import Answers, TicketForm
from bot.domain.effect import Effect, EffectState
from bot.domain.inert import one_line
from bot.domain.voice import QuotedVoice
from bot.errors import FieldsError, IntegrationError, NotFoundError, RequestError, UncertainError
from bot.i18n import later, t
from bot.ports import Clock, TicketTracker
from bot.remembered import Remembered
from bot.repositories import Work
from bot.services.outward import LEASE, Act

LOOKING = "finding a created ticket"
FORMS_LAST, MOST_FORMS = timedelta(minutes=10), 100  # while somebody fills one in
LOOKS = 6  # with the waits between them, two minutes: a search may take that long to know a new ticket
UNSEEN = later(
    "{tracker} did not say whether the ticket was created, and a search does not find it. Look for it there: "
    "if it is there, attach the feedback to it, and if not, create it there and attach the feedback to that."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a person says of a new ticket beside its title; what Voc says of itself where it is left out.

    kind, fields: as the tracker's form has them.
    """

    description: str = ""
    kind: str = ""
    fields: Answers = field(default_factory=dict)

    def kept(self) -> str:
        """Return it as text, to be read again after a restart."""
        return json.dumps(asdict(self))

    @classmethod
    def read(cls, kept: str) -> Details:
        """Return what was kept; nothing of what an earlier release kept."""
        try:
            given = json.loads(kept)
        except ValueError:
            return cls()
        fields = {
            name: answer if isinstance(answer, str) else tuple(answer)
            for name, answer in given.get("fields", {}).items()
        }
        return cls(description=given.get("description", ""), kind=given.get("kind", ""), fields=fields)

    def draft(self, key: str, project: str, title: str, description: str) -> TicketDraft:
        """Return the draft. description: where the person gave none."""
        return TicketDraft(
            key=key,
            project=project,
            title=title,
            body=self.description.strip() or description,
            kind=self.kind,
            fields=self.fields,
        )


NO_DETAILS = Details()


class NotCreated(RequestError):
    """The tracker refuses the ticket. fields: what it says of each, by its id, "" where it is missing."""

    def __init__(self, problem: IntegrationError | None) -> None:
        super().__init__("The ticket was not created: {problem}.", problem=problem)
        self.fields = dict(problem.fields) if isinstance(problem, FieldsError) else {}


@dataclass(frozen=True, slots=True)
class Ticketing:
    """What creating tickets needs. trackers: by name, made when first used.

    projects: the tracker's name by project. forms: what was asked lately, by project and kind.
    """

    work: Work
    clock: Clock
    trackers: Callable[[], Mapping[str, TicketTracker]]
    projects: Mapping[str, str]
    lease: timedelta = LEASE
    forms: Remembered[tuple[str, str], TicketForm] = field(
        default_factory=lambda: Remembered(FORMS_LAST, MOST_FORMS)
    )

    def project(self, given: str) -> str:
        """Return the project's key. Raises RequestError for one that is not read."""
        key = given.strip().upper()
        if key not in self.projects:
            known = ", ".join(self.projects) or t("none is set")
            raise RequestError(
                "{key} is not among the projects that Voc reads ({known}).", key=key, known=known
            )
        return key

    def tracker(self, project: str) -> TicketTracker:
        """Return the tracker that has the project."""
        return self.trackers()[self.projects[project]]

    def form(self, project: str, kind: str, *, is_fresh: bool = False) -> TicketForm:
        """Return what a new ticket needs. is_fresh: whether it is asked for anew, though it was lately.

        It is remembered for the kind that was asked for, and for the one that it is of.
        """
        now = self.clock.now()
        form = None if is_fresh else self.forms.recent((project, kind), now)
        if form is None:
            form = self.tracker(project).form(project, kind)
            for name in (kind, form.kind):
                self.forms.keep((project, name), form, now)
        return form


def creation(
    tracker: TicketTracker, draft: Callable[[], TicketDraft], *, kind: str, target: str, key: str, wanted: str
) -> Act:
    """Return the act of creating a ticket. key: the draft's, by which the ticket is found again."""

    def do(effect: Effect) -> str:
        if effect.result:
            return effect.result
        if effect.state in (EffectState.UNCERTAIN, EffectState.CLAIMED):
            failure = NotFoundError if effect.tries >= LOOKS else UncertainError
            raise failure(tracker.name, LOOKING)
        return tracker.create(draft()).ref.external_id

    def find(effect: Effect) -> str | None:
        found = tracker.find_created(key)
        return found.ref.external_id if found else None

    return Act(kind=kind, target=target, key=key, wanted=wanted, do=do, find=find)


def not_created(tracker: TicketTracker, problem: IntegrationError | None) -> RequestError:
    """Return what to tell the people who wanted the ticket."""
    if is_unseen(problem):
        return RequestError(UNSEEN, tracker=tracker.name.title())
    return NotCreated(problem)


def is_unseen(problem: IntegrationError | None) -> bool:
    """Return whether the ticket may be there all the same. None: what ended it was told before."""
    return problem is None or problem.doing == LOOKING


def said(quotes: list[QuotedVoice]) -> str:
    """Return the quotes as a draft's body shows them."""
    return "\n\n".join(f"“{one_line(q.words)}{'…' if q.cut else ''}”\n{_who(q)}" for q in quotes)


def _who(quote: QuotedVoice) -> str:
    who = ", ".join(part for part in (quote.role, quote.company, quote.plan) if part)
    return f"{who or 'A customer'}, {quote.said_at:%Y-%m-%d}"
