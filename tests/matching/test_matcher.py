"""The matcher as its callers see it: verdicts, reasons, and the laws that hold for any text."""

from __future__ import annotations

import random
import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.match import Decision, Reason
from bot.matching.index import Member
from bot.matching.search import Piece
from bot.ports import Embedder, Reading
from tests.matching.builders import matcher_of, ticket, tickets

if TYPE_CHECKING:
    from bot.ports import Vectors

WORDS = st.sampled_from(
    "photo upload locked screen dark mode invoice pdf vpn login calendar day names 😀 5".split()
)
TEXTS = st.text(max_size=200) | st.lists(WORDS, max_size=12).map(" ".join)


@given(st.lists(TEXTS, max_size=5), st.lists(TEXTS, min_size=1, max_size=5))
def test_scores_are_probabilities_best_first(embedder: Embedder, titles: list[str], texts: list[str]) -> None:
    matcher = matcher_of(embedder, [ticket(number, title) for number, title in enumerate(titles, 1)])

    verdicts = matcher.match([Piece(number, text) for number, text in enumerate(texts)])

    for verdict in verdicts:
        scores = [one.score for one in (verdict.best, *verdict.others) if one is not None]
        assert all(0.0 <= score <= 1.0 for score in scores)
        assert scores == sorted(scores, reverse=True)


@given(st.lists(TEXTS, min_size=2, max_size=8), TEXTS, st.randoms(use_true_random=False))
def test_the_order_of_the_tickets_does_not_matter(
    embedder: Embedder, titles: list[str], text: str, order: random.Random
) -> None:
    known = [ticket(number, title, body=text[:40]) for number, title in enumerate(titles, 1)]
    shuffled = order.sample(known, len(known))

    verdicts = [matcher_of(embedder, some).match([Piece(1, text)]) for some in (known, shuffled)]

    assert verdicts[0] == verdicts[1]


@given(st.lists(TEXTS, min_size=1, max_size=6))
def test_matching_a_batch_twice_gives_the_same(embedder: Embedder, texts: list[str]) -> None:
    matcher = matcher_of(embedder, tickets())
    batch = [Piece(number, text) for number, text in enumerate(texts)]

    assert matcher.match(batch) == matcher.match(batch)


@given(TEXTS, st.sets(st.integers(1, 6)))
def test_a_rejected_ticket_never_returns(embedder: Embedder, text: str, rejected: set[int]) -> None:
    matcher = matcher_of(embedder, tickets())
    text += " APP-1 APP-2 https://acme.atlassian.net/browse/APP-3"

    (verdict,) = matcher.match([Piece(1, text, rejected=frozenset(rejected))])

    shown = {one.ticket_id for one in (verdict.best, *verdict.others) if one is not None}
    assert not shown & rejected


@pytest.mark.parametrize(
    "text", ["", "   ", "😀😠👍", "\x00", "\ud800", "!?…", "a " * 20_000, "a" * 40_000, "[" * 40_000]
)
def test_a_text_that_says_nothing_is_unmatched(embedder: Embedder, text: str) -> None:
    matcher = matcher_of(embedder, tickets())

    (verdict,) = matcher.match([Piece(1, text)])

    assert verdict.decision is Decision.UNMATCHED
    assert verdict.best is not None


@pytest.mark.parametrize(
    "body", ["[" * 32_000, "{code" * 6_000, "a: " + "x" * 32_000 + " b c d e f", "<" * 32_000]
)
def test_a_hostile_body_is_read_in_time(embedder: Embedder, body: str) -> None:
    matcher = matcher_of(embedder, [ticket(1, "Export", body)])

    (verdict,) = matcher.match([Piece(1, "export")])

    assert verdict.best is not None


def test_without_tickets_every_piece_is_unmatched(embedder: Embedder) -> None:
    verdicts = matcher_of(embedder, []).match([Piece(1, "Export invoices"), Piece(2, "APP-1")])

    assert [(verdict.decision, verdict.best) for verdict in verdicts] == [(Decision.UNMATCHED, None)] * 2


def test_finds_the_ticket_and_tells_the_shared_words(embedder: Embedder) -> None:
    matcher = matcher_of(embedder, tickets())

    (verdict,) = matcher.match([Piece(1, "my photos don't upload once the screen locks")])

    assert verdict.best is not None
    assert verdict.best.ticket_id == 1
    assert Reason("words", "photos, upload, screen") in verdict.best.reasons
    assert verdict.model.endswith(embedder.name)


def test_a_named_ticket_beats_any_score_and_the_first_wins(embedder: Embedder) -> None:
    matcher = matcher_of(embedder, tickets())

    (verdict,) = matcher.match([Piece(1, "Export invoices as PDF, as in APP-5 and APP-2; not APP-99")])

    assert verdict.decision is Decision.ATTACHED
    assert verdict.best is not None
    assert (verdict.best.ticket_id, verdict.best.score) == (5, 1.0)
    assert verdict.best.reasons == (Reason("reference", "APP-5"),)
    assert [one.ticket_id for one in verdict.others[:2]] == [2, 3]


def test_a_key_elsewhere_in_the_conversation_counts_after_those_in_the_text(embedder: Embedder) -> None:
    matcher = matcher_of(embedder, tickets())

    verdicts = matcher.match([Piece(1, "it fails", named=("APP-4",)), Piece(2, "as APP-2", named=("APP-4",))])

    assert [verdict.best.ticket_id for verdict in verdicts if verdict.best] == [4, 2]


