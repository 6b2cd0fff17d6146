from __future__ import annotations

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.sentences import sentences
from bot.text.workarounds import workaround_in

SAID = [
    "I then have to manually download the file.",
    "We end up copying the rows by hand.",
    "My current workaround is to switch to another app and back.",
    "As a workaround we use the old export.",
    "For now I'm using Syncthing.",
    "Ich muss die Zeilen jede Woche von Hand übertragen.",
    "Derzeit exportieren wir alles einzeln.",
    "Nous devons recopier les lignes à la main.",
    "En attendant, nous utilisons un tableur.",
]
OTHER = [
    "Do I need to top up manually?",
    "If it fails I have to do it by hand.",
    "I manually created the folder and got an error.",
    "Even manually moving files has no effect.",
    "Is there a workaround?",
    "The refund was processed manually by your team.",
    "Kann ich das auch von Hand machen?",
    "Peut-on le faire à la main ?",
]


@pytest.mark.parametrize("sentence", SAID)
def test_what_somebody_does_meanwhile_is_found_as_they_said_it(sentence: str) -> None:
    text = f"The sync is broken. {sentence} It takes an hour."

    span = workaround_in(text)

    assert span is not None
    assert text[span.start : span.end] == sentence


@pytest.mark.parametrize("sentence", OTHER)
def test_questions_conditions_and_what_others_do_are_none(sentence: str) -> None:
    assert workaround_in(sentence) is None


@given(st.text())
def test_it_is_a_whole_sentence_of_the_text_or_nothing(text: str) -> None:
    span = workaround_in(text)

    assert span is None or span in list(sentences(text))


def test_thousands_of_questions_to_a_bank_tell_of_none(data_dir: Path) -> None:
    with (data_dir / "banking77" / "feedback.csv").open(encoding="utf-8") as file:
        questions = [row["text"] for row in csv.DictReader(file)]

    found = [text for text in questions if workaround_in(text)]

    assert (len(questions), found) == (3080, [])
