"""One GraphQL request: who asks, is it valid, what does it cost, is it granted, and then its answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLError,
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLResolveInfo,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from integrations.sandbox.linear.cost import Costing
from integrations.sandbox.linear.inputs import check_texts
from integrations.sandbox.linear.limits import MOST_POINTS_A_QUERY
from integrations.sandbox.linear.refusals import Refused, lacks_scope, too_complex

SCHEMA = Path(__file__).with_name("schema.graphql")
# Any of these scopes grants the field; all other queries want "read", all other mutations "write".
SCOPES = {
    "customers": ("customer:read",),
    "customerNeed": ("customer:read",),
    "issueCreate": ("write", "issues:create"),
    "attachmentCreate": ("write", "issues:create"),
    "commentCreate": ("write", "comments:create"),
    "customerUpsert": ("customer:write",),
    "customerNeedCreate": ("customer:write",),
    "customerNeedUpdate": ("customer:write",),
    "customerNeedArchive": ("customer:write",),
    "customerNeedUnarchive": ("customer:write",),
}
_HUMP = re.compile(r"(?<!^)(?=[A-Z])")

Resolver = Callable[..., Any]


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is valid. points: what it costs."""

    document: DocumentNode
    variables: dict[str, Any]
    points: float


class Serving:
    """Serves documents by resolvers: type and field to what answers it; other fields are attributes."""

    def __init__(self, resolvers: dict[tuple[str, str], Resolver]) -> None:
        self._schema = _schema()
        self._resolvers = resolvers

    def read(self, given: Any) -> Request:
        """Return the request, or refuse what is no valid document or asks for too much."""
        if not isinstance(given, dict) or not isinstance(given.get("query"), str):
            raise _wrong("GRAPHQL_PARSE_FAILED", "The request has no query.")
        variables = given.get("variables") or {}
        if not isinstance(variables, dict):
            raise _wrong("BAD_USER_INPUT", "Variables must be an object.")
        try:
            document = parse(given["query"])
        except GraphQLError as error:
            raise _wrong("GRAPHQL_PARSE_FAILED", error.message) from None
        if errors := validate(self._schema, document):
            raise _wrong("GRAPHQL_VALIDATION_FAILED", errors[0].message)
        check_texts(variables)
        points = Costing(document, variables).points()
        if points > MOST_POINTS_A_QUERY:
            raise too_complex(points, MOST_POINTS_A_QUERY)
        return Request(document, variables, points)

    def answer(self, asked: Request, scopes: tuple[str, ...] | None, *, is_app: bool) -> dict[str, Any]:
        """Return the answer. scopes: the caller's; None where all is granted. Refuses wrong variables."""
        if scopes is not None:
            _check_scopes(asked.document, scopes)
        result = execute_sync(
            self._schema,
            asked.document,
            variable_values=asked.variables,
            context_value=is_app,
            field_resolver=self._resolve,
        )
        if result.data is None and result.errors and not result.errors[0].path:
            raise _wrong("BAD_USER_INPUT", result.errors[0].message)
        answer: dict[str, Any] = {"data": result.data}
        if result.errors:
            answer["errors"] = [_shown(error) for error in result.errors]
        return answer

    def _resolve(self, source: Any, info: GraphQLResolveInfo[Any], **arguments: Any) -> Any:
        resolver = self._resolvers.get((info.parent_type.name, info.field_name))
        if resolver is not None:
            return resolver(source, info, **arguments)
        name = _snake(info.field_name)
        value = source.get(name) if isinstance(source, dict) else getattr(source, name)
        return written(value) if isinstance(value, datetime) else value


def written(moment: datetime) -> str:
    """Return a time as Linear writes it."""
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{moment.microsecond // 1000:03d}Z"


def _schema() -> GraphQLSchema:
    """Return the schema, its inputs and arguments named as our records are."""
    schema = build_schema(SCHEMA.read_text(encoding="utf-8"))
    for type_ in schema.type_map.values():
        if isinstance(type_, GraphQLInputObjectType):
            for name, field in type_.fields.items():
                field.out_name = _snake(name)
        elif isinstance(type_, GraphQLObjectType) and not type_.name.startswith("__"):
            for object_field in type_.fields.values():
                for name, argument in object_field.args.items():
                    argument.out_name = _snake(name)
    return schema


def _snake(name: str) -> str:
    return _HUMP.sub("_", name).lower()


def _check_scopes(document: DocumentNode, scopes: tuple[str, ...]) -> None:
    for operation in document.definitions:
        if not isinstance(operation, OperationDefinitionNode):
            continue
        usual = ("read",) if operation.operation is OperationType.QUERY else ("write",)
        for field in operation.selection_set.selections:
            name = field.name.value if isinstance(field, FieldNode) else ""
            wanted = SCOPES.get(name, usual)
            if not set(wanted) & set(scopes):
                raise lacks_scope(wanted[0])


def _wrong(code: str, message: str) -> Refused:
    return Refused(message, kind="graphql error", code=code, status=400)


def _shown(error: GraphQLError) -> dict[str, Any]:
    if isinstance(error.original_error, Refused):
        return {**error.original_error.formatted, "path": error.path}
    if error.extensions:
        return dict(error.formatted)
    raise error.original_error or error  # a fault of the stand-in's own: no answer may hide it
