from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.clarity import clarity

CLEAR = "I lose half an hour every Monday because the export drops the last row of our report."


@pytest.mark.parametrize(
    "less",
    [
        "broken",
        "Does not work!",
        CLEAR.rstrip("."),
        CLEAR.upper(),
        CLEAR + " See https://corp.example/x.",
        CLEAR + " Write to [e-mail].",
        "It fails. […] " + CLEAR,
        "- the export\n- the import\n- our report of Monday and the one before, I think.",
        'Traceback (most recent call last):\n  File "a.py", line 3\nValueError: bad row in our report.',
        '{"type": "doc", "content": ["I lose half an hour every Monday because of it"]}',
        (CLEAR + " ") * 10,
    ],
)
def test_a_whole_plain_sentence_of_some_length_is_clearest(less: str) -> None:
    assert clarity(less) < clarity(CLEAR) == 1.0


@pytest.mark.parametrize(
    "words",
    [
        "Ich verliere jeden Montag eine halbe Stunde, weil der Export die letzte Zeile verliert.",
        "Je perds une demi-heure chaque lundi parce que l'export perd la dernière ligne.",
        "毎週月曜日、エクスポートの最後の行が消えるので私は三十分を失います。",
    ],
)
def test_other_languages_can_be_as_clear(words: str) -> None:
    assert clarity(words) >= 0.85


@given(st.text(max_size=300))
def test_clarity_is_a_ratio(words: str) -> None:
    assert 0.0 <= clarity(words) <= 1.0


def test_no_words_have_no_clarity() -> None:
    assert clarity("😀 … !") == 0.0
