"""Asks Jira whether everything that the tracker needs is granted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.errors import AccessError, IntegrationError, NotFoundError
from bot.ports import Finding
from integrations.jira.deployment import Deployment
from integrations.jira.figures import FigureFields, granted
from integrations.jira.mapping import MISREAD

NEEDED = ("BROWSE_PROJECTS", "ADD_COMMENTS", "EDIT_OWN_COMMENTS", "LINK_ISSUES", "CREATE_ISSUES")


def findings(at: Deployment, projects: Sequence[str], figures: FigureFields) -> Iterator[Finding]:
    """Yield a line for the account, one for each project, and those of what is optional.

    A failure to sign in ends it.
    """
    signed_in = _account(at)
    yield signed_in
    if not signed_in.is_ok:
        return
    yield from _linking(at)
    if not projects:
        yield Finding(False, "no project is mapped", "Name at least one Jira project in the routes.")
    needed = (*NEEDED, "EDIT_ISSUES") if figures.named else NEEDED
    yield from (_project(at, key, needed) for key in projects)
    if figures.named:
        yield _figures(at, figures)


def _account(at: Deployment) -> Finding:
    """Return who we are; OAuth's tokens need a scope of their own to tell that, so they may stay nameless."""
    kind = at.http.kind
    try:
        # Of all that asks for no more than the scopes that we need, this is the least.
        at.http.get(f"{at.api}/mypermissions", "signing in", {"permissions": "BROWSE_PROJECTS"})
        name = _name(at)
    except AccessError as exc:
        return Finding(False, f"{at.name} refuses {kind.name}: {exc.detail}", exc.remedy)
    except IntegrationError as exc:
        return Finding(False, str(exc), "Check the site's address and try again.")
    return Finding(True, f"signed in to {at.name} with {kind.name}" + (f" as {name}" if name else ""))


def _name(at: Deployment) -> str:
    try:
        answer = at.http.get(f"{at.api}/myself", "asking who we are")
        return str(answer["displayName"])
    except (AccessError, *MISREAD):
        return ""


def _linking(at: Deployment) -> Iterator[Finding]:
    """Yield that links are off. Whoever may not ask for the site's set-up learns it with the first link."""
    try:
        answer = at.http.get(f"{at.api}/configuration", "reading the site's set-up")
    except IntegrationError:
        return
    if isinstance(answer, dict) and answer.get("issueLinkingEnabled") is False:
        remedy = "Let an administrator turn it on: System, Issue linking."
        yield Finding(False, "issue linking is turned off, so no voice can be linked", remedy)


def _project(at: Deployment, key: str, needed: Sequence[str]) -> Finding:
    try:
        have = set(granted(at, key, needed))
    except NotFoundError:
        return Finding(
            False, f"project {key} is not there for this account", "Check its key, or grant Browse Projects."
        )
    except IntegrationError as exc:
        return Finding(False, str(exc), "Try again.")
    except MISREAD:
        return Finding(False, f"project {key}: an answer of unexpected shape", "Try again.")
    if missing := [name for name in needed if name not in have]:
        return Finding(
            False, f"project {key} lacks {', '.join(missing)}", "Grant them in its permission scheme."
        )
    return Finding(True, f"project {key} can be read, commented, linked and added to")


def _figures(at: Deployment, figures: FigureFields) -> Finding:
    try:
        figures.resolved(at)
        is_quiet = figures.is_quiet(at)
    except IntegrationError as exc:
        return Finding(False, exc.detail or str(exc), "Name number and date fields under [jira.figures].")
    mailed = "" if is_quiet else "; watchers are mailed of each change, as the account is no administrator"
    return Finding(True, f"figures are kept in {', '.join(figures.named.values())}{mailed}")
