"""What every ticket tracker promises of writing, on the tracker's stand-in over real HTTP."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.annotation import Reach
from tests.contracts.ticket_trackers import ANNOTATION, DRAFT, EVIDENCE, QUOTE, TrackerUnderTest, ref_of

HOSTILE = [
    "<!channel> @here <@U123> <https://evil.example|our site>",
    "{color:red}*bold*{color} [link|https://evil.example] !image.png! {code}",
    '{"type":"doc","version":1,"content":[{"type":"mention","attrs":{"id":"1"}}]}',
    "abc \u202egnp.exe\u202c def",
    "word " * 8_000,
    "x" * 40_000,
    "🙂" * 20_000,
    "a\x00b\x07c\ud800d",
    "<table>" * 1_000,
    "",
]


def test_keeps_one_living_annotation_and_mails_nobody_twice(annotated_site: TrackerUnderTest) -> None:
    site = annotated_site
    ref = ref_of(site)
    first = site.tracker().annotate(ref, ANNOTATION, None)
    mails = site.annotations("FLD-1")[0].mails

    second = site.tracker().annotate(ref, replace(ANNOTATION, reach=Reach(99, 2)), first)

    [shown] = site.annotations("FLD-1")
    assert first == second
    assert shown.mails == mails or not site.edits_quietly
    assert "99 people" in shown.text


def test_finds_its_annotation_when_the_id_is_lost(annotated_site: TrackerUnderTest) -> None:
    site = annotated_site
    ref = ref_of(site)
    for number in range(5):
        site.comment("FLD-1", f"Comment {number}")
    made = site.tracker().annotate(ref, ANNOTATION, None)
    for number in range(5):
        site.comment("FLD-1", f"Later comment {number}")

    assert site.tracker().find_annotation(ref) == made
    assert site.tracker().annotate(ref, ANNOTATION, None) == made
    assert len(site.annotations("FLD-1")) == 1


def test_never_takes_a_comment_of_somebody_else_for_its_own(annotated_site: TrackerUnderTest) -> None:
    site = annotated_site
    ref = ref_of(site)
    site.comment("FLD-1", "voc.annotation")

    assert site.tracker().find_annotation(ref) is None


def test_makes_a_removed_annotation_anew(annotated_site: TrackerUnderTest) -> None:
    site = annotated_site
    ref = ref_of(site)
    first = site.tracker().annotate(ref, ANNOTATION, None)
    site.remove_annotations("FLD-1")

    second = site.tracker().annotate(ref, ANNOTATION, first)

    assert [shown.id for shown in site.annotations("FLD-1")] == [second]


def test_a_tracker_that_shows_each_piece_by_itself_says_so_and_writes_no_comment(
    self_explaining_site: TrackerUnderTest,
) -> None:
    site = self_explaining_site
    ref = ref_of(site)

    known = site.tracker().annotate(ref, ANNOTATION, None)
    site.tracker().link(ref, EVIDENCE)

    assert (known, site.tracker().find_annotation(ref)) == ("", None)
    assert (site.annotations("FLD-1"), set(site.links("FLD-1"))) == ([], {EVIDENCE.key})


@pytest.mark.parametrize("words", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_words_show_as_text_within_the_limits(site: TrackerUnderTest, words: str) -> None:
    ref = ref_of(site)
    quote = replace(QUOTE, words=words, role=words, company=words, plan=words)

    site.tracker().annotate(
        ref, replace(ANNOTATION, quotes=(quote,) * 3, context=((words, ((words, 1),)),)), None
    )
    site.tracker().link(ref, replace(EVIDENCE, title=words, summary=words, words=words))
    made = site.tracker().create(replace(DRAFT, title=words or "none", body=words))

    first_words = " ".join(words.split()[:3])[:20].translate({0: None, 7: None, 0xD800: None})
    assert first_words in site.shown("FLD-1")
    assert len(site.links("FLD-1")) == 1
    assert made.title


def test_linking_twice_leaves_one_link_that_shows_the_latest(site: TrackerUnderTest) -> None:
    ref = ref_of(site)

    first = site.tracker().link(ref, EVIDENCE)
    second = site.tracker().link(ref, replace(EVIDENCE, title="Shorter", is_answered=True))

    assert first == second
    assert site.links("FLD-1") == {EVIDENCE.key: "Shorter"}


def test_unlinking_removes_that_link_only_and_twice_is_no_error(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    other = replace(EVIDENCE, key="voc:feedback:8&x=1 ü")
    site.tracker().link(ref, EVIDENCE)
    site.tracker().link(ref, other)

    site.tracker().unlink(ref, EVIDENCE.key)
    site.tracker().unlink(ref, EVIDENCE.key)

    assert set(site.links("FLD-1")) == {other.key}


def test_links_evidence_without_an_address_too(site: TrackerUnderTest) -> None:
    ref = ref_of(site)

    site.tracker().link(ref, replace(EVIDENCE, url=""))

    assert set(site.links("FLD-1")) == {EVIDENCE.key}


def test_a_created_ticket_is_found_by_its_key(site: TrackerUnderTest) -> None:
    made = site.tracker().create(DRAFT)
    site.settle()

    assert (made.title, made.body, made.project) == (DRAFT.title, DRAFT.body, "FLD")
    assert site.tracker().find_created(DRAFT.key) == made
    assert site.tracker().find_created("another key") is None


def test_the_links_of_a_ticket_are_told_with_our_keys(site: TrackerUnderTest) -> None:
    ref = ref_of(site)
    site.tracker().link(ref, EVIDENCE)

    linked = site.tracker().linked(ref)

    assert [(one.key, one.url) for one in linked] == [(EVIDENCE.key, EVIDENCE.url)]


def test_many_tickets_are_read_by_id_and_missing_ones_are_left_out(site: TrackerUnderTest) -> None:
    ids = [site.write(key) for key in ("FLD-1", "FLD-2", "FLD-3")]
    site.delete("FLD-2")
    site.move("FLD-3", "OPS-7")

    found = site.tracker().many(ids)

    assert {(one.ref.external_id, one.key) for one in found} == {(ids[0], "FLD-1"), (ids[2], "OPS-7")}
