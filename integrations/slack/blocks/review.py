"""What waits for a decision: the message in a channel, and the session in which it is gone through."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any

from bot.domain.message import Card, CardState, Inbox
from bot.i18n import later, nt, t
from integrations.slack.blocks import ids
from integrations.slack.blocks.card import announced, as_seen, card_blocks, lead
from integrations.slack.blocks.elements import (
    Json,
    Post,
    actions,
    asking_select,
    button,
    context,
    divider,
    escape,
    header,
    literal,
    notification,
    plain,
    section,
)

TEN = 10
INBOX_QUOTE_MOST, PAGE_QUOTE_MOST, LINE_MOST = 400, 1_500, 150


class Said(StrEnum):
    """What became of a piece in a session."""

    DECIDED = "d"
    SKIPPED = "s"
    MEANWHILE = "m"
    ASKED = "a"
    UNDONE = "u"


OUTCOMES = {
    Said.MEANWHILE: later("Decided meanwhile by somebody else"),
    Said.ASKED: later("Put to the channel"),
    Said.UNDONE: later("Taken back"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Where a person stands in a review. pieces: at most ten, gone through in order; owners: whose they are.

    said: what became of each piece so far. is_home: whether it was opened in App Home, which then follows.
    """

    owners: tuple[str, ...]
    pieces: tuple[int, ...]
    said: Mapping[str, str] = field(default_factory=dict)
    is_home: bool = False

    @property
    def piece(self) -> int | None:
        """The piece whose turn it is, None at the end."""
        return next((piece for piece in self.pieces if str(piece) not in self.said), None)

    def saying(self, piece: int, said: Said) -> Session:
        """Return the session after that."""
        return replace(self, said={**self.said, str(piece): said.value})


def read_session(view: Mapping[str, Any]) -> Session:
    """Return what the modal keeps."""
    kept = json.loads(view["private_metadata"])
    return Session(
        owners=tuple(kept["owners"]),
        pieces=tuple(kept["pieces"]),
        said=kept["said"],
        is_home=kept["is_home"],
    )


def inbox_post(inbox: Inbox) -> Post:
    """Return how many proposals wait, and the surest of them with their buttons."""
    if not inbox.waiting:
        said = t("Nothing waits for a decision here.")
        return Post(
            notification(said), [section(escape(said)), context(t("New proposals come by themselves."))]
        )
    said = nt("{n} proposal waits for a decision", "{n} proposals wait for a decision", inbox.waiting)
    blocks = [header(said)]
    for card in inbox.first:
        blocks += [*card_blocks(card, most=INBOX_QUOTE_MOST), _inbox_buttons(card), divider()]
    more = inbox.waiting - len(inbox.first)
    if more > 0:
        blocks.append(context(nt("and {n} more", "and {n} more", more)))
    blocks.append(actions(f"inbox-all-{inbox.waiting}", review_button(inbox.waiting, inbox.owner)))
    first = announced(inbox.first[0]) if inbox.first else ""
    return Post(f"{notification(said)}. {first}".strip(), blocks)


def review_button(waiting: int, owner: str) -> Json:
    """Return what opens a session. owner: whose proposals wait, or "mine" for all of the person's."""
    begin = t("Review ten") if waiting > TEN else t("Review all")
    return button(begin, ids.REVIEW, owner, style="primary")


def session_view(session: Session, card: Card, notice: str = "") -> Json:
    """Return the page of one piece. notice: what the person must know first, as mrkdwn."""
    at = len(session.said) + 1
    blocks = [section(notice)] if notice else []
    blocks += [
        context(t("{number} of {all}", number=at, all=len(session.pieces))),
        *card_blocks(card, most=PAGE_QUOTE_MOST),
        *_page_buttons(card),
    ]
    return _modal(session, blocks)


def summary_view(session: Session, cards: Sequence[Card], waiting: int, notice: str = "") -> Json:
    """Return the session's end: what became of each piece, with its undo. waiting: how many are left."""
    decided = sum(said == Said.DECIDED for said in session.said.values())
    blocks = [section(notice)] if notice else []
    done = nt("{n} decided", "{n} decided", decided)
    left = nt("{n} still waits", "{n} still wait", waiting) if waiting else t("nothing waits any more")
    blocks.append(header(f"{done} · {left}"))
    outcomes = {card: Said(session.said[str(card.feedback_id)]) for card in cards}
    blocks += [_outcome(card, said) for card, said in outcomes.items() if said is not Said.SKIPPED]
    if skipped := sum(said is Said.SKIPPED for said in outcomes.values()):
        blocks.append(
            context(nt("{n} skipped: it waits as before.", "{n} skipped: they wait as before.", skipped))
        )
    if not cards:
        blocks = [section(escape(t("Nothing waits for a decision.")))]
    if waiting:
        again = button(t("Review more"), ids.SESSION_MORE, "more", style="primary")
        blocks.append(actions(f"more-{len(session.said)}-{waiting}", again))
    return _modal(session, blocks)


def decided_post(card: Card, said: str) -> Post:
    """Return to the one who decided what is so now, with the way back. said: as mrkdwn."""
    undo = button(t("Undo"), ids.UNDO, str(card.feedback_id))
    return Post(said, [section(said), actions(f"inbox-{card.feedback_id}-{as_seen(card)}", undo)])


def _modal(session: Session, blocks: list[Json]) -> Json:
    return {
        "type": "modal",
        "callback_id": ids.SESSION_VIEW,
        "private_metadata": json.dumps(asdict(session)),
        "title": plain(t("Review")),
        "close": plain(t("Close")),
        "blocks": blocks,
    }


def _inbox_buttons(card: Card) -> Json:
    value = str(card.feedback_id)
    return actions(
        f"inbox-{card.feedback_id}-{as_seen(card)}",
        button(t("Attach"), ids.ATTACH, value, style="primary"),
        button(t("Another ticket…"), ids.OTHER_TICKET, value),
        button(t("Not feedback"), ids.NOT_FEEDBACK, value),
    )


def _page_buttons(card: Card) -> list[Json]:
    """Return what can be done with the piece; the plainest first, where the keyboard comes first."""
    value, seen = str(card.feedback_id), f"{card.feedback_id}-{as_seen(card)}"
    skip = button(t("Skip"), ids.SESSION_SKIP, value)
    if card.state is not CardState.SUGGESTED:
        following = button(t("Next"), ids.SESSION_SKIP, value, style="primary")
        return [actions(f"page-{seen}", following)]
    aside = button(t("Not feedback"), ids.SESSION_ASIDE, value)
    attach = button(t("Attach"), ids.SESSION_ATTACH, value, style="primary")
    return [
        actions(f"page-{seen}", attach, aside, skip),
        actions(
            f"else-{seen}",
            asking_select(ids.TICKET, t("Another ticket…")),
            button(t("Create a ticket…"), ids.SESSION_CREATE, value),
            button(t("New theme…"), ids.SESSION_THEME, value),
            button(t("Ask the channel"), ids.SESSION_ASK, value),
        ),
    ]


def _outcome(card: Card, said: Said) -> Json:
    where = lead(card) if said is Said.DECIDED else t(OUTCOMES[said])
    quote = literal(card.voice.words, LINE_MOST) if card.state is not CardState.WITHDRAWN else ""
    line: Json = {"type": "section", "text": plain(f"{where}\n“{quote}”" if quote else where)}
    if said is Said.DECIDED:
        line["block_id"] = f"undo-{card.feedback_id}-{as_seen(card)}"
        line["accessory"] = button(t("Undo"), ids.SESSION_UNDO, str(card.feedback_id))
    return line
