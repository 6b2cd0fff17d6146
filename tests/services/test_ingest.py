"""Feedback comes in: cleaned, joined to its person, set aside by rule, followed at its source."""

from __future__ import annotations

import pytest

from bot.domain.feedback import AuthorRole, Exclusion, Markup
from bot.domain.route import FieldMap, Rules
from bot.domain.voice import Voice, quoted
from bot.services.ingest import ingest, withdraw
from bot.text.asks import MOST_PIECES
from tests.builders import ACME, LAST_WEEK, conversation, person, turn
from tests.services.conftest import RULES, Store


def voice_of(store: Store, feedback_id: int) -> Voice:
    with store.work() as unit:
        return unit.pieces.voice(feedback_id)


def test_quotes_the_customers_words_and_nobody_elses(store: Store) -> None:
    turns = (
        turn("Which version do you use?", "a", role=AuthorRole.AGENT),
        turn("The export fails on every invoice with more than one page.", "b"),
        turn("Exports sometimes fail, linked to APP-1", "c", role=AuthorRole.AGENT, public=False),
    )

    [piece] = store.add(conversation("", turns=turns))

    voice = voice_of(store, piece)
    assert voice.words == "The export fails on every invoice with more than one page."
    assert voice.quote.turn_external_id == "b"
    assert [(f.kind, f.value) for f in voice.context] == [("reference", "APP-1")]


def test_what_leaves_the_house_is_redacted_and_the_stored_words_are_not(store: Store) -> None:
    said = "The export fails, write to ann@acme.example when it works again."

    [piece] = store.add(conversation(said))

    voice = voice_of(store, piece)
    assert voice.words == said
    assert quoted(voice, 40).words == "The export fails, write to [e-mail] when it works again."


def test_reading_the_same_again_changes_nothing(store: Store) -> None:
    received = conversation("The export fails on every page.")
    first = store.add(received)
    with store.work() as unit:
        again = ingest(unit, RULES, "zendesk", received, store.clock.now())
        unit.commit()

    assert not again.is_changed
    assert store.add(received) == first


def test_an_edit_makes_the_piece_due_again_with_its_new_words(store: Store) -> None:
    [piece] = store.add(conversation("The export fails on every page."))
    with store.work() as unit:
        before = unit.pieces.voice(piece).words_hash

    [same] = store.add(conversation("The import fails on every page."))

    assert same == piece
    voice = voice_of(store, piece)
    assert voice.words == "The import fails on every page."
    assert voice.words_hash != before
    with store.work() as unit:
        assert [v.feedback_id for v in unit.pieces.due_for_matching()] == [piece]


FIRST = "The invoice shows our old address."
OTHER = "Another question: can guests open the gate?"


def test_each_ask_of_a_conversation_is_a_piece_with_its_own_quote(store: Store) -> None:
    pieces = store.add(conversation(f"Hi,\n\n{FIRST}\n\n{OTHER}\n\nThanks!"))

    voices = [voice_of(store, piece) for piece in pieces]

    assert [(v.ordinal, v.words) for v in voices] == [(1, FIRST), (2, OTHER)]


def test_an_ask_that_stays_keeps_its_piece_and_one_that_goes_is_withdrawn(store: Store) -> None:
    first, second = store.add(conversation(f"{FIRST}\n\n{OTHER}"))

    now = store.add(conversation(f"{OTHER}\n\nSeparately, the printed labels come out too small."))

    assert [voice_of(store, piece).excluded for piece in now] == [Exclusion.GONE, None, None]
    assert now[:2] == [first, second]
    assert voice_of(store, second).words == OTHER


def test_a_conversation_that_was_deleted_and_is_back_has_its_pieces_again(store: Store) -> None:
    both = conversation(f"{FIRST}\n\n{OTHER}")
    before = store.add(both)
    with store.work() as unit:
        withdraw(unit, "zendesk", ["1"], store.clock.now())
        unit.commit()

    after = store.add(both)

    assert after == before
    assert [voice_of(store, piece).excluded for piece in after] == [None, None]


def test_a_conversation_that_grows_by_an_ask_keeps_what_it_had(store: Store) -> None:
    later = (
        turn("We changed it. Anything else?", "b", role=AuthorRole.AGENT),
        turn("Can guests open the gate with a code?", "c"),
    )
    [piece] = store.add(conversation("", turns=(turn(FIRST, "a"),)))

    same, new = store.add(conversation("", turns=(turn(FIRST, "a"), *later)))

    assert same == piece
    assert voice_of(store, new).words == "Can guests open the gate with a code?"


