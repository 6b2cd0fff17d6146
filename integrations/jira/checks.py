"""Asks Jira whether everything that the tracker needs is granted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.errors import AccessError, IntegrationError, NotFoundError
from bot.ports import Finding
from integrations.jira.client import API, JiraHttp
from integrations.jira.mapping import MISREAD

NEEDED = ("BROWSE_PROJECTS", "ADD_COMMENTS", "EDIT_OWN_COMMENTS", "LINK_ISSUES")


def findings(http: JiraHttp, projects: Sequence[str]) -> list[Finding]:
    """Return a line for the account and one for each project; the first failure of the account ends it."""
    try:
        http.get(f"{API}/myself", "signing in")
    except AccessError as exc:
        return [Finding(False, "Jira refuses the e-mail address or the API token", exc.remedy)]
    except IntegrationError as exc:
        return [Finding(False, str(exc), "Check the site's address and try again.")]
    if not projects:
        return [Finding(False, "no project is mapped", "Name at least one Jira project in the routes.")]
    return [Finding(True, "signed in to Jira"), *(_project(http, key) for key in projects)]


def _project(http: JiraHttp, key: str) -> Finding:
    try:
        missing = list(_missing(http, key))
    except NotFoundError:
        return Finding(
            False, f"project {key} is not there for this account", "Check its key, or grant Browse Projects."
        )
    except IntegrationError as exc:
        return Finding(False, str(exc), "Try again.")
    except MISREAD:
        return Finding(False, f"project {key}: an answer of unexpected shape", "Try again.")
    if missing:
        return Finding(
            False, f"project {key} lacks {', '.join(missing)}", "Grant them in its permission scheme."
        )
    return Finding(True, f"project {key} can be read, commented and linked")


def _missing(http: JiraHttp, key: str) -> Iterator[str]:
    params = {"projectKey": key, "permissions": ",".join(NEEDED)}
    granted = http.get(f"{API}/mypermissions", "reading permissions", params).get("permissions", {})
    return (name for name in NEEDED if not granted.get(name, {}).get("havePermission"))
