"""App Home: shown when it is opened, and anew after what is decided or set there."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from bot.domain.message import TicketLine
from bot.errors import AnswerError, IntegrationError, RequestError
from bot.i18n import t
from bot.repositories import Switches, UnitOfWork
from bot.services import quiet as quieting
from bot.services.inbox import counts
from bot.services.status import Status, status_of, switch_words
from bot.services.switching import score_of, set_threshold, switched, threshold_set
from handlers.commands.schedule import said
from handlers.commands.status import source_finding
from handlers.context import Context
from handlers.interaction import Interaction, must_be_new
from handlers.ownership import is_in, owners_of
from handlers.roles import must_administer, must_read
from handlers.tasks import ANNOTATE, CARDS
from handlers.views import open_view
from integrations.slack.blocks import ids
from integrations.slack.blocks.elements import Json
from integrations.slack.blocks.home import (
    Home,
    NewVoices,
    ProjectSetting,
    Whose,
    home_view,
    quiet_view,
    refused_view,
    threshold_view,
)

DECIDED_WITHIN, NEW_WITHIN = timedelta(weeks=8), timedelta(days=7)


def opened(context: Context, event: Interaction) -> None:
    """Show the tab to the person who opened it."""
    if event.body["event"].get("tab") == "home":
        publish(context, event, event.body["event"].get("view"))


def publish(context: Context, act: Interaction, seen: Mapping[str, Any] | None = None) -> None:
    """Show the tab anew. seen: as the person sees it; where it has changed since, what is newest is shown."""
    try:
        must_read(context, act)
        view = home_view(_home(context, act))
    except RequestError as exc:
        view = refused_view(t(exc.message, **exc.facts))
    unchanged = {"hash": seen["hash"]} if seen and "hash" in seen else {}
    try:
        _publish(context, act.user, view, **unchanged)
    except AnswerError as exc:
        if exc.detail != "hash_conflict":
            raise
        _publish(context, act.user, view)


def set_attach(context: Context, press: Interaction) -> None:
    """Turn the project's switch `attach`."""
    project, wanted = _wanted(context, press)
    switched(context.work, context.clock, project, press.user, attach=wanted)
    publish(context, press, press.body["view"])


def set_write(context: Context, press: Interaction) -> None:
    """Turn the project's switch `write`."""
    project, wanted = _wanted(context, press)
    switched(context.work, context.clock, project, press.user, write=wanted)
    context.queue.submit(ANNOTATE)
    publish(context, press, press.body["view"])


def open_threshold(context: Context, press: Interaction) -> None:
    """Ask from which score on Voc attaches in the project."""
    must_administer(context, press)
    with context.reading() as unit:
        at = _threshold(context, unit, press.value)
    open_view(context, press.trigger_id, threshold_view(press.value, at))


def submit_threshold(context: Context, act: Interaction) -> None:
    """Set the score, and show the tab anew."""
    must_administer(context, act)
    must_be_new(context, act)
    view = act.body["view"]
    set_threshold(context.work, context.clock, view["private_metadata"], _typed(view, ids.SCORE), act.user)
    publish(context, act)


