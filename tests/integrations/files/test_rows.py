"""Rows as conversations: ids, times, people, and what is refused."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from bot.domain.customer import Revenue
from bot.domain.feedback import Markup, Rating, ReceivedConversation
from integrations.files.file_map import FileMap
from integrations.files.records import Record
from integrations.files.refusal import RowRefused, form_of
from integrations.files.rows import Reader
from integrations.files.source import FeedbackFile
from tests.integrations.files.conftest import NOW, ReadMap, ReadRows

FULL = (
    "id,when,words,head,who,mail,uid,job,firm,web,tier,part,arr,stars,tongue,link,labels,app,unknown\n"
    "r-1,23/11/2026 08:30,<b>Slow</b>,Sync,Ann,Ann@Acme.example,u1,CTO,Acme  Ltd,acme.example,"
    "Team,SMB,1200.50,4,de,https://x.example/1,a| b |a,4.2,?\n"
)
MAP = """zone = "Europe/Berlin"
time_format = "%d/%m/%Y %H:%M"
markup = "html"
channel = "app review"
scale = 5
tag_separator = "|"
currency = "EUR"
period = "year"
[columns]
said_at = "when"
text = "words"
subject = "head"
author_name = "who"
author_email = "mail"
author_id = "uid"
author_role = "job"
company = "firm"
company_domain = "web"
plan = "tier"
segment = "part"
revenue = "arr"
score = "stars"
language = "tongue"
url = "link"
tags = "labels"
app_version = "app"
"""
HEADER = "id,created_at,text,author_id,author_email,author_name,score,url,company,revenue\n"
TIME = "2026-10-01T10:00:00Z"
SCORED = 'scale = 5\ncurrency = "EUR"\nperiod = "month"\n[columns]\nscore = "score"\nrevenue = "revenue"\n'


def one(rows: list[ReceivedConversation | RowRefused]) -> ReceivedConversation:
    assert len(rows) == 1
    assert isinstance(rows[0], ReceivedConversation), rows[0]
    return rows[0]


def test_everything_that_a_map_names_is_read(read: ReadRows) -> None:
    found = one(read(FULL, MAP))

    assert (found.external_id, found.subject, found.url) == ("r-1", "Sync", "https://x.example/1")
    assert found.created_at == found.updated_at == datetime(2026, 11, 23, 7, 30, tzinfo=UTC)
    assert (found.turns[0].original, found.turns[0].markup) == ("<b>Slow</b>", Markup.HTML)
    assert (found.channel, found.tags, found.rating) == ("app review", ("a", "b"), Rating(4, 5))
    assert [(fact.kind, fact.value, fact.origin) for fact in found.context] == [
        ("locale", "de", "file tongue"),
        ("app_version", "4.2", "file app"),
    ]
    person, company = found.customer, found.customer.company
    assert (person.external_id, person.name, person.email, person.role) == (
        "u1",
        "Ann",
        "Ann@Acme.example",
        "CTO",
    )
    assert company is not None
    assert (company.external_id, company.name, company.domains) == (
        "acme ltd",
        "Acme  Ltd",
        ("acme.example",),
    )
    assert company.fields == {"tier": "Team", "part": "SMB", "arr": "1200.50"}


def test_custom_fields_are_understood_and_the_rest_is_named(tmp_path: Path, as_map: ReadMap) -> None:
    (tmp_path / "reviews.csv").write_text(FULL, encoding="utf-8")

    file = FeedbackFile(tmp_path / "reviews.csv", as_map(MAP), now=NOW)

    assert file.unused == ["unknown"]
    assert file.fields.revenue_of({"arr": "1200.50"}) == Revenue(amount=Decimal("1200.50"), currency="EUR")


def test_a_person_is_known_by_id_else_by_e_mail_and_never_by_name(read: ReadRows) -> None:
    lines = [
        f"1,{TIME},a,u1,a@x.example,Ann",
        f"2,{TIME},b,,A@X.example,Ann",
        f"3,{TIME},c,,,Ann",
        f"4,{TIME},d,,,Ann",
    ]

    rows = read(HEADER + "".join(f"{line},,,,\n" for line in lines))

    ids = [row.customer.external_id for row in rows if isinstance(row, ReceivedConversation)]
    assert ids == ["u1", "a@x.example", "row 3", "row 4"]


def test_without_an_id_author_time_and_words_tell_rows_apart(read: ReadRows) -> None:
    rows = read(
        "created_at,text,author\n"
        f"{TIME},The export fails,Ann\n"
        "2026-10-01T12:00:00+02:00,  the EXPORT   fails ,ANN\n"
        f"{TIME},The export fails,Bob\n"
        "2026-10-01T10:00:01Z,The export fails,Ann\n"
        f"{TIME},The import fails,Ann\n"
    )

    ids = [row.external_id for row in rows if isinstance(row, ReceivedConversation)]
    assert len(ids) == len(set(ids)) == 4
    assert str(rows[1]).startswith("line 3, column id: has the id of line 2")


def test_the_same_row_twice_is_counted_and_other_content_of_one_id_refused(read: ReadRows) -> None:
    row = f"1,{TIME},same,,,,,,,\n"

    rows = read(HEADER + row + row + row.replace("same", "other"))

    assert len(rows) == 2
    assert "line 4, column id: has the id of line 2 and other content" in str(rows[1])


def test_a_rating_without_words_is_kept(read: ReadRows) -> None:
    found = one(read(HEADER + f"1,{TIME},,,,,0,,,\n", SCORED))

    assert (found.turns, found.rating) == ((), Rating(0, 5))


@pytest.mark.parametrize(
    ("row", "told"),
    [
        ("1.23E+15,{t},x,,,,,,,", "column id: “9.99a+99” is a number that a spreadsheet has rounded"),
        ('"1,2E15",{t},x,,,,,,,', "column id: “9,9a99” is a number"),
        ("1,{t},x,5E+09,,,,,,", "column author_id: “9a+99” is a number"),
        ("1,,x,,,,,,,", "column created_at: is empty"),
        ("1,03/04/2026,x,,,,,,,", "column created_at: “99/99/9999” is no ISO 8601 time"),
        ("1,1612010112345,x,,,,,,,", "column created_at: “9999999999999” is no ISO 8601 time"),
        ("1,2026-10-01 10:00,x,,,,,,,", "column created_at: “9999-99-99 99:99” is a time without an offset"),
        ("1,2026-02-30T10:00:00Z,x,,,,,,,", "column created_at: “9999-99-99a99:99:99a” is no ISO"),
        ("1,0001-01-01T00:00:00+14:00,x,,,,,,,", "is no ISO 8601 time"),
        ("1,2026-12-01T10:00:00Z,x,,,,,,,", "column created_at: 2026-12-01 lies ahead"),
        ("1,{t},,,,,,,,", "column text: is empty"),
        ("1,{t},x,,nobody,,,,,", "column author_email: “aaaaaa” is no e-mail address"),
        ("1,{t},x,,,,6,,,", "column score: “9” is no whole number from 0 to 5"),
        ("1,{t},x,,,,4.5,,,", "column score: “9.9” is no whole number"),
        ("1,{t},x,,,,,javascript:x,,", "column url: “aaaaaaaaaa:a” is no web address"),
        ('1,{t},x,,,,,,Acme,"1.200,50"', "column revenue: “9.999,99” is no plain number"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_place(read: ReadRows, row: str, told: str) -> None:
    rows = read(HEADER + row.format(t=TIME) + "\n", SCORED)

    assert [type(found) for found in rows] == [RowRefused]
    assert told in str(rows[0])
    assert str(rows[0]).startswith("line 2")


def test_a_list_where_one_text_belongs_is_refused(read: ReadRows) -> None:
    rows = read(f'{{"created_at": "{TIME}", "text": ["a", "b"]}}', name="reviews.jsonl")

    assert "column text: is a list of 2" in str(rows[0])


@pytest.mark.parametrize(
    ("form", "written"),
    [("unix", "1790848800"), ("unix_ms", "1790848800000"), ("%Y%m%d %H%M%z", "20261001 1200+0200")],
)
def test_times_of_a_named_form_are_read(read: ReadRows, form: str, written: str) -> None:
    found = one(read(f"date,text\n{written},x\n", f'time_format = "{form}"'))

    assert found.created_at == datetime(2026, 10, 1, 10, tzinfo=UTC)


def test_a_time_that_is_not_of_the_named_form_is_refused(read: ReadRows) -> None:
    rows = read("date,text\n10/31/2026,x\n", 'zone = "UTC"\ntime_format = "%d/%m/%Y"')

    assert "“99/99/9999” is no time of the form %d/%m/%Y" in str(rows[0])


@given(st.text(min_size=1))
def test_the_form_of_a_value_shows_no_letter_or_digit_of_it(value: str) -> None:
    shown = form_of(value).strip("“”").removesuffix("…")

    assert not set(shown) & {c for c in value if c.isalnum()} - {"a", "9"}
    assert shown.isprintable()


@given(
    st.dictionaries(
        st.sampled_from(["id", "at", "text", "mail", "url"]), st.text() | st.lists(st.text()).map(tuple)
    )
)
def test_whatever_a_row_holds_it_is_read_or_refused(values: dict[str, str | tuple[str, ...]]) -> None:
    columns = {"id": "id", "said_at": "at", "text": "text", "author_email": "mail", "url": "url"}
    reader = Reader(columns, FileMap(zone="UTC"), NOW)

    try:
        found = reader.conversation(Record(2, {"at": TIME, **values}))
    except RowRefused:
        event("refused")
    else:
        assert found.turns[0].original == values["text"]
        assert found == reader.conversation(Record(9, {"at": TIME, **values}))