def test_asks_beyond_the_most_are_counted_in_the_log(store: Store, caplog: pytest.LogCaptureFixture) -> None:
    wishes = "My wishes:" + "".join(f"\n* wish number {n}" for n in range(MOST_PIECES))

    with caplog.at_level("INFO"):
        pieces = store.add(conversation("", turns=(turn(wishes, "a"), turn(OTHER, "b"))))

    assert len(pieces) == MOST_PIECES
    assert [vars(r)["asks"] for r in caplog.records if r.message == "asks in no piece"] == [1]


def test_sets_aside_staff_test_accounts_tags_and_the_wordless_by_rule(store: Store) -> None:
    staff = person("sam", None, email="sam@mail.voc.example")
    pieces = store.add(
        conversation("Our own export fails on page two.", "1", customer=staff),
        conversation("A test of the export on page two.", "2", customer=person("qa")),
        conversation("Buy cheap exports on page two now.", "3", tags=("Spam",)),
        conversation("👍👍👍", "4"),
    )

    reasons = [voice_of(store, piece).excluded for piece in pieces]

    assert reasons == [Exclusion.STAFF, Exclusion.TEST_ACCOUNT, Exclusion.TAG, Exclusion.NO_WORDS]
    with store.work() as unit:
        assert unit.pieces.due_for_matching() == []


def test_a_deletion_at_the_source_withdraws_the_piece(store: Store) -> None:
    [piece] = store.add(conversation("The export fails on every page."))

    with store.work() as unit:
        gone = withdraw(unit, "zendesk", ["1", "never seen"], store.clock.now())
        unit.commit()

    assert gone == 1
    assert voice_of(store, piece).excluded is Exclusion.GONE


def test_a_conversation_that_was_blacked_out_withdraws_its_words_for_good(store: Store) -> None:
    [piece] = store.add(conversation("My card is 4111 and the export fails."))

    store.add(conversation("", turns=(turn("▇▇▇▇", "1-t1", redacted=True),)))

    voice = voice_of(store, piece)
    assert voice.excluded is Exclusion.WITHDRAWN
    assert "4111" not in voice.text


def test_html_and_quoted_mail_leave_only_what_was_written_now(store: Store) -> None:
    mail = (
        "<div>The invoice total is off by a cent every month.</div>"
        '<div class="gmail_quote"><div class="gmail_attr">On Mon, 9 Nov 2026 at 10:00, Support '
        "&lt;help@voc.example&gt; wrote:<br></div>"
        '<blockquote class="gmail_quote">Did you try again?</blockquote></div>'
    )

    [piece] = store.add(
        conversation("", turns=(turn(mail, "m", markup=Markup.HTML),), channel="email"),
    )

    assert voice_of(store, piece).text == "The invoice total is off by a cent every month."


def test_maps_custom_fields_to_plan_segment_role_and_yearly_revenue(store: Store) -> None:
    mapping = FieldMap(
        plan="plan", segment="seg", role="job", revenue="mrr", currency_field="cur", period="month"
    )
    fields = {"plan": "Business", "seg": "smb", "mrr": "100.50", "cur": "eur"}
    company = ACME.__class__(external_id="acme", name="Acme", domains=("acme.example",), fields=fields)
    customer = person(company=company, fields={"job": "Bookkeeper"})

    with store.work() as unit:
        rules = Rules(fields={"zendesk": mapping})
        ingest(unit, rules, "zendesk", conversation("The export fails again.", customer=customer), LAST_WEEK)
        stored = unit.conversations.find("zendesk", "1")
        assert stored is not None
        found = unit.people.get(stored.person_id)
        unit.commit()

    assert (found.role, found.company and found.company.plan) == ("Bookkeeper", "Business")
    assert found.company is not None
    assert found.company.revenue is not None
    assert (str(found.company.revenue.amount), found.company.revenue.currency) == ("1206.00", "EUR")
    assert found.company.origin == "zendesk plan, seg, mrr"


def test_one_person_in_two_tools_is_one_person(store: Store) -> None:
    pieces = store.add(conversation("The export fails on Monday.", "1"))
    pieces += store.add(
        conversation("The export failed again.", "9", customer=person("ann", external_id="x77")),
        source="intercom",
    )

    people = {voice_of(store, piece).person.id for piece in pieces}

    assert len(people) == 1
