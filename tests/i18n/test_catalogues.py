"""The catalogues hold what the code says, and fit it."""

from __future__ import annotations

import ast
import re

import pytest

from tools import catalogue

FACT = re.compile(r"\{\w+\}")


@pytest.mark.parametrize("language", ["de", "fr"])
def test_a_catalogue_lists_what_the_code_says_and_nothing_else(language: str) -> None:
    kept = {message.id for message in catalogue.catalogue_of(language) if message.id}

    assert kept == {message.id for message in catalogue.words_in_code() if message.id}, (
        "run: python -m tools.catalogue"
    )


@pytest.mark.parametrize("language", ["de", "fr"])
def test_a_translation_takes_the_facts_that_the_message_has(language: str) -> None:
    for message in catalogue.catalogue_of(language):
        forms = [message.string] if isinstance(message.string, str) else message.string or ()
        for said in filter(None, map(str, forms)):
            assert set(FACT.findall(said)) <= set(FACT.findall(repr(message.id))), said


@pytest.mark.parametrize("language", ["de", "fr"])
def test_everything_is_translated(language: str) -> None:
    assert catalogue.untranslated(catalogue.catalogue_of(language)) == []


def test_no_message_stands_within_an_f_string_where_some_pythons_do_not_find_it() -> None:
    found = [
        f"{path.name}:{call.lineno}"
        for path in catalogue.files()
        for joined in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(joined, ast.JoinedStr)
        for call in ast.walk(joined)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) and call.func.id in ("t", "nt")
        if isinstance(call.args[0], ast.Constant)
    ]

    assert not found
