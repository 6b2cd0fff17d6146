"""Linear's stand-in under the eyes of Linear's own schema: each request and each answer must fit it."""

from __future__ import annotations

from typing import Any

from flask import Flask, Response, request
from graphql import GraphQLResolveInfo, GraphQLSchema, execute_sync, parse, validate

from integrations.sandbox.linear.stand_in import LinearStandIn


def judged(schema: GraphQLSchema) -> type[LinearStandIn]:
    """Return a stand-in that fails where a request that it takes, or its answer, does not fit the schema."""

    class Judged(LinearStandIn):
        """The stand-in with a judge behind it."""

        def make_app(self) -> Flask:
            """Return the application."""
            app = super().make_app()
            app.after_request(lambda answer: _judged(schema, answer))
            return app

    return Judged


def _judged(schema: GraphQLSchema, answer: Response) -> Response:
    given = answer.get_json() if request.path == "/graphql" else {}
    if given.get("data") is None:
        return answer
    asked = request.get_json()
    document = parse(asked["query"])
    assert validate(schema, document) == []
    again = execute_sync(
        schema, document, given["data"], variable_values=asked.get("variables"), field_resolver=_as_given
    )
    assert again.errors is None, again.errors
    assert again.data == given["data"], "the answer has other fields than were asked for"
    return answer


def _as_given(source: dict[str, Any], info: GraphQLResolveInfo[Any], **_: Any) -> Any:
    return source[str(info.path.key)]
