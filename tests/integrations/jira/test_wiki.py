"""Wiki text: inert whatever customers say, within the limit, and read back as text whatever it holds."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.annotation import Annotation
from bot.domain.inert import clean, is_address
from bot.domain.layout import blocks_of
from integrations.jira.wiki import annotation_text, to_text, wiki_of
from integrations.sandbox.jira import wiki as judge
from integrations.sandbox.jira.adf import utf16
from integrations.sandbox.viewer import adf
from tests.integrations.jira.annotations import ANNOTATION, ANNOTATIONS, QUOTE, TEXTS

SIGNS = st.text(alphabet="\\{}[]()|!*_?+^~#-:;/.<>&@ \nabch1q23", max_size=80)
PIECES = st.lists(
    st.sampled_from(
        r"""{code} {quote} {color:red} {noformat} [~ada] [^a.txt] [a|https://e.example] https://e.example
        !a.png! h1. bq. ---- *a* _a_ ??a?? +a+ ^a^ ~a~ -a- {{a}} || | \\ :) ;) (/) (x) # * - -- --- FLD-1
        mailto:a@e.example &#42; {anchor:x} @ada 1. \{code} [a] !a|thumbnail! {*}a{*} a-b A-b-1
        file://e.example""".split(" ")
    ),
    max_size=30,
).map(" ".join)
HOSTILE = st.one_of(SIGNS, PIECES, TEXTS)


@given(HOSTILE)
def test_no_sign_of_any_text_is_live_and_every_word_is_shown(text: str) -> None:
    shown = wiki_of(text)

    assert judge.live(shown) == []
    assert utf16(shown) <= 32_767
    if utf16(text) <= 5_000:
        assert judge.plain(shown).split() == clean(text).split()


@given(HOSTILE)
def test_a_text_is_read_back_as_it_was_written(text: str) -> None:
    text = text[:5_000]

    assert to_text(wiki_of(text)).split() == clean(text).split()


@given(ANNOTATIONS, HOSTILE)
def test_an_annotation_holds_our_own_markup_alone(annotation: Annotation, words: str) -> None:
    quoted = tuple(replace(q, words=words, role=words[:90]) for q in annotation.quotes)
    annotation = replace(annotation, quotes=quoted)

    shown = annotation_text(annotation)

    ours = [words for block in blocks_of(annotation) for line in block.lines for words in line]
    assert utf16(shown) <= 32_767
    assert {one.kind for one in judge.live(shown)} <= {"macro", "link", "strong"}
    assert {one.text for one in judge.live(shown) if one.kind == "macro"} <= {"quote"}
    assert [*targets(shown)] == [words.url for words in ours if words.url]
    assert strong(shown) == sum(words.is_strong for words in ours)


def targets(shown: str) -> list[str]:
    """Return where the links lead; a bracket in an address is written as %5B or %5D."""
    inside = [one.text.partition("|")[2] for one in judge.live(shown) if one.kind == "link"]
    return [url if "%5" not in url else unquote(url) for url in inside]


def strong(shown: str) -> int:
    return sum(one.kind == "strong" for one in judge.live(shown))


def test_an_annotation_reads_like_the_document_on_cloud() -> None:
    shown = annotation_text(replace(ANNOTATION, quotes=(replace(QUOTE, words="It *is* {code}", cut=False),)))

    assert shown.splitlines()[0].startswith("*7 people · 3 companies · EUR 42,000 a year* &#124; new in")
    assert "{quote}\n“It &#42;is&#42; &#123;code&#125;”\n— Dispatcher at Acme" in shown
    assert "[conversation|https://help.acme.example/tickets/7]\n{quote}" in shown
    assert judge.plain(shown).splitlines()[3] == "“It *is* {code}”"


def test_addresses_as_long_as_can_be_and_quotes_of_signs_alone_still_fit() -> None:
    url = "https://e.example/" + "a" * 1_980
    quote = replace(QUOTE, words="{" * 3_000, role="{" * 90, company="{" * 90, plan="{" * 90, url=url)
    annotation = replace(ANNOTATION, quotes=(quote,) * 3, workaround=quote, all_url=url, wrong_match_url=url)
    long = tuple(("{" * 90, tuple(("{" * 90, 9) for _ in range(9))) for _ in range(9))

    shown = annotation_text(replace(annotation, context=long))

    assert is_address(url)
    assert 20_000 < utf16(shown) <= 32_767


@pytest.mark.parametrize(
    ("wiki", "text"),
    [
        ("h2. Steps\n# open *the map*\n# wait", "Steps\n- open the map\n- wait"),
        ("{code:java}if (a[0]) { *x }{code} after", "if (a[0]) { *x } after"),
        (
            "See [the page|https://e.example/a|tip], [https://e.example] and [~ada]",
            "See the page, https://e.example and @ada",
        ),
        ("{panel:title=Note}Inside{panel} {name}", "Inside {name}"),
        ("{color:red}red{color} and {{mono}} and ??cited??", "red and mono and cited"),
        ("||Head||Two||\n|a|b|", "Head Two\na b"),
        ("before !shot.png|thumbnail! after", "before  after"),
        ("bq. said\n----\nnext", "said\n\nnext"),
        (r"C:\\temp and \{braces\} and &#42;", "C:\ntemp and {braces} and *"),
        ("2 * 3 * 4 and a_b_c and 5-3", "2 * 3 * 4 and a_b_c and 5-3"),
        ("Wow! Really!", "Wow! Really!"),
        (None, ""),
    ],
)
def test_peoples_wiki_text_is_read_as_its_words(wiki: str | None, text: str) -> None:
    assert to_text(wiki) == text


@given(HOSTILE)
def test_reading_survives_any_text(text: str) -> None:
    assert isinstance(to_text(text), str)


def test_the_viewer_shows_a_comment_as_its_readers_see_it() -> None:
    quote = replace(QUOTE, words="It *is* <b>white</b>", cut=False)

    shown = str(adf.to_html(annotation_text(replace(ANNOTATION, quotes=(quote,)))))

    assert (
        "<p dir=auto><b>7 people · 3 companies · EUR 42,000 a year</b> | new in the last 30 days: " in shown
    )
    assert "<blockquote dir=auto>“It *is* &lt;b&gt;white&lt;/b&gt;”<br>— Dispatcher at Acme" in shown
    assert f'<a href="{QUOTE.url}" target="_blank" rel="noreferrer noopener">conversation</a>' in shown
    assert "&#" not in shown


@given(HOSTILE)
def test_the_viewer_shows_every_word_and_no_tag_of_anybodys(text: str) -> None:
    shown = str(adf.to_html(wiki_of(text[:5_000])))

    words = re.sub(r"</?(?:p|br)(?: dir=auto)?>", " ", shown)
    assert "<" not in words
    assert html.unescape(words).split() == clean(text[:5_000]).split()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("{code}", "macro"),
        ("[~ada]", "mention"),
        ("[a|https://e.example]", "link"),
        ("[^a.txt]", "attachment"),
        ("!a.png!", "image"),
        ("a https://e.example", "address"),
        ("a\nh1. b", "heading"),
        ("bq. b", "quote"),
        ("* a", "list"),
        ("----", "rule"),
        ("|a|", "table"),
        ("*a b*", "strong"),
        ("{{a}}", "macro"),
        ("a -- b", "dash"),
        ("a\\\\b", "break"),
        ("(/)", "face"),
        ("FLD-1", "key"),
        ("-a-", "phrase -"),
        ("??a??", "phrase ??"),
    ],
)
def test_the_judge_sees_what_is_live(text: str, kind: str) -> None:
    assert kind in {one.kind for one in judge.live(text)}
