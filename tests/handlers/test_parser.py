"""What is typed after a verb: words, quotations and filters, from any keyboard."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.errors import RequestError
from handlers.commands.dates import since_of, span_of, until_of
from handlers.commands.parser import CLOSING, ESCAPED, Token, nearest, parse

KEYS = ("since", "source", "company")
NOW = datetime(2026, 11, 18, 10, tzinfo=UTC)


def refusal(typed: str, keys: Any = KEYS) -> str:
    with pytest.raises(RequestError) as caught:
        parse(typed, keys)
    return str(caught.value)


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("dark mode", ("dark", "mode")),
        ('"dark mode" please', ("dark mode", "please")),
        ("“dark mode” please", ("dark mode", "please")),
        ("”dark mode”", ("dark mode",)),
        ("„dunkler Modus“ bitte", ("dunkler Modus", "bitte")),
        ("« mode sombre »", ("mode sombre",)),
        ('“the "export" button”', ('the "export" button',)),
        ('“mixed marks"', ("mixed marks",)),
        ("'two words'", ("two words",)),
        ("‘it doesn’t work’", ("it doesn’t work",)),
        ("it doesn't work", ("it", "doesn't", "work")),
        ("'tis", ("'tis",)),
        ('a 5" screen', ("a", '5"', "screen")),
        (r"\"dark mode\"", ('"dark', 'mode"')),
        (r"two\ words", ("two words",)),
        (r"C:\temp", (r"C:\temp",)),
        ("Tom &amp; Ann &lt;3", ("Tom", "&", "Ann", "<3")),
        ('""', ()),
        ("", ()),
    ],
)
def test_words_and_quotations_are_read_as_they_are_meant(typed: str, words: tuple[str, ...]) -> None:
    assert parse(typed, KEYS).words == words


@pytest.mark.parametrize(
    ("typed", "filters"),
    [
        ("x since:30d source:zendesk", {"since": "30d", "source": "zendesk"}),
        ('company:"Acme Inc" x', {"company": "Acme Inc"}),
        ("x company:“Acme Inc”", {"company": "Acme Inc"}),
        ("x Company:Acme", {"company": "Acme"}),
        (r"x since\:30d", {}),
        ("x https://acme.example/since:3", {}),
        ("x error:404 at 12:30", {}),
        ('x "since:30d"', {}),
    ],
)
def test_filters_are_keys_of_the_verb_with_a_value(typed: str, filters: dict[str, str]) -> None:
    typed_ = parse(typed, KEYS)

    assert dict(typed_.filters) == filters
    assert "x" in typed_.words


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("x sorce:zendesk", "Did you mean `source:`?"),
        ("x since:", "`since:` needs a value right after the colon, for example `since:30d`"),
        ("x since: 30d", "`since:` needs a value"),
        ("x source:a source:b", "`source:` is there twice"),
        ('x "never closed', 'The quotation "never closed has no end. Close it with ".'),
        ("x „nie zu", "has no end. Close it with ”."),
    ],
)
def test_a_slip_is_answered_with_the_field_and_what_to_type(typed: str, said: str) -> None:
    assert said in refusal(typed)


def test_without_keys_everything_is_a_word() -> None:
    assert parse("voc:zendesk:123:1 since:30d").words == ("voc:zendesk:123:1", "since:30d")


def written(token: Token) -> str:
    """Return the token as a careful person would type it."""
    text = "".join(f"\\{c}" if c in ESCAPED else c for c in token.text)
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = f'"{text}"' if token.is_quoted else text
    return f"{token.key}:{text}" if token.key else text


WORDS = st.text(min_size=1).map(str.strip).filter(bool)
TOKENS = st.builds(Token, WORDS, st.just(""), st.just(True)) | st.builds(
    Token, WORDS.filter(lambda text: not any(c.isspace() for c in text)), st.just(""), st.just(False)
)


@given(st.lists(TOKENS), st.dictionaries(st.sampled_from(KEYS), WORDS))
@example([Token("&amp;", "", True)], {"company": "a\\"})
def test_whatever_is_written_with_care_is_read_back(tokens: list[Token], filters: dict[str, str]) -> None:
    parts = [written(token) for token in tokens]
    parts += [written(Token(value, key, True)) for key, value in filters.items()]

    typed = parse(" ".join(parts), KEYS)

    assert list(typed.tokens) == tokens
    assert dict(typed.filters) == filters


@given(st.text(alphabet=st.sampled_from([*CLOSING, *ESCAPED, *"since:30d \n\t’x&;lt"]) | st.characters()))
def test_whatever_is_typed_is_read_or_refused_in_words(typed: str) -> None:
    said = ""
    try:
        read = parse(typed, KEYS)
    except RequestError as refused:
        said = str(refused)

    if said:
        assert said.endswith(".")
    else:
        assert set(read.filters) <= set(KEYS)
        assert all(read.words)


def test_the_nearest_word_is_offered_and_nothing_far_off() -> None:
    assert nearest("Serch", ["search", "status"]) == "search"
    assert nearest("xyzzy", ["search", "status"]) == ""


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        *(("30d", 30), ("2w", 14), ("3M", 90), ("1y", 365), ("1 day", 1), ("2 Weeks", 14), ("3months", 90)),
        *(("0d", None), ("d", None), ("٣d", None), ("9999y", None), ("101y", None), ("2 wee", None)),
    ],
)
def test_spans_are_days_weeks_months_and_years(typed: str, days: int | None) -> None:
    assert span_of(typed) == (None if days is None else timedelta(days=days))


def test_a_day_begins_and_ends_in_the_readers_zone() -> None:
    assert since_of("2026-10-01", NOW, "Europe/Berlin") == datetime(2026, 9, 30, 22, tzinfo=UTC)
    assert until_of("2026-10-25", NOW, "Europe/Berlin") == datetime(2026, 10, 25, 23, tzinfo=UTC)
    assert since_of("today", NOW, "Asia/Tokyo") == datetime(2026, 11, 17, 15, tzinfo=UTC)
    assert since_of("30d", NOW, "UTC") == NOW - timedelta(days=30)


@given(st.text(max_size=12))
@example("9999y")
@example("0001-01-01")
@example("9999-12-31")
def test_any_other_day_is_refused_with_how_to_write_one(typed: str) -> None:
    for read, key in ((since_of, "since"), (until_of, "until")):
        said = ""
        try:
            moment = read(typed, NOW, "Asia/Tokyo")
        except RequestError as refused:
            said = str(refused)

        assert f"`{key}:2026-10-01`" in said if said else moment.utcoffset() == timedelta(0)
