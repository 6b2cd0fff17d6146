"""The operator's map: what it may say, and what is asked where it says too little."""

from __future__ import annotations

import pytest

from bot.errors import RequestError
from integrations.files.file_map import FileMap, columns_of
from tests.integrations.files.conftest import ReadMap


def test_without_a_map_the_usual_names_are_taken() -> None:
    columns = columns_of(FileMap(), ["ID", "Created At", "channel", "Text", "stars"], "reviews.csv")

    assert columns == {"id": "ID", "said_at": "Created At", "channel": "channel", "text": "Text"}


def test_a_map_comes_before_the_usual_names(as_map: ReadMap) -> None:
    chosen = as_map('[columns]\ntext = "body"\nid = ""')

    columns = columns_of(chosen, ["id", "date", "text", "body"], "reviews.csv")

    assert columns == {"text": "body", "said_at": "date"}


def test_two_columns_that_could_be_meant_are_asked_for() -> None:
    with pytest.raises(RequestError, match="text could be comment or review"):
        columns_of(FileMap(), ["date", "comment", "review"], "reviews.csv")


def test_a_file_without_time_or_text_is_told_which_columns_there_are() -> None:
    with pytest.raises(RequestError, match=r"no column is known as said_at.*there are: when, text"):
        columns_of(FileMap(), ["when", "text"], "reviews.csv")


def test_a_column_that_is_not_there_is_told_with_the_nearest(as_map: ReadMap) -> None:
    chosen = as_map('[columns]\ntext = "Reveiw"')

    with pytest.raises(RequestError, match=r"no column 'Reveiw'.*Did you mean 'Review'"):
        columns_of(chosen, ["date", "Review"], "reviews.csv")


def test_revenue_needs_a_company(as_map: ReadMap) -> None:
    chosen = as_map('currency = "EUR"\nperiod = "year"\n[columns]\nrevenue = "arr"')

    with pytest.raises(RequestError, match=r"needs columns\.company"):
        columns_of(chosen, ["date", "text", "arr"], "reviews.csv")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("zome = 'UTC'", "zome is unknown. Did you mean 'zone'"),
        ("[columns]\nsaid_on = 'x'", "columns.said_on is unknown. Did you mean 'said_at'"),
        ("zone = 'Europe/Berlim'", "zone: is no time zone"),
        ("encoding = 'utf8000'", "encoding: is no text encoding"),
        ("encoding = 'rot13'", "encoding: is no text encoding"),
        ("time_format = '%H:%M'", "time_format: must hold day, month and year"),
        ("time_format = '%Q'", "time_format: must hold day, month and year"),
        ("time_format = '%d/%m/%Y'", 'needs e.g. zone = "Europe/Berlin"'),
        ("[columns]\nscore = 'stars'", "needs the highest score"),
        ("[columns]\nrevenue = 'arr'", "needs e.g. currency"),
        ("delimiter = ';;'", "delimiter: "),
        ("scale = '5'", "scale: "),
        ("period = 'week'", "period: "),
        ("columns = 1", "columns: "),
        ("text = ", "is no TOML"),
    ],
)
def test_a_wrong_map_is_told_by_key(as_map: ReadMap, text: str, told: str) -> None:
    with pytest.raises(RequestError) as caught:
        as_map(text)

    assert told in str(caught.value)
    assert str(caught.value).startswith("map.toml")
