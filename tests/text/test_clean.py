from __future__ import annotations

import html
import re
import time
import unicodedata
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.feedback import Markup
from bot.text.clean import clean
from tests.text.mails import ASK, MAILS, Mail

# The oracle: what is seen, said again in other words and with another parser.
_BREAKS = frozenset("p div br li ul ol table tr td th h1 h2 h3 pre blockquote hr body html".split())
_NOT_SHOWN = frozenset("script style title template".split())


class _Visible(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._unseen or tag in _NOT_SHOWN or "hidden" in dict(attrs):
            self._unseen += tag not in ("br", "hr", "img")
        self.text += " " if tag in _BREAKS and not self._unseen else ""

    def handle_endtag(self, tag: str) -> None:
        self.text += " " if tag in _BREAKS and not self._unseen else ""
        self._unseen -= self._unseen > 0

    def handle_data(self, data: str) -> None:
        self.text += "" if self._unseen else data


def visible_words(original: str, markup: Markup) -> list[str]:
    if markup is Markup.HTML:
        parser = _Visible()
        parser.feed(original)
        parser.close()
        original = parser.text
    return _seen(original).split()


def _seen(text: str) -> str:
    """Without format and control characters, surrogates and what is no character."""
    kept = (
        char
        for char in text
        if char.isspace()
        or (unicodedata.category(char) not in ("Cf", "Cc", "Cs") and char not in "\u034f\ufffe\uffff")
    )
    return "".join(
        char for char in kept if not 0xE0000 <= ord(char) <= 0xE0FFF and not 0x2060 <= ord(char) <= 0x206F
    )


def is_subsequence(part: list[str], whole: list[str]) -> bool:
    rest = iter(whole)
    return all(word in rest for word in part)


_LINES = st.sampled_from(
    [line for mail in MAILS if mail.markup is Markup.PLAIN for line in mail.original.split("\n")]
    + [
        "--",
        ">",
        "> 5 rows",
        "",
        "Thanks!",
        "Best,",
        "Ada",
        "PS: more",
        "\u202eabc",
        "😀",
        "<!channel>",
        "On 1 x wrote:",
    ]
)
_PLAIN = st.one_of(st.text(), st.lists(_LINES, max_size=14).map("\n".join))


@st.composite
def _html(draw: st.DrawFn, depth: int = 3) -> str:
    text = html.escape(
        draw(st.text(st.characters(exclude_characters="\r\x00", exclude_categories=["Cs"]), max_size=12))
    )
    if not depth:
        return text
    inside = "".join(draw(st.lists(_html(depth=depth - 1), max_size=3)))
    tag = draw(st.sampled_from("div span b blockquote ul script style pre".split()))
    if tag in ("script", "style"):
        inside = re.sub("[<&]", "", inside)
    about = draw(
        st.sampled_from(["", " hidden", ' class="gmail_quote"', ' type="cite"', " title='a>b'", " dir=ltr"])
    )
    return f"{text}<{tag}{about}>{inside}</{tag}>" + draw(
        st.sampled_from(["", "<br>", "<img alt=x>", "<!-- a -->"])
    )


_CHANNELS = st.sampled_from(["", "email", "web", "chat", "app review"])


@given(_PLAIN, _CHANNELS)
def test_the_words_of_cleaned_text_are_a_subsequence_of_those_received(original: str, channel: str) -> None:
    cleaned = clean(original, Markup.PLAIN, channel=channel)

    assert is_subsequence(_seen(cleaned).split(), visible_words(original, Markup.PLAIN))


@given(_html(), _CHANNELS)
def test_the_words_of_cleaned_html_are_a_subsequence_of_the_visible_ones(original: str, channel: str) -> None:
    cleaned = clean(original, Markup.HTML, channel=channel)

    assert is_subsequence(_seen(cleaned).split(), visible_words(original, Markup.HTML))


@given(_PLAIN, _CHANNELS)
def test_cleaning_plain_text_again_changes_nothing(original: str, channel: str) -> None:
    once = clean(original, Markup.PLAIN, channel=channel)

    assert clean(once, Markup.PLAIN, channel=channel) == once


@given(_PLAIN, _CHANNELS)
def test_text_with_words_is_never_cleaned_to_nothing(original: str, channel: str) -> None:
    cleaned = clean(original, Markup.PLAIN, channel=channel)

    assert any(map(str.isalnum, cleaned)) == any(map(str.isalnum, _seen(original)))


@given(_PLAIN)
def test_a_chat_loses_nothing_but_unseen_characters(original: str) -> None:
    cleaned = clean(original, Markup.PLAIN, channel="chat")

    assert _seen(cleaned).split() == visible_words(original, Markup.PLAIN)


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.name)
def test_only_the_new_words_of_a_mail_are_kept(mail: Mail) -> None:
    assert clean(mail.original, mail.markup, channel="email") == mail.new


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.name)
def test_the_words_of_every_known_mail_are_a_subsequence(mail: Mail) -> None:
    assert is_subsequence(mail.new.split(), visible_words(mail.original.replace("&#8203;", ""), mail.markup))


