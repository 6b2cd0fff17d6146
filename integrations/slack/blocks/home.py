"""App Home: what waits for a person, what is new about their tickets, and how Voc is set up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.message import TicketLine
from bot.i18n import later, nt, t
from bot.ports import Finding
from integrations.slack.blocks import ids, words
from integrations.slack.blocks.card import ticket_title
from integrations.slack.blocks.elements import (
    Json,
    actions,
    button,
    context,
    divider,
    escape,
    field,
    header,
    labelled,
    line,
    link,
    literal,
    plain,
    plain_section,
    rich_text,
    section,
    text,
)

MOST_TICKETS, MOST_SUBSCRIPTIONS, MOST_SOURCES, MOST_PROJECTS = 10, 10, 10, 15
ATTACH, WRITE = "attach", "write"
# What a switch's button says and asks, by the switch and whether it is on.
SWITCHES = {
    (ATTACH, False): (
        later("Let Voc attach by itself"),
        later("Voc will attach feedback in {project} without asking, above the score {threshold}."),
    ),
    (ATTACH, True): (
        later("Let Voc only propose"),
        later("Voc will attach nothing in {project} by itself any more. What is attached stays."),
    ),
    (WRITE, False): (
        later("Let Voc write on tickets"),
        later("Voc will show customers’ words on the tickets of {project}, also those attached so far."),
    ),
    (WRITE, True): (
        later("Stop writing on tickets"),
        later("Voc will change nothing on the tickets of {project} any more. What is there stays."),
    ),
}


class Whose(StrEnum):
    """Why a ticket counts as the person's."""

    ASSIGNED = "assigned"
    UNASSIGNED = "unassigned"
    HIDDEN = "hidden"


WHOSE = {
    Whose.ASSIGNED: later("assigned to you"),
    Whose.UNASSIGNED: later("no assignee known, you attached feedback to it"),
    Whose.HIDDEN: later("you attached feedback to it, and the tracker hides who has it"),
}


@dataclass(frozen=True, slots=True)
class NewVoices:
    """A ticket of the person's with how many pieces are new this week."""

    ticket: TicketLine
    pieces: int
    whose: Whose = Whose.ASSIGNED


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectSetting:
    """How one project is set up. said: both switches and why, in words."""

    project: str
    attach: bool
    write: bool
    threshold: float
    said: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """All that the tab shows. channels: (a channel or person, when its digest comes, whether paused).

    is_known: whether Slack tells the person's e-mail address. projects, quiet: what admins may set, None for
    others.
    """

    waiting: int
    is_owner: bool
    tickets: Sequence[NewVoices]
    subscriptions: Sequence[tuple[str, str, bool]]
    sources: Sequence[Finding]
    is_known: bool = True
    projects: Sequence[ProjectSetting] | None = None
    quiet: str = ""


def home_view(home: Home) -> Json:
    """Return the tab; whatever there is, it has at most 100 blocks."""
    blocks = [
        *_waiting(home),
        divider(),
        *_tickets(home.tickets, is_known=home.is_known),
        divider(),
        *_subscriptions(home.subscriptions),
        divider(),
        *_sources(home.sources),
    ]
    if home.projects is not None:
        blocks += [divider(), *_settings(home.projects, home.quiet)]
    return {"type": "home", "blocks": [*blocks, context(t("/voc help shows all that Voc can do."))]}


def refused_view(why: str) -> Json:
    """Return the tab of a person who may not see it."""
    return {"type": "home", "blocks": [header("Voc"), section(escape(why))]}


def threshold_view(project: str, threshold: float) -> Json:
    """Return the modal that asks from which score on Voc attaches in the project."""
    hint = t("From 0 to 1, e.g. 0.9. Empty: what answers have earned, else the settings’ own.")
    score = field(ids.SCORE, value=f"{threshold:.2f}", most=5)
    return {
        "type": "modal",
        "callback_id": ids.THRESHOLD_VIEW,
        "private_metadata": project,
        "title": plain(literal(t("Threshold of {project}", project=project), 24)),
        "submit": plain(t("Save")),
        "close": plain(t("Cancel")),
        "blocks": [labelled(t("Attach from this score on"), score, optional=True, hint=hint)],
    }


def quiet_view(quiet: str, zone: str) -> Json:
    """Return the modal that asks for quiet hours. zone: whose clocks they go by."""
    hint = t("For example 18:00-8:00, by the clocks of {zone}. Empty: never quiet.", zone=zone)
    return {
        "type": "modal",
        "callback_id": ids.QUIET_VIEW,
        "title": plain(t("Quiet hours")),
        "submit": plain(t("Save")),
        "close": plain(t("Cancel")),
        "blocks": [
            labelled(
                t("No reviews or alerts"), field(ids.QUIET, value=quiet, most=20), optional=True, hint=hint
            )
        ],
    }


