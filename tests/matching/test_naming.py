"""Names: in the members' own words, nobody's alone, nothing private, and steady."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.customer import Person
from bot.domain.quote import Quote, Redaction, Span
from bot.domain.voice import Voice
from bot.matching.naming import Lexicon, Name
from bot.text.redact import find_private

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
OTHERS = ["The invoice is wrong again.", "Please cancel my plan.", "The app is slow today, please help."]


def voice(number: int, text: str, person: int | None = None, name: str = "") -> Voice:
    return Voice(
        feedback_id=number,
        conversation_id=number,
        source="zendesk",
        external_id=str(number),
        quote=Quote("t", (Span(0, len(text)),)),
        text=text,
        redactions=find_private(text),
        said_at=NOON,
        arrived_at=NOON,
        person=Person(id=person or number, name=name),
    )


def named(*texts: str, name: str = "") -> str:
    """Return the name of a theme of these texts, among others."""
    theme = [voice(number, text, name=name) for number, text in enumerate(texts, 1)]
    others = [voice(number, text) for number, text in enumerate(OTHERS, 100)]
    return Lexicon([*theme, *others]).name({v.feedback_id for v in theme}).words


def test_it_says_what_its_members_say_and_others_do_not() -> None:
    name = named(
        "Please add a dark mode to the app.",
        "A dark mode would help my eyes, please.",
        "Is there a dark mode for the app? My eyes hurt.",
    )

    assert name == "Dark mode"


def test_it_is_written_as_the_customers_wrote_it_most_often() -> None:
    name = named("Change my PIN please", "I must change my PIN", "change my PIN how?", "Changing the pins")

    assert name == "Change my PIN"


def test_what_is_not_so_is_part_of_it() -> None:
    name = named("My card has not arrived.", "My card has not arrived yet", "The card hasn't arrived")

    assert name == "Card has not arrived"


def test_what_belongs_to_its_last_word_is_part_of_it() -> None:
    assert named("Why can the card top up fail?", "Card top up!", "My card top up") == "Card top up"
    assert named("Rows gone. Cannot top up.", "Top up, rows!", "I top up. My rows?") == "Rows, top up"


def test_words_that_say_little_neither_begin_nor_end_it() -> None:
    name = named(
        "I tried to export rows today", "Tried to export rows again today", "Tried exporting rows, today"
    )

    assert name.lower().split()[0].startswith("export")
    assert name.endswith("rows")


@pytest.mark.parametrize(
    ("said", "often", "name"),
    [
        (
            ["Do you offer crypto top up?", "Will you offer crypto top up"],
            "I top up my phone",
            "Offer crypto top up",
        ),
        (
            ["A transfer from a UK bank?", "Transfer from a UK bank"],
            "My bank is closed",
            "Transfer from a UK bank",
        ),
        (
            [
                "The payment was declined",
                "My card payment was declined",
                "Card payment was declined again",
                "Why was the card payment declined?",
            ],
            "My card is gone",
            "Card payment was declined",
        ),
    ],
)
def test_it_is_no_part_of_what_several_say(said: list[str], often: str, name: str) -> None:
    theme = [voice(number, text) for number, text in enumerate(said, 1)]
    lexicon = Lexicon([*theme, *(voice(number, often) for number in range(100, 120))])

    assert lexicon.name({v.feedback_id for v in theme}).words == name


def test_it_ends_where_each_goes_on_in_another_way() -> None:
    said = ("The label printer loses rows", "Our label printer cuts rows", "My label printer jams")

    assert named(*said) == "Label printer"


@pytest.mark.parametrize(
    ("said", "name"),
    [
        (["Die Karte der Bank ist weg", "Wo ist die Karte der Bank?"], "Karte der Bank"),
        (["El pago de la factura falla", "El pago de la factura no va"], "Pago de la factura"),
        (["De kaart van mijn bank is weg", "Waar is de kaart van mijn bank?"], "Kaart van mijn bank"),
    ],
)
def test_function_words_of_other_languages_stand_inside_it_alone(said: list[str], name: str) -> None:
    assert named(*said) == name


def test_a_word_that_begins_with_a_small_letter_by_itself_stays_as_it_is() -> None:
    assert named("My iPhone app crashes", "The iPhone app crashes", "iPhone app crashes").startswith("iPhone")


def test_members_who_share_no_phrase_are_named_by_words() -> None:
    name = named("Rows are gone. My export.", "The export, please: rows!", "An export? It has rows?")

    assert name == "Export, rows"


def test_two_themes_never_bear_the_same_phrase() -> None:
    said = [voice(n, "The dark mode hurts my eyes") for n in range(1, 7)]
    others = [voice(n, text) for n, text in enumerate(OTHERS, 100)]
    lexicon = Lexicon([*said, *others], [Name("Hurts my eyes", ("hurt", "eye"))])

    names = {lexicon.name({1, 2, 3}).terms, lexicon.name({4, 5, 6}).terms}

    assert len(names) == 2
    assert ("hurt", "eye") not in names


def test_one_persons_words_are_no_name() -> None:
    theme = [voice(n, "The flux capacitor drips again.", person=1) for n in range(1, 4)]
    theme += [voice(4, "A pump drips.", person=2), voice(5, "It drips, the pump.", person=3)]

    name = Lexicon(theme).name({v.feedback_id for v in theme})

    assert "flux" not in name.words
    assert name.terms


@pytest.mark.parametrize(
    ("said", "hidden"),
    [
        ("Write to ann.smith@acme.example about the broken pump", "smith"),
        ("Call +49 30 901820 about the broken pump", "901820"),
        ("The pump 4711 is broken, 4711 I said", "4711"),
        ("See https://acme.example/pumps for the broken pump", "acme"),
        ("My name is Zbigniew Kowalski and the pump is broken", "kowalski"),
    ],
)
def test_nothing_private_and_no_bare_figure_becomes_a_name(said: str, hidden: str) -> None:
    name = named(said, said, said)

    assert hidden not in name.lower()
    assert "pump" in name.lower()


def test_the_speakers_own_names_are_no_part_of_it() -> None:
    name = named("Gaz here, the pump leaks. Cheers Gaz", "Gaz again: the pump leaks", name="Gaz Miller")

    assert "gaz" not in name.lower()
    assert "pump" in name.lower()


def test_it_stays_while_its_terms_stand_out_and_goes_when_they_do_not() -> None:
    theme = [voice(n, "The pump leaks oil on the floor") for n in range(1, 4)]
    lexicon = Lexicon([*theme, *(voice(n, text) for n, text in enumerate(OTHERS, 100))])

    kept = lexicon.name({1, 2, 3}, Name("Leaks oil", ("leak", "oil")))
    gone = lexicon.name({1, 2, 3}, Name("Gravel", ("gravel",)))

    assert kept.words == "Leaks oil"
    assert "ravel" not in gone.words


def test_a_list_gives_way_to_a_phrase() -> None:
    lexicon = Lexicon([voice(n, "The pump leaks oil on the floor") for n in range(1, 4)])

    assert "," not in lexicon.name({1, 2, 3}, Name("oil, floor", ("oil", "floor"))).words


def test_members_who_share_no_word_have_no_name() -> None:
    assert named("Tea, now", "Coffee, later") == ""


@given(st.lists(st.text(max_size=60), min_size=1, max_size=6))
def test_any_texts_have_a_name_of_at_most_four_terms_and_one_alone_has_none(
    texts: list[str],
) -> None:
    spoken = [voice(number, text) for number, text in enumerate(texts, 1) if text]

    name = Lexicon(spoken).name({v.feedback_id for v in spoken}) if spoken else Name("", ())

    assert len(name.terms) <= 4
    assert len(spoken) > 1 or not name.terms


WORDS = ("pump", "leaks", "oil", "not", "my", "Berlin", "the", "floor", "up", "again", "4711", ".")


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=9), min_size=2, max_size=5), st.data())
def test_a_phrase_is_a_members_own_of_words_that_two_say_and_nothing_redacted(
    said: list[list[str]], data: st.DataObject
) -> None:
    hidden = data.draw(st.sampled_from(["Berlin", "oil"]))
    spoken = [_hiding(voice(number, " ".join(words)), hidden) for number, words in enumerate(said, 1)]

    name = Lexicon(spoken).name({v.feedback_id for v in spoken}).words.lower()

    assert hidden.lower() not in name
    for word in set(name.replace(",", "").split()) - {"my", "the", "up"}:
        assert sum(word in v.text.lower().split() for v in spoken) >= 2
    assert ", " in name or any(name in v.text.lower() for v in spoken)


def _hiding(said: Voice, word: str) -> Voice:
    places = [m.span() for m in re.finditer(word, said.text)]
    return replace(said, redactions=tuple(Redaction(start, end, "name") for start, end in places))