def what_is_no_score(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the acknowledgement that keeps the dialog open where no score was typed."""
    return _complaint(body["view"], ids.SCORE, score_of)


def open_quiet(context: Context, press: Interaction) -> None:
    """Ask for quiet hours."""
    must_administer(context, press)
    with context.reading() as unit:
        hours = quieting.quiet_hours(unit, context.rules)
    open_view(context, press.trigger_id, quiet_view(str(hours) if hours else "", context.rules.zone))


def submit_quiet(context: Context, act: Interaction) -> None:
    """Set the hours, and show the tab anew."""
    must_administer(context, act)
    must_be_new(context, act)
    written = _typed(act.body["view"], ids.QUIET)
    quieting.set_quiet_hours(context.work, context.clock, context.rules, written, act.user)
    context.queue.submit(CARDS)
    publish(context, act)


def what_are_no_hours(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return the acknowledgement that keeps the dialog open where no hours were typed."""
    return _complaint(body["view"], ids.QUIET, quieting.hours_of)


def _complaint(view: Mapping[str, Any], name: str, read: Callable[[str], object]) -> dict[str, Any]:
    try:
        read(_typed(view, name))
    except RequestError as exc:
        return {"response_action": "errors", "errors": {name: t(exc.message, **exc.facts)}}
    return {}


def _publish(context: Context, user: str, view: Json, **unchanged: str) -> None:
    context.slack.upsert("views.publish", "showing App Home", user_id=user, view=view, **unchanged)


def _home(context: Context, act: Interaction) -> Home:
    owners, status = owners_of(context, act.user), status_of(context.reading, context.clock)
    email = _email(context, act.user)
    is_admin = _may_administer(context, act)
    with context.reading() as unit:
        waiting = counts(unit, context.rules)
        hours = quieting.quiet_hours(unit, context.rules)
        return Home(
            waiting=sum(waiting.get(owner, 0) for owner in owners),
            is_owner=bool(owners),
            tickets=list(_tickets(context, unit, act.user, email)),
            is_known=bool(email),
            subscriptions=list(_subscriptions(context, unit, act.user)),
            sources=[source_finding(source, status.at) for source in status.sources],
            projects=list(_projects(context, unit, status)) if is_admin else None,
            quiet=str(hours) if hours else "",
        )


def _tickets(context: Context, unit: UnitOfWork, user: str, email: str) -> Iterator[NewVoices]:
    """Yield the person's tickets with new voices, those with most first.

    Theirs are those assigned to them, and those they decided on lately of which no assignee is known.
    """
    now = context.clock.now()
    assigned = unit.tickets.assigned_to(email)
    nobodys = unit.tickets.unassigned(unit.proposals.decided_by(user, now - DECIDED_WITHIN))
    new = unit.proposals.voices_since([*assigned, *nobodys], now - NEW_WITHIN)
    ranked = sorted(new, key=lambda ticket_id: (-new[ticket_id], ticket_id))
    for ticket in unit.tickets.many(ranked):
        shown = TicketLine(ticket.key, ticket.title, "" if ticket.gone else ticket.url, ticket.status)
        yield NewVoices(shown, new[ticket.id], _whose(nobodys.get(ticket.id)))


def _whose(is_hidden: bool | None) -> Whose:
    """Return why a ticket is the person's. is_hidden: whether its assignee is, None where it is them."""
    if is_hidden is None:
        return Whose.ASSIGNED
    return Whose.HIDDEN if is_hidden else Whose.UNASSIGNED


def _email(context: Context, user: str) -> str:
    try:
        return context.directory.member(user).email
    except IntegrationError:
        return ""


def _subscriptions(context: Context, unit: UnitOfWork, user: str) -> Iterator[tuple[str, str, bool]]:
    """Yield the digests that come to the channels that the person is in, and their own."""
    now = context.clock.now()
    for one in (known for known in unit.subscriptions.all() if known.next_at is not None):
        if one.person == user or (not one.person and is_in(context, one.channel, user)):
            is_paused = one.paused_until is not None and one.paused_until > now
            yield "" if one.person else one.channel, said(one), is_paused


def _projects(context: Context, unit: UnitOfWork, status: Status) -> Iterator[ProjectSetting]:
    known = {one.project: one for one in status.projects}
    for project in context.ticketing.projects:
        switches = known.get(project, Switches(project=project))
        yield ProjectSetting(
            project=project,
            attach=switches.attach,
            write=switches.write,
            threshold=_threshold(context, unit, project),
            said=switch_words(status, switches),
        )


def _threshold(context: Context, unit: UnitOfWork, project: str) -> float:
    chosen, earned = threshold_set(unit, project), unit.trusts.of(project).threshold
    return next((at for at in (chosen, earned) if at is not None), context.attach_at)


def _may_administer(context: Context, act: Interaction) -> bool:
    try:
        must_administer(context, act)
    except RequestError:
        return False
    return True


def _wanted(context: Context, press: Interaction) -> tuple[str, bool]:
    must_administer(context, press)
    must_be_new(context, press)
    project, _, wanted = press.value.rpartition(":")
    return context.ticketing.project(project), wanted == "1"


def _typed(view: Mapping[str, Any], name: str) -> str:
    return str(view["state"]["values"][name][name].get("value") or "")
