from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.language import language_of, language_within, name_of


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("The export drops the last row", "en"),
        ("THE APP KEEPS CRASHING", "en"),
        ("Der Export verliert die letzte Zeile", "de"),
        ("L'export perd la dernière ligne", "fr"),
        ("La exportación pierde la última fila", "es"),
        ("A exportação perde a última linha", "pt"),
        ("エクスポートが壊れています", "ja"),
        ("نظام التصدير لا يعمل", "ar"),
        ("Die Seite https://example.com/the/export/of/all/rows lädt nicht mehr 😀 VOC-12", "de"),
    ],
)
def test_the_language_of_a_sentence_is_told(text: str, tag: str) -> None:
    assert language_of(text) == tag


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hi",
        "???",
        "😀😀",
        "+1",
        "https://example.com/foo",
        "#12345",
        "VOC-12",
        "<@U123> @here",
        "a@b.example",
        "x\ny",
    ],
)
def test_too_little_to_tell_is_undetermined(text: str) -> None:
    assert language_of(text) == "und"


@pytest.mark.parametrize(
    ("part", "tag"),
    [
        ("Der Export verliert immer die letzte Zeile.", "de"),
        ("Dark mode", "fr"),
        ("Der Export", "fr"),
        ("VOC-12 https://example.com/a 4 5 6 7 8", "fr"),
    ],
)
def test_a_part_that_says_too_little_is_in_the_language_of_the_whole(part: str, tag: str) -> None:
    assert language_within(part, "fr") == tag


def test_a_language_is_called_by_its_english_name_or_its_tag() -> None:
    assert [name_of("de"), name_of("zh"), name_of("eo")] == ["German", "Chinese", "eo"]


@given(st.text())
def test_any_text_has_a_tag(text: str) -> None:
    assert language_of(text).isascii()


def test_the_model_is_loaded_by_its_first_use_not_by_the_import() -> None:
    code = (
        "import sys, bot.text.clean, bot.text.language, bot.text.redact;"
        "print('fasttext' in sys.modules, 'phonenumbers' in sys.modules)"
    )

    shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert shown.stdout.split() == ["False", "False"]
