"""How much a quote tells of somebody's situation."""

from __future__ import annotations

import csv
from pathlib import Path
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.clarity import clarity
from bot.text.substance import substance, worth


@pytest.mark.parametrize(
    ("tells", "polite"),
    [
        (
            "I may not name a date to our auditors, since the plan that you publish is empty.",
            "Please send me a date that I may quote.",
        ),
        (
            "Every Monday I retype 214 pages of hours, because the export is a PDF.",
            "Thank you so much for the quick answer, I am looking forward to hearing from you soon.",
        ),
        (
            "Der Export hängt seit Montag, wir warten auf 40 Rechnungen.",
            "Bitte melden Sie sich so bald wie möglich bei uns zurück.",
        ),
        (
            "L'application plante à chaque fois que j'ajoute une photo.",
            "Merci de me répondre par retour du courrier.",
        ),
        ("The sync fails on our Xerox since 3 May.", "The sync fails."),
        (
            "We cannot import the price list of our largest supplier.",
            "We imported the price list of a supplier.",
        ),
    ],
)
def test_a_situation_tells_more_than_manners_and_details_more_than_none(tells: str, polite: str) -> None:
    assert worth(tells) > worth(polite)


def test_what_goes_on_about_something_said_before_is_worth_less_alone() -> None:
    assert worth("It only happens with the 40 files of our branches.") < worth(
        "This happens only with 40 files: our branches cannot import them."
    )


def test_greetings_and_thanks_add_nothing() -> None:
    matter = "The export of our 12 branches fails every Monday."

    assert substance(f"Hello. {matter} Thanks in advance. Please call me back.") == substance(matter)


@given(st.text(max_size=1_200))
def test_it_is_a_ratio_and_what_is_unclear_is_worth_no_more_than_it_is_clear(words: str) -> None:
    assert 0.0 <= substance(words) <= 1.0
    assert 0.0 <= worth(words) <= clarity(words) <= 1.0


def test_of_real_reviews_and_questions_those_that_tell_most_come_first(data_dir: Path) -> None:
    said = [row["text"] for row in _rows(data_dir / "nextcloud" / "feedback.csv")]
    asked = [row["text"] for row in _rows(data_dir / "banking77" / "feedback.csv")]

    best = sorted(asked, key=worth, reverse=True)

    assert fmean(len(text.split()) for text in best[:60]) > 2 * fmean(
        len(text.split()) for text in best[-60:]
    )
    assert sum(substance(text) for text in said) / len(said) > 1.3 * sum(map(substance, asked)) / len(asked)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
