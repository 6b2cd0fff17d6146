"""Messages to render: believable ones, and hypothesis strategies for hostile ones."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from bot.domain.annotation import Reach
from bot.domain.customer import Revenue
from bot.domain.digest import (
    Counts,
    DigestSnapshot,
    Interview,
    Length,
    Quiet,
    Thanks,
    TicketName,
    TopTicket,
    Unticketed,
    Waiting,
)
from bot.domain.match import Reason
from bot.domain.message import (
    Card,
    CardState,
    DigestPost,
    Inbox,
    Message,
    Notice,
    Showing,
    ThemeAlert,
    TicketLine,
    TicketVoices,
)
from bot.domain.period import Rhythm, week_period
from bot.domain.quote import Span
from bot.domain.scope import Scope
from bot.domain.ticket import TicketStage
from bot.domain.voice import QuotedVoice
from bot.domain.week import Week

SAID_AT = datetime(2026, 11, 19, 10, tzinfo=UTC)
WEEK = week_period(Week(date(2026, 11, 16), "Europe/Berlin"))
HOSTILE = [
    "<!channel> <!here> <!everyone> <!subteam^S123> @here @channel <@U0ADA00001> <#C0PRODUCT1>",
    "<https://evil.example|Your bank> [x](https://evil.example) https://evil.example",
    "*bold* _italic_ ~strike~ `code` ```block``` > quote :rotating_light: &lt;!channel&gt;",
    "\u202egnirts desrever\u202c \u2066isolate \u200f\u200e RTL",
    "שלום עולם, הייצוא לא עובד",
    "製品の検索が遅い" * 600,
    "😀🧑‍🚀" * 900,
    "\0\x01\x1b[31m\ud800 nul and worse",
    "<div>" * 8_000,
    "&<>" * 3_000,
    "\n" * 5_000,
    " ",
    "",
    "x" * 40_000,
]
HOSTILE_TEXT = st.one_of(st.sampled_from(HOSTILE), st.text(max_size=200))


def voice(words: str = "Rows are missing from every export.", **facts: Any) -> QuotedVoice:
    usual: dict[str, Any] = {
        "company": "Acme Freight",
        "role": "Head of Operations",
        "plan": "Team",
        "since": datetime(2023, 4, 1, tzinfo=UTC),
        "url": "https://acme.zendesk.com/agent/tickets/12",
    }
    return QuotedVoice(
        feedback_id=7,
        turn_external_id="t1",
        spans=(Span(0, 1),),
        words=words,
        cut=False,
        said_at=SAID_AT,
        **{**usual, **facts},
    )


def top_ticket(**facts: Any) -> TopTicket:
    usual: dict[str, Any] = {
        "ticket_id": 1,
        "key": "SHOP-12",
        "title": "CSV export drops rows",
        "url": "https://acme.atlassian.net/browse/SHOP-12",
        "status": "In Progress",
        "stage": TicketStage.STARTED,
        "week": Reach(5, 3, (Revenue(Decimal(124_000), "EUR"),)),
        "total": Reach(9, 6),
        "trend": (1, 3, 5, 9),
        "quotes": (voice(),),
    }
    return TopTicket(**{**usual, **facts})


def unticketed(**facts: Any) -> Unticketed:
    usual: dict[str, Any] = {"pieces": 4, "reach": Reach(4, 3), "quote": voice()}
    return Unticketed(**{**usual, **facts})


def snapshot(**facts: Any) -> DigestSnapshot:
    usual: dict[str, Any] = {
        "period": WEEK,
        "built_at": datetime(2026, 11, 23, 8, tzinfo=UTC),
        "counts": Counts(14, 17, 12, 8),
        "before": Counts(11, 12, 9, 6),
        "usual": Counts(9, 10, 8, 6),
        "voice": voice(),
        "top": (top_ticket(), top_ticket(key="SHOP-31"), top_ticket(key="BILL-7")),
        "unticketed": (unticketed(is_rising=True), unticketed()),
        "quotes_verified": (6, 6),
    }
    return DigestSnapshot(**{**usual, **facts})


def waiting(**facts: Any) -> Waiting:
    usual: dict[str, Any] = {
        "pieces": 6,
        "reach": Reach(5, 3),
        "tickets": (
            TicketName("SHOP-12", "CSV export drops rows", "https://acme.atlassian.net/browse/SHOP-12"),
        ),
    }
    return Waiting(**{**usual, **facts})


def ticket_line(**facts: Any) -> TicketLine:
    usual = {
        "key": "SHOP-12",
        "title": "CSV export drops rows",
        "url": "https://acme.atlassian.net/browse/SHOP-12",
    }
    return TicketLine(**{**usual, "status": "In Progress", **facts})


def card(state: CardState = CardState.SUGGESTED, **facts: Any) -> Card:
    usual: dict[str, Any] = {
        "feedback_id": 7,
        "state": state,
        "voice": voice(),
        "ticket": ticket_line(),
        "score": 0.82,
        "reasons": (Reason("words", "export, rows"),),
    }
    return Card(**{**usual, **facts})


@st.composite
def voices(draw: st.DrawFn) -> QuotedVoice:
    return voice(
        draw(HOSTILE_TEXT),
        company=draw(HOSTILE_TEXT),
        role=draw(HOSTILE_TEXT),
        plan=draw(HOSTILE_TEXT),
        segment=draw(HOSTILE_TEXT),
        url=draw(
            st.one_of(
                HOSTILE_TEXT, st.just("https://acme.zendesk.com/1"), st.just("https://a/" + "b" * 4_000)
            )
        ),
    )


@st.composite
def top_tickets(draw: st.DrawFn) -> TopTicket:
    return top_ticket(
        key=draw(HOSTILE_TEXT),
        title=draw(HOSTILE_TEXT),
        url=draw(HOSTILE_TEXT),
        status=draw(HOSTILE_TEXT),
        trend=tuple(draw(st.lists(st.integers(0, 10**6), max_size=12))),
        quotes=tuple(draw(st.lists(voices(), max_size=7))),
        carried_by=tuple(draw(st.lists(HOSTILE_TEXT, max_size=2))),
    )


@st.composite
def people(draw: st.DrawFn) -> dict[str, Any]:
    """Sections 5 to 7, every text of them hostile."""
    named = TicketName(draw(HOSTILE_TEXT), draw(HOSTILE_TEXT), draw(HOSTILE_TEXT))
    said = draw(voices())
    kind = draw(st.sampled_from(["segment", "plan", "language", "source", ""]))
    return {
        "waiting": draw(st.sampled_from([None, waiting(tickets=(named,) * 3)])),
        "thanks": draw(st.sampled_from([None, Thanks(ticket=named, voice=said)])),
        "quiet": draw(
            st.sampled_from([None, Quiet(kind=kind, name=draw(HOSTILE_TEXT), people=1, voice=said)])
        ),
        "interview": Interview(
            person_id=1,
            voice=said,
            pieces=3,
            tickets=(draw(HOSTILE_TEXT),),
            has_workaround=True,
            is_quoted=draw(st.booleans()),
        ),
    }


@st.composite
def cards(draw: st.DrawFn) -> Card:
    ticket = ticket_line(
        title=draw(HOSTILE_TEXT), key=draw(HOSTILE_TEXT), url=draw(HOSTILE_TEXT), status=draw(HOSTILE_TEXT)
    )
    return card(
        draw(st.sampled_from(CardState)),
        voice=draw(voices()),
        ticket=draw(st.one_of(st.none(), st.just(ticket))),
        reasons=tuple(draw(st.lists(st.builds(Reason, HOSTILE_TEXT, HOSTILE_TEXT), max_size=5))),
        decided_by=draw(st.one_of(HOSTILE_TEXT, st.just("voc"), st.just("U0ADA00001"))),
        is_unmeasured=draw(st.booleans()),
        is_audit=draw(st.booleans()),
    )


@st.composite
def messages(draw: st.DrawFn) -> Message:
    """Any message, every text of it hostile."""
    match draw(st.integers(0, 5)):
        case 0:
            return draw(cards())
        case 1:
            return DigestPost(
                snapshot(
                    counts=Counts(*(draw(st.integers(0, 10**7)) for _ in range(4))),
                    voice=draw(st.one_of(st.none(), voices())),
                    top=tuple(draw(st.lists(top_tickets(), max_size=5))),
                    unticketed=tuple(draw(st.lists(st.builds(unticketed, quote=voices()), max_size=4))),
                    failed_sources=tuple(draw(st.lists(HOSTILE_TEXT, max_size=4))),
                    scope=Scope(
                        projects=tuple(draw(st.lists(HOSTILE_TEXT, max_size=40))),
                        segments=tuple(draw(st.lists(HOSTILE_TEXT, max_size=2))),
                    ),
                    **draw(people()),
                    rhythm=draw(st.sampled_from(Rhythm)),
                    length=draw(st.sampled_from(Length)),
                    language=draw(st.sampled_from(["", "de", "fr"])),
                    set_aside=draw(st.integers(0, 3)),
                    arrived_late=draw(st.integers(0, 3)),
                    revision=draw(st.integers(0, 3)),
                ),
                draw(st.sampled_from(Showing)),
            )
        case 2:
            return TicketVoices(draw(top_tickets()))
        case 3:
            waiting = draw(st.integers(0, 10**6))
            drawn = draw(st.lists(cards(), max_size=6))
            surest = tuple(replace(one, feedback_id=n) for n, one in enumerate(drawn, 1))
            return Inbox(owner="C0OWNERS01", waiting=waiting, first=surest)  # settings take nothing longer
        case 4:
            return ThemeAlert(
                theme_id=7,
                name=draw(HOSTILE_TEXT),
                is_rising=draw(st.booleans()),
                pieces=draw(st.integers(0, 10**6)),
                reach=Reach(5, 3, (Revenue(Decimal(124_000), "EUR"),)),
                trend=tuple(draw(st.lists(st.integers(0, 10**6), max_size=12))),
                quote=draw(st.one_of(st.none(), voices())),
                language=draw(st.sampled_from(["", "de", "fr"])),
            )
        case _:
            return Notice(f"Said: {draw(HOSTILE_TEXT)}")
