"""How Linear refuses: GraphQL errors with a type and a code, most of them with HTTP 200.

Types: packages/sdk/src/types.ts of linear/linear; messages: as its users report them.
"""

from __future__ import annotations

from typing import Any

from graphql import GraphQLError


class Refused(GraphQLError):
    """A request that Linear refuses. status: HTTP's, where the whole request is refused."""

    def __init__(self, message: str, *, kind: str, code: str, shown: str = "", status: int = 200) -> None:
        facts: dict[str, Any] = {"type": kind, "code": code, "userError": True}
        super().__init__(message, extensions={**facts, "userPresentableMessage": shown or message})
        self.status = status


def invalid(shown: str, *, status: int = 200) -> Refused:
    """Return the refusal of an input."""
    return Refused(
        "Argument Validation Error", kind="invalid input", code="INVALID_INPUT", shown=shown, status=status
    )


def not_found(kind: str) -> Refused:
    """Return the refusal of an id that nothing visible has."""
    shown = f"Could not find referenced {kind}."
    return Refused(f"Entity not found: {kind}", kind="invalid input", code="INPUT_ERROR", shown=shown)


def misplaced(message: str, shown: str) -> Refused:
    """Return the refusal of something that another team has, or that does not go with the rest."""
    return Refused(message, kind="invalid input", code="INPUT_ERROR", shown=shown)


def conflict(kind: str, id_: str) -> Refused:
    """Return the refusal of an id that is taken."""
    message = f"Conflict on insert of {kind}"
    shown = f"Entity {kind} with id {id_} already exists"
    return Refused(f"{message} - {shown}", kind="invalid input", code="INPUT_ERROR", shown=shown)


def unknown_caller() -> Refused:
    """Return the refusal of a wrong or missing credential."""
    message = "Authentication required, not authenticated"
    return Refused(message, kind="authentication error", code="AUTHENTICATION_ERROR", status=401)


def lacks_scope(scope: str) -> Refused:
    """Return the refusal of a token without that scope."""
    return Refused(f"Invalid scope: `{scope}` required", kind="forbidden", code="FORBIDDEN", status=403)


def not_yours(what: str) -> Refused:
    """Return the refusal to change what another account has written."""
    return Refused(f"You are not allowed to change this {what}", kind="forbidden", code="FORBIDDEN")


def feature_off() -> Refused:
    """Return the refusal of customer requests in a workspace that has none."""
    message = "Customer requests are not available on this workspace's plan"
    return Refused(message, kind="feature not accessible", code="FEATURE_NOT_ACCESSIBLE")


def too_complex(points: float, most: int) -> Refused:
    """Return the refusal of a document that asks for too much."""
    shown = f"The query is too complex. Complexity: {points}. Maximum allowed complexity: {most}."
    return Refused("Query too complex", kind="invalid input", code="INPUT_ERROR", shown=shown, status=400)


def rate_limited() -> Refused:
    """Return the refusal of a caller that has used up its hour; HTTP 400, not 429."""
    return Refused("Rate limit exceeded", kind="ratelimited", code="RATELIMITED", status=400)
