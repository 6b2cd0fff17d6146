"""References, prose and words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.prose import prose
from bot.matching.references import references
from bot.matching.words import folded, surfaces, terms

KNOWN = frozenset({"APP", "WEB", "A2B", "OPS_1"})


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("see APP-12, please", ["APP-12"]),
        ("(APP-12) and WEB-3. Again APP-12!", ["APP-12", "WEB-3"]),
        ("A2B-7 OPS_1-9", ["A2B-7", "OPS_1-9"]),
        ("https://acme.atlassian.net/browse/app-12?focusedId=1", ["APP-12"]),
        ("https://acme.atlassian.net/jira/software/projects/APP/boards/1?selectedIssue=APP-3", ["APP-3"]),
        ("https://linear.app/acme/issue/WEB-4/export-fails and APP-1", ["WEB-4", "APP-1"]),
        ("UTF-8, ISO-8601, COVID-19, SHA-256, CVE-2024-12345", []),
        ("2026-11-23, v1.2-3, APP-12-3, APP-0, APP-12.5, app-12, xAPP-1, APP-1x, me@APP-1", []),
        ("", []),
    ],
)
def test_finds_the_keys_of_known_projects_only(text: str, keys: list[str]) -> None:
    assert references(text, KNOWN) == keys


def test_a_word_that_looks_like_a_key_counts_where_such_a_project_exists() -> None:
    assert references("COVID-19 is back", {"COVID"}) == ["COVID-19"]


@given(st.text(), st.sampled_from(["APP-12", "WEB-7"]))
def test_a_key_between_spaces_is_always_found(around: str, key: str) -> None:
    assert key in references(f"{around} {key} {around}", KNOWN)


BODY = """### Steps to reproduce
1. Open the [gallery](https://example.com/gallery)
2. Lock the screen

<!-- Thanks for reporting! Please
fill in the form. -->
- [x] I have searched
Android version: 9
**Device model:** Pixel
The upload **stops** at once: nothing arrives on the server until I unlock it.
```
java.lang.NullPointerException: x
```
    at com.example.Upload.run(Upload.java:140)
Caused by: java.io.IOException
2020-02-11 18:27:43.753 E/AndroidRuntime: FATAL
{code:java}int x;{code}
h3. Expected
"""


def test_prose_keeps_sentences_and_drops_templates_code_and_logs() -> None:
    assert prose(BODY).splitlines() == [
        "1. Open the gallery",
        "2. Lock the screen",
        "The upload  stops  at once: nothing arrives on the server until I unlock it.",
    ]


@given(st.text())
def test_prose_adds_no_letters(body: str) -> None:
    letters = [letter for letter in prose(body) if letter.isalnum()]

    rest = iter(body)
    assert all(letter in rest for letter in letters)


@pytest.mark.parametrize(
    "forms",
    [
        ("crash", "crashes", "crashed", "crashing"),
        ("upload", "uploads", "uploading"),
        ("battery", "batteries"),
        ("file", "files"),
        ("cache", "caches", "cached", "caching"),
        ("ÉCRAN", "ecran", "écran"),
        ("ﬁle", "file"),
    ],
)
def test_forms_of_a_word_are_one_term(forms: tuple[str, ...]) -> None:
    assert len({term for form in forms for term in terms(form)}) == 1


def test_japanese_and_chinese_are_cut_into_pairs_and_korean_stays_apart_from_latin() -> None:
    assert surfaces("写真アップ") == ["写真", "真ア", "アッ", "ップ"]
    assert surfaces("pdf出力") == ["pdf", "出力"]


def test_stop_words_and_lone_letters_are_no_terms() -> None:
    assert terms("I can't do it with a 5 but x") == []


@given(st.text(max_size=300))
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text())
def test_terms_hold_no_spaces_and_are_never_empty(text: str) -> None:
    assert all(term and not any(letter.isspace() for letter in term) for term in terms(text))
