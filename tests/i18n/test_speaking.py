"""Which language is spoken, and how numbers and days are written in it."""

from __future__ import annotations

import threading
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.customer import Revenue
from bot.i18n import forms, language, locale_of, nt, speaking, t


@pytest.mark.parametrize(
    ("tag", "spoken"),
    [("en-US", "en"), ("de-AT", "de"), ("fr", "fr"), ("ja-JP", "en"), ("", "en"), ("no language", "en")],
)
def test_a_language_without_a_catalogue_is_answered_in_english(tag: str, spoken: str) -> None:
    with speaking(tag):
        assert language() == spoken


@given(st.text(max_size=20))
def test_any_tag_gives_a_locale(tag: str) -> None:
    assert locale_of(tag).language in ("en", "de", "fr")


def test_a_language_ends_where_its_block_ends_and_holds_for_its_thread_alone() -> None:
    heard: list[str] = []
    with speaking("de"):
        other = threading.Thread(target=lambda: heard.append(language()))
        other.start()
        other.join()
        with speaking("fr"):
            heard.append(language())
        heard.append(language())

    assert [*heard, language()] == ["en", "fr", "de", "en"]


def test_braces_in_what_is_filled_in_stay_as_they_are() -> None:
    assert t("{numbers}, rising", numbers="{numbers} {0}") == "{numbers} {0}, rising"


@pytest.mark.parametrize(("number", "said"), [(0, "0 pieces"), (1, "1 piece"), (12_345, "12,345 pieces")])
def test_a_number_takes_the_form_that_the_language_has_for_it(number: int, said: str) -> None:
    assert nt("{n} piece", "{n} pieces", number) == said


@pytest.mark.parametrize(
    ("tag", "written"),
    [
        ("en", ["12,345", "87.3%", "9 Nov", "16–22 Nov 2026", "9:00 am"]),
        ("en-US", ["12,345", "87.3%", "Nov 9", "Nov 16 – 22, 2026", "9:00 AM"]),
        ("de-DE", ["12.345", "87,3 %", "9. Nov.", "16.–22. Nov. 2026", "09:00"]),
        ("fr-FR", ["12 345", "87,3 %", "9 nov.", "16–22 nov. 2026", "09:00"]),
    ],
)
def test_numbers_and_days_are_written_as_readers_write_them(tag: str, written: list[str]) -> None:
    with speaking(tag):
        found = [
            forms.decimal(12_345),
            forms.percent(0.873, 1),
            forms.day(date(2026, 11, 9)),
            forms.days(date(2026, 11, 16), date(2026, 11, 22)),
            forms.clock(datetime(2026, 11, 9, 9, 0)),  # noqa: DTZ001 - a local time
        ]

    assert [" ".join(one.split()) for one in found] == written


def test_a_sum_names_its_currency_by_its_code() -> None:
    assert forms.money(Revenue(Decimal(120_000), "EUR")) == "EUR 120K"
    with speaking("de"):
        assert forms.money(Revenue(Decimal("120000.40"), "EUR")) == "120.000 EUR"
        assert forms.money(Revenue(Decimal(1_200_000), "EUR")) == "1,2\xa0Mio. EUR"
