"""Words that tell nothing: each language's own, and no other's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.function_words import function_words
from bot.matching.words import surfaces


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        ("The todo list of my van is gone", {"todo", "list", "van", "gone"}),
        ("Die Übersicht über das Konto ist weg", {"ubersicht", "konto", "weg"}),
        ("L'export des factures n'est pas complet", {"lexport", "factures", "complet"}),
        ("La exportación de las facturas está vacía", {"exportacion", "facturas", "vacia"}),
        ("A exportação das faturas não está pronta", {"exportacao", "faturas", "pronta"}),
        ("L'elenco delle fatture non è completo", {"lelenco", "fatture", "completo"}),
        ("De lijst van de facturen is niet compleet", {"lijst", "facturen", "compleet"}),
    ],
)
def test_what_tells_something_is_left(text: str, telling: set[str]) -> None:
    words = surfaces(text)

    assert set(words) - function_words(words) == telling


@given(st.lists(st.sampled_from("the my van die das und konto de la todo kaart pour".split())))
def test_they_are_some_of_the_words_whatever_their_order(words: list[str]) -> None:
    found = function_words(words)

    assert found <= set(words)
    assert found == function_words(sorted(words, reverse=True))
