"""Asks Linear whether everything that the tracker needs is granted."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.errors import AccessError, IntegrationError, NotFoundError
from bot.ports import Finding
from integrations.credentials import Credentials
from integrations.linear import documents
from integrations.linear.client import MISREAD, REMEDY, Json, LinearHttp
from integrations.linear.mapping import our_id

NOBODY = our_id("check", "what is never there")


def findings(http: LinearHttp, credentials: Credentials, teams: Sequence[str]) -> list[Finding]:
    """Return a line for the account, each team, and each kind of write; a failure to sign in ends it."""
    try:
        who = http.ask(documents.WHO, "signing in")
        has_requests = bool(who["organization"]["customersEnabled"])
        is_oauth = credentials.headers().get("Authorization", "").startswith("Bearer ")
        found = [_signed_in(who, is_oauth), *_teams(http, teams), _way(has_requests)]
        return [*found, *_writes(http, has_requests)]
    except AccessError as exc:
        return [Finding(False, f"Linear refuses the credential: {exc.detail}", exc.remedy)]
    except IntegrationError as exc:
        return [Finding(False, str(exc), "Check the address and try again.")]
    except MISREAD:
        return [Finding(False, "Linear: an answer of unexpected shape", "Try again.")]


def _signed_in(who: Json, is_oauth: bool) -> Finding:
    by = "an OAuth token" if is_oauth else "an API key"
    name, workspace = who["viewer"]["name"], who["organization"]["name"]
    return Finding(True, f"signed in to the Linear workspace {workspace} as {name}, by {by}")


def _teams(http: LinearHttp, teams: Sequence[str]) -> Iterator[Finding]:
    if not teams:
        yield Finding(False, "no team is mapped", "Name at least one Linear team's key in the routes.")
        return
    nodes = http.ask(documents.TEAMS, "reading teams", keys=list(teams))["teams"]["nodes"]
    there = {node["key"] for node in nodes}
    for key in teams:
        if key in there:
            yield Finding(True, f"team {key} can be read")
        else:
            remedy = "Check its key; to a private team, add the account that Voc uses."
            yield Finding(False, f"team {key} is not there for this account", remedy)


def _way(has_requests: bool) -> Finding:
    if has_requests:
        return Finding(True, "customer requests are on: each piece becomes one, under its customer")
    return Finding(
        True, "customer requests are off: each piece becomes an attachment, and each ticket gets one comment"
    )


def _writes(http: LinearHttp, has_requests: bool) -> Iterator[Finding]:
    """Yield whether each kind of write is granted: asked of a thing that is not there, so nothing changes."""
    if has_requests:
        yield _granted(http, "reading customers", documents.CUSTOMERS)
        yield _granted(http, "writing customer requests", documents.ARCHIVE_NEED, id=NOBODY)
    else:
        words = {"body": "nothing"}
        yield _granted(http, "writing comments", documents.UPDATE_COMMENT, id=NOBODY, input=words)
        yield _granted(http, "writing attachments", documents.DELETE_ATTACHMENT, id=NOBODY)
    nowhere = {"id": NOBODY, "teamId": NOBODY, "title": "nothing"}
    yield _granted(http, "creating tickets", documents.CREATE_TICKET, input=nowhere)


def _granted(http: LinearHttp, what: str, document: str, **variables: object) -> Finding:
    try:
        http.ask(document, what, **variables)
    except NotFoundError:
        pass  # as expected: who lacks the scope is refused before anything is looked for
    except AccessError as exc:
        return Finding(False, f"{what} is not granted: {exc.detail}", REMEDY)
    return Finding(True, f"{what} is granted")
