"""Annotations to write, and strategies for them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from bot.domain.annotation import Annotation, Evidence, Reach
from bot.domain.customer import Revenue
from bot.domain.quote import Span
from bot.domain.voice import QuotedVoice

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
QUOTE = QuotedVoice(
    feedback_id=7,
    turn_external_id="t1",
    spans=(Span(0, 31),),
    words="The map stays white after sync.",
    cut=True,
    said_at=NOW - timedelta(days=2),
    company="Acme",
    role="Dispatcher",
    plan="Team",
    segment="Utilities",
    since=datetime(2023, 3, 1, tzinfo=UTC),
    url="https://help.acme.example/tickets/7",
)
ANNOTATION = Annotation(
    reach=Reach(people=7, companies=3, revenue=(Revenue(Decimal("42000"), "EUR"),)),
    new_this_month=Reach(people=2, companies=1),
    pieces=9,
    quotes=(QUOTE, replace(QUOTE, company="", role="", plan="", segment="", since=None, url="", cut=False)),
    context=(("device", (("Pixel 8", 2), ("iPad", 1))), ("app_version", (("3.2", 4),))),
    first_heard=datetime(2026, 9, 1, tzinfo=UTC),
    last_heard=NOW - timedelta(days=2),
    heard_after_done=True,
    all_url="https://voc.example/tickets/FLD-1",
    wrong_match_url="https://voc.example/wrong/FLD-1",
)
EVIDENCE = Evidence(key="voc:feedback:7", title="The map stays white", url="https://voc.example/7")

TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet=st.characters(), max_size=60),  # lone surrogates too
    st.sampled_from(
        ["x" * 40_000, "word " * 9_000, "🙂" * 20_000, "\x00", "\u202e", "\n\n\t\r\n", "https://e.example"]
    ),
)
MOMENTS = st.datetimes(min_value=datetime(2000, 1, 1), max_value=datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
REACHES: st.SearchStrategy[Any] = st.builds(
    Reach,
    people=st.integers(0, 10**6),
    companies=st.integers(0, 10**6),
    revenue=st.lists(
        st.builds(Revenue, st.decimals(0, 10**9, places=2), st.sampled_from(["EUR", "USD", "JPY"])),
        max_size=3,
    ).map(tuple),
)
QUOTES = st.builds(
    replace,
    st.just(QUOTE),
    words=TEXTS,
    company=TEXTS,
    role=TEXTS,
    plan=TEXTS,
    segment=TEXTS,
    url=TEXTS,
    cut=st.booleans(),
    since=st.one_of(st.none(), MOMENTS),
)
VALUES = st.lists(st.tuples(TEXTS, st.integers(1, 10**6)), max_size=8).map(tuple)
ANNOTATIONS = st.builds(
    replace,
    st.just(ANNOTATION),
    reach=REACHES,
    new_this_month=REACHES,
    quotes=st.lists(QUOTES, max_size=5).map(tuple),
    context=st.lists(st.tuples(TEXTS, VALUES), max_size=8).map(tuple),
    heard_after_done=st.booleans(),
    all_url=TEXTS,
    wrong_match_url=TEXTS,
)
