from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.language import language_of


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
