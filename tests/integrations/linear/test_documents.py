"""Our documents and the stand-in's schema, held against Linear's own; what our queries cost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLInputObjectType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
    is_required_argument,
    is_required_input_field,
    parse,
    validate,
)

from integrations.linear import documents
from integrations.linear.cost import MOST_POINTS, largest_page, points
from integrations.sandbox.linear.cost import Costing
from integrations.sandbox.linear.serving import SCHEMA

DOCUMENTS = {name: text for name, text in vars(documents).items() if name.isupper() and name[0] != "_"}
PAGED = [name for name, text in DOCUMENTS.items() if "$first" in text or "$last" in text]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_document_is_valid_by_linears_schema(name: str, schema: GraphQLSchema) -> None:
    assert validate(schema, parse(DOCUMENTS[name])) == []


def test_the_stand_ins_schema_is_a_part_of_linears(schema: GraphQLSchema) -> None:
    ours = build_schema(SCHEMA.read_text())

    assert list(_departures(ours, schema)) == []


@pytest.mark.parametrize("name", PAGED)
def test_a_page_is_as_large_as_linears_limits_allow(name: str) -> None:
    document, most = DOCUMENTS[name], largest_page(DOCUMENTS[name])

    by_the_vendor = Costing(parse(document), {"first": most, "last": most}).points()

    assert most == 250 or points(document, most + 1) > MOST_POINTS
    assert by_the_vendor <= MOST_POINTS
    assert points(document, most) == pytest.approx(by_the_vendor)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_no_document_is_too_complex(name: str) -> None:
    most = largest_page(DOCUMENTS[name]) if name in PAGED else 0

    assert points(DOCUMENTS[name], most) <= MOST_POINTS


def _departures(ours: GraphQLSchema, theirs: GraphQLSchema) -> Iterator[str]:
    """Yield what the part has that the whole has not, and what it leaves out that must be given."""
    for name, type_ in ours.type_map.items():
        whole: Any = theirs.type_map.get(name)
        if name.startswith("__") or not isinstance(type_, GraphQLObjectType | GraphQLInputObjectType):
            continue
        for field_name, field in type_.fields.items():
            known = whole.fields.get(field_name) if whole else None
            if known is None or str(known.type) != str(field.type):
                yield f"{name}.{field_name}"
            elif isinstance(type_, GraphQLObjectType):
                yield from _other_arguments(f"{name}.{field_name}", field.args, known.args)
        if isinstance(type_, GraphQLInputObjectType):
            required = (n for n, f in whole.fields.items() if is_required_input_field(f))
            yield from (f"{name} lacks {one}" for one in required if one not in type_.fields)


def _other_arguments(where: str, ours: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    for name, argument in ours.items():
        if name not in theirs or str(theirs[name].type) != str(argument.type):
            yield f"{where}({name})"
    yield from (f"{where} lacks {n}" for n, a in theirs.items() if is_required_argument(a) and n not in ours)