def test_a_support_tools_own_line_ends_the_new_words() -> None:
    original = f"{ASK}\n\n~~~ Antwort bitte hierüber ~~~\n\nalte Worte"

    assert clean(original, Markup.PLAIN, staff_delimiters=["~~~ Antwort"]) == ASK


HOSTILE = {
    "mentions": ("<!channel> @here <@U123> <#C1|x>", "<!channel> @here <@U123> <#C1|x>"),
    "Jira macros": ("{code}x{code} [~admin] !http://x/y.png!", "{code}x{code} [~admin] !http://x/y.png!"),
    "turned text": ("abc\u202egnp.exe\u202c \u2066x\u2069 a\u200fb", "abcgnp.exe x ab"),
    "NUL and controls": ("a\x00b\x07c\x1b[31m\x85d", "abc[31m\nd"),
    "hidden tags": ("hi\U000e0041\U000e0042", "hi"),
    "lone surrogate": ("a\ud800b", "ab"),
    "joiner within an address": ("ada@\u200dcorp.example", "ada@corp.example"),
    "only emoji": ("😀👍🏽👨‍👩‍👧", "😀👍🏽👨‍👩‍👧"),
    "JSON": ('{"type":"doc","content":[]}', '{"type":"doc","content":[]}'),
    "nothing": (" \n\t\u200b", ""),
}


@pytest.mark.parametrize("name", HOSTILE)
@pytest.mark.parametrize("markup", [Markup.PLAIN, Markup.HTML])
def test_hostile_text_stays_text(name: str, markup: Markup) -> None:
    original, expected = HOSTILE[name]
    if markup is Markup.HTML:
        original, expected = html.escape(original), expected.replace("\n", " ")

    # Escaped or not, and however often it is unescaped again, it is the same harmless text.
    assert clean(original, markup).replace("\n", " ") == expected.replace("\n", " ")


def test_characters_hidden_in_entities_are_dropped_too() -> None:
    assert clean("a&#8238;b&#x0;c&#xD800;d&#" + "9" * 5000 + ";e", Markup.HTML) == "ab\ufffdc\ufffdde"


BOMBS = {
    "nested": "<div>" * 100_000 + "x",
    "options": "<select>" + "<option>x" * 90_000,
    "unmatched ends": "<div>" * 60_000 + "<span>" * 60_000 + "</em>" * 60_000,
    "misnested": "<b><p>x" * 120_000,
    "open tags": "<" * 1_000_000,
    "open attribute": "<a href='" * 100_000,
    "attributes": "<p " + " ".join(f"a{n}=b" for n in range(110_000)),
    "hidden": "<p hidden>" * 100_000,
    "styled": "<p style='display:none'>x</p>y" * 33_000,
    "entities": "&#" * 500_000,
    "header lines": "a: b\n" * 200_000,
    "From lines": "From: a\nSent: b\n" * 60_000,
    "attributions": "On 1 " * 200_000 + "\n" + "On 1 x\n" * 20_000,
    "signatures": "x\n" + "--\nx\n" * 100_000,
    "quotes": "> x\ny\n" * 100_000,
    "one line": "a" * 1_000_000,
    "white space": " \n" * 500_000,
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BOMBS)
@pytest.mark.parametrize("markup", Markup)
def test_a_megabyte_made_to_be_slow_takes_seconds_at_most(name: str, markup: Markup) -> None:
    start = time.perf_counter()

    clean(BOMBS[name], markup, channel="email")

    assert time.perf_counter() - start < 10


def test_a_long_turn_is_kept_whole() -> None:
    original = ASK + " word" * 8_000

    assert clean(original, Markup.PLAIN, channel="email") == original