def test_looks_only_in_the_projects_that_the_source_maps_to(embedder: Embedder) -> None:
    both = [ticket(1, "Export invoices as PDF", project="WEB"), ticket(2, "Dark mode", project="APP")]
    matcher = matcher_of(embedder, both)

    (verdict,) = matcher.match([Piece(1, "export invoices as PDF", projects=frozenset({"APP"}))])

    assert verdict.best is not None
    assert verdict.best.ticket_id == 2
    assert verdict.others == ()


def test_a_confirmed_piece_helps_the_very_next_match_until_it_is_undone(embedder: Embedder) -> None:
    matcher = matcher_of(embedder, tickets())
    piece = Piece(9, "the planner moved my dentist visit to Tuesday")
    said_before = Member(8, 5, "planner moved a dentist visit to the wrong day, Tuesday")

    (before,) = matcher.match([piece])
    matcher.attach([said_before])
    (after,) = matcher.match([piece])
    matcher.detach([(8, 5)])
    (undone,) = matcher.match([piece])

    assert before.best is not None
    assert after.best is not None
    assert after.best.ticket_id == 5
    assert after.best.score > before.best.score
    assert Reason("neighbour", "1") in after.best.reasons
    assert undone == before


def test_of_equal_tickets_the_lowest_id_leads_and_none_is_attached(
    embedder: Embedder,
) -> None:
    matcher = matcher_of(embedder, [ticket(number, "Export invoices as PDF") for number in (7, 3, 5)])

    (verdict,) = matcher.match([Piece(1, "export invoices as PDF")])

    assert verdict.best is not None
    assert [verdict.best.ticket_id, *(one.ticket_id for one in verdict.others)] == [3, 5, 7]
    assert verdict.decision is not Decision.ATTACHED


@settings(max_examples=20)
@given(st.lists(TEXTS, min_size=1, max_size=40))
def test_a_piece_scores_the_same_alone_and_in_a_batch(embedder: Embedder, texts: list[str]) -> None:
    matcher = matcher_of(embedder, tickets())

    together = matcher.match([Piece(1, text) for text in texts])
    alone = [matcher.match([Piece(1, text)])[0] for text in texts]

    for one, other in zip(together, alone, strict=True):
        assert one.best is not None
        assert other.best is not None
        assert one.best.score == pytest.approx(other.best.score, abs=1e-5)


class Held:
    """The embedder of the tests, but it does not go on with a ticket until it is let."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.name, self.dimensions, self.languages = "held", embedder.dimensions, embedder.languages
        self.came, self.may_go = threading.Event(), threading.Event()

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self._embedder.embed(texts)

    def read(self, texts: Sequence[str]) -> Reading:
        if "Held ticket" in texts:
            self.came.set()
            assert self.may_go.wait(60)
        return self._embedder.read(texts)


@pytest.mark.parametrize(
    ("title", "text", "shared"),
    [
        ("Die Karte, auf die das Geld geht", "Das ist die App, auf der das Konto fehlt", ""),
        ("Die Karte, auf die das Geld geht", "Wo ist das Geld, auf das ich warte?", "Geld"),
        ("Le paiement par la carte", "Comment faire pour la liste des amis par mail", ""),
        ("El pago con la tarjeta", "No me va la lista de los amigos con la app", ""),
        ("O pagamento com o cartão", "A lista dos amigos com os nomes para o email", ""),
        ("Il pagamento con la carta", "La lista degli amici con il nome della scuola", ""),
        ("De betaling met de kaart van mijn bank", "De lijst met de namen van mijn vrienden", ""),
        ("Everything is still the same", "Perhaps everything became the same, still", ""),
    ],
)
def test_words_that_tell_nothing_are_no_reason(
    embedder: Embedder, title: str, text: str, shared: str
) -> None:
    (verdict,) = matcher_of(embedder, [ticket(1, title)]).match([Piece(1, text)])

    assert verdict.best is not None
    assert [reason.detail for reason in verdict.best.reasons if reason.kind == "words"] == [shared] * bool(
        shared
    )


def test_shared_words_are_told_as_the_piece_has_them(embedder: Embedder) -> None:
    known = [ticket(1, "Batterys ubersicht"), ticket(2, "Dark mode")]

    (verdict,) = matcher_of(embedder, known).match([Piece(1, "Where is my battery’s ÜBERSICHT?")])

    assert verdict.best is not None
    assert Reason("words", "battery’s, ÜBERSICHT") in verdict.best.reasons


def test_what_is_hardly_alike_is_not_called_the_same(embedder: Embedder) -> None:
    (verdict,) = matcher_of(embedder, tickets()).match([Piece(1, "my dog barks at the postman")])

    assert verdict.best is not None
    assert verdict.best.reasons == (Reason("likeness", ""),)


def test_matches_go_on_while_tickets_are_made_ready(embedder: Embedder) -> None:
    held = Held(embedder)
    matcher = matcher_of(held, tickets())
    update = threading.Thread(target=matcher.put, args=([ticket(7, "Held ticket")],))
    update.start()
    assert held.came.wait(60)

    (before,) = matcher.match([Piece(1, "a held ticket")])
    held.may_go.set()
    update.join(60)
    (after,) = matcher.match([Piece(1, "a held ticket")])

    assert before.best is not None
    assert before.best.ticket_id != 7
    assert after.best is not None
    assert after.best.ticket_id == 7