def _waiting(home: Home) -> list[Json]:
    shown = [header(t("What waits for you"))]
    if home.waiting:
        said = nt("{n} proposal waits for a decision.", "{n} proposals wait for a decision.", home.waiting)
        begin = button(t("Review"), ids.REVIEW, "mine", style="primary")
        return [*shown, section(escape(said)), actions(f"home-review-{home.waiting}", begin)]
    if home.is_owner:
        return [*shown, section(escape(t("Nothing. New proposals come by themselves.")))]
    nobody = t(
        "You own no proposals: you are in none of the channels that decide. Ask an operator which they are."
    )
    return [*shown, section(escape(nobody))]


def _tickets(tickets: Sequence[NewVoices], *, is_known: bool) -> list[Json]:
    shown = [header(t("New voices on your tickets"))]
    yours = t(
        "Yours are the tickets that are assigned to you, and those that you attached feedback to where no "
        "assignee is known."
    )
    unknown = t(
        "Slack does not tell Voc your e-mail address, so it can’t see which tickets are assigned to you. "
        "Yours are those that you attached feedback to where no assignee is known."
    )
    if tickets:
        lines, is_mixed = [], len({one.whose for one in tickets}) > 1
        for one in tickets[:MOST_TICKETS]:
            new = nt("{n} new this week", "{n} new this week", one.pieces)
            why = f" · {t(WHOSE[one.whose])}" if is_mixed or one.whose is Whose.HIDDEN else ""
            lines.append(
                line(link(ticket_title(one.ticket), one.ticket.url, bold=True), text(f" · {new}{why}"))
            )
        shown.append(rich_text(*lines))
    else:
        shown.append(section(escape(t("None this week."))))
    return [*shown, context(yours if is_known else unknown)]


def _subscriptions(subscriptions: Sequence[tuple[str, str, bool]]) -> list[Json]:
    shown = [header(t("Digests"))]
    if not subscriptions:
        return [*shown, section(t("None where you are. Type `/voc digest schedule mon 9:00` in a channel."))]
    lines = []
    for channel, when, is_paused in subscriptions[:MOST_SUBSCRIPTIONS]:
        paused = " · " + t("paused") if is_paused else ""
        where = f"<#{channel}>" if channel else t("Your direct messages")
        lines.append(f"{where} · {escape(when)}{paused}")
    return [*shown, section("\n".join(lines))]


def _sources(sources: Sequence[Finding]) -> list[Json]:
    shown = [header(t("Sources"))]
    if not sources:
        return [*shown, section(t("Nothing is read yet. An operator starts it with `python -m bot sync`."))]
    lines = [
        line(text(f"{'✓' if one.is_ok else '✗'} {literal(f'{one.what}. {one.remedy}'.rstrip('. '), 300)}"))
        for one in sources[:MOST_SOURCES]
    ]
    return [*shown, rich_text(*lines)]


def _settings(projects: Sequence[ProjectSetting], quiet: str) -> list[Json]:
    shown = [header(t("Settings"))]
    if not projects:
        shown.append(section(escape(t("No project is set up yet."))))
    for one in projects[:MOST_PROJECTS]:
        shown += [rich_text(line(text(words.called(literal(one.said, 400))))), _switches(one)]
    if len(projects) > MOST_PROJECTS:
        shown.append(context(nt("and {n} more", "and {n} more", len(projects) - MOST_PROJECTS)))
    hours = quiet or t("none")
    change = button(t("Change…"), ids.HOME_QUIET, "quiet")
    return [*shown, plain_section(t("Quiet hours: {hours}", hours=hours), change, block_id=f"quiet-{hours}")]


def _switches(one: ProjectSetting) -> Json:
    state = f"{one.attach:d}{one.write:d}-{one.threshold:.2f}"
    return actions(
        f"project-{one.project}-{state}",
        _switch(one, ATTACH, ids.HOME_ATTACH, is_on=one.attach),
        _switch(one, WRITE, ids.HOME_WRITE, is_on=one.write),
        button(t("Threshold…"), ids.HOME_THRESHOLD, one.project),
    )


def _switch(one: ProjectSetting, name: str, action_id: str, *, is_on: bool) -> Json:
    says, asks = SWITCHES[name, is_on]
    question = t(asks, project=one.project, threshold=f"{one.threshold:.2f}")
    confirm = {
        "title": plain(t("Are you sure?")),
        "text": plain(literal(question, 300)),
        "confirm": plain(t("Yes")),
        "deny": plain(t("No")),
    }
    return {**button(t(says), action_id, f"{one.project}:{not is_on:d}"), "confirm": confirm}
