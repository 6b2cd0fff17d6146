"""Cards: what is asked about one piece, shown once in its owner channel and kept true in place.

Links of the sample are asked about so, and what a person puts to the channel. All other proposals wait in
the channel's inbox (`inbox.py`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.effect import Effect, EffectState
from bot.domain.feedback import Exclusion
from bot.domain.match import BY_LINK, BY_MERGE, Match, MatchState
from bot.domain.message import Card, CardState, MessageRef, TicketLine, content_hash
from bot.domain.period import Period, day_of
from bot.domain.route import Rules
from bot.domain.ticket import Ticket
from bot.domain.voice import Voice
from bot.i18n import later
from bot.ports import Clock, Messenger
from bot.repositories import UnitOfWork, Work
from bot.services.marks import CARD, INBOX, attend, mark, marked
from bot.services.outward import LEASE, Act, Outcome, is_stopped, perform
from bot.services.quiet import quiet_until
from bot.services.quotes import opened
from bot.services.trust import is_unmeasured

QUOTE_WORDS = 60
MARKS, LOOKS = 2000, 50  # considered, and looked at, before the day's numbers are checked again
AFTER_A_FAULT = timedelta(minutes=1)
GONE = "no longer to be seen in the tracker"
NOTES = {
    BY_LINK: later("linked on the ticket by another integration"),
    BY_MERGE: later("moved here in the tracker: its ticket is a duplicate of this one"),
}
LET_GO = later("its link was removed from {key} in the tracker, so Voc let it go")


@dataclass(frozen=True, slots=True)
class Presenter:
    """What showing cards needs."""

    work: Work
    clock: Clock
    messenger: Messenger
    rules: Rules
    lease: timedelta = LEASE


def show_marked(presenter: Presenter, progress: Callable[[], None] = lambda: None) -> int:
    """Show every marked piece's card; return how many were looked at."""
    looked = 0
    while not is_stopped(presenter.work) and (
        marks := marked(presenter.work, CARD, presenter.clock.now(), limit=MARKS)
    ):
        for effect in _worth_a_look(presenter, marks):
            looked += attend(
                presenter.work,
                presenter.clock,
                effect,
                lambda key: show(presenter, int(key)),
                presenter.lease,
            )
            progress()
    return looked


def _worth_a_look(presenter: Presenter, marks: Sequence[Effect]) -> list[Effect]:
    """Return some of the marks, audits and then the newest words first; their channels' inboxes are marked.

    What has no card and needs none is done with that. New cards of channels that have had enough today wait;
    a mark that a dead worker held is looked at, as only a look gives it back.
    """
    now, full, passed = presenter.clock.now(), dict[str, bool](), set[int]()
    today = day_of(now, presenter.rules.zone)
    waiting = list[int]()
    with presenter.work() as unit:
        unit.take_turn()
        voices = {v.feedback_id: v for v in unit.pieces.voices([int(mark.key) for mark in marks])}
        asked = unit.audits.asked(list(voices))
        for seen in marks:
            channel = owner_of(presenter.rules, voices[int(seen.key)])
            if channel not in full:
                used = shown_on(unit, "card", channel, today) if channel else 0
                full[channel] = bool(channel) and used >= presenter.rules.cards_a_day
            is_free = seen.state is EffectState.PENDING
            if not is_free or unit.effects.find("card", channel, card_key(int(seen.key))) is not None:
                continue
            if int(seen.key) not in asked:
                unit.effects.settle(seen.id, EffectState.DONE, now, done=seen.wanted)
                passed.add(seen.id)
            elif full[channel]:
                waiting.append(seen.id)
        for channel in filter(None, full):
            mark(unit, INBOX, channel, now)
        unit.effects.postpone(waiting, today.end)
        unit.commit()
    left = [(int(seen.key), seen) for seen in marks if seen.id not in {*waiting, *passed}]
    left.sort(key=lambda one: (one[0] in asked, voices[one[0]].said_at), reverse=True)
    return [seen for _, seen in left[:LOOKS]]


def show(presenter: Presenter, feedback_id: int) -> datetime | None:
    """Bring the piece's card up to date; a link of the sample gets one.

    Return when to look again, None when all is shown. A new card waits for tomorrow once the channel has had
    its day's number, and for the end of quiet hours. Nothing is posted where no owner channel is set.
    """
    now = presenter.clock.now()
    today = day_of(now, presenter.rules.zone)
    with presenter.work() as unit:
        card = card_of(unit, feedback_id)
        voice = unit.pieces.voice(feedback_id)
        channel = owner_of(presenter.rules, voice)
        posted = unit.effects.find("card", channel, card_key(feedback_id))
        used = shown_on(unit, "card", channel, today)
        quiet = quiet_until(unit, presenter.rules, now)
    is_new = posted is None or not posted.result
    if not channel or (posted is None and not card.is_audit):
        return None
    if is_new and card.state not in (CardState.SUGGESTED, CardState.ATTACHED):
        return None
    if posted is None and used >= presenter.rules.cards_a_day:
        return today.end
    if is_new and quiet:
        return quiet
    done = perform(
        presenter.work, presenter.clock, _act(presenter, channel, card, voice.arrived_at), presenter.lease
    )
    later = done.outcome in (Outcome.LATER, Outcome.BUSY)
    return presenter.clock.now() + AFTER_A_FAULT if later else None


def put_to_channel(presenter: Presenter, feedback_id: int) -> None:
    """Have the piece's card shown in its owner channel: a person asks the others. It is marked for a look."""
    now = presenter.clock.now()
    with presenter.work() as unit:
        channel = owner_of(presenter.rules, unit.pieces.voice(feedback_id))
        if channel and unit.effects.find("card", channel, card_key(feedback_id)) is None:
            wanted = content_hash(card_of(unit, feedback_id))
            unit.effects.want("card", channel, card_key(feedback_id), wanted, now)
            mark(unit, CARD, feedback_id, now)
        unit.commit()


def card_of(unit: UnitOfWork, feedback_id: int) -> Card:
    """Return the piece's card as things stand. Raises KeyError for an unknown piece."""
    voice = unit.pieces.voice(feedback_id)
    pairs = unit.matches.of_feedback(feedback_id)
    best = next((m for m in pairs if m.state in (MatchState.ATTACHED, MatchState.SUGGESTED)), None)
    ticket = unit.tickets.get(best.ticket_id) if best else None
    is_automatic = best is not None and best.is_automatic
    note, note_key = _note(unit, pairs, best)
    return Card(
        feedback_id=feedback_id,
        state=_state(voice, best),
        voice=opened(voice, QUOTE_WORDS),
        ticket=_line(ticket) if ticket else None,
        score=best.score if best else 0.0,
        reasons=best.reasons if best else (),
        decided_by=best.decided_by if best and best.state is MatchState.ATTACHED else "",
        is_unmeasured=is_automatic and ticket is not None and is_unmeasured(unit, ticket.project),
        is_audit=is_automatic and feedback_id in unit.audits.asked([feedback_id]),
        note=note,
        note_key=note_key,
    )


def _line(ticket: Ticket) -> TicketLine:
    """Return the ticket in one line; one that the tracker does not show leads nowhere."""
    if ticket.gone:
        return TicketLine(ticket.key, ticket.title, "", GONE)
    return TicketLine(ticket.key, ticket.title, ticket.url, ticket.status)


def _note(unit: UnitOfWork, pairs: Sequence[Match], best: Match | None) -> tuple[str, str]:
    """Return what the tracker decided of the piece, as far as it still holds, and a ticket's key."""
    if best is not None and best.state is MatchState.ATTACHED:
        return NOTES.get(best.decided_by, ""), ""
    taken = [p for p in pairs if p.state is MatchState.DETACHED and p.decided_by == BY_LINK]
    if not taken:
        return "", ""
    last = max(taken, key=lambda pair: pair.decided_at)
    key = unit.tickets.get(last.ticket_id).key
    return LET_GO, key


def _state(voice: Voice, best: Match | None) -> CardState:
    if voice.excluded in (Exclusion.GONE, Exclusion.WITHDRAWN):
        return CardState.WITHDRAWN
    if voice.excluded is not None:
        return CardState.NOT_FEEDBACK
    if best is None:
        return CardState.UNMATCHED
    return CardState.ATTACHED if best.state is MatchState.ATTACHED else CardState.SUGGESTED


def _act(presenter: Presenter, channel: str, card: Card, since: datetime) -> Act:
    """Return the act of showing the card. since: it was not shown before then."""
    messenger, key = presenter.messenger, card_key(card.feedback_id)

    def do(effect: Effect) -> str:
        if not effect.result:
            ref = messenger.post(channel, card, key=key)
            return ref.address
        messenger.update(MessageRef.at(effect.result), card, key=key)
        return effect.result

    def find(effect: Effect) -> str | None:
        ref = messenger.find(channel, key, since=since)
        return ref.address if ref else None

    return Act(kind="card", target=channel, key=key, wanted=content_hash(card), do=do, find=find)


def owner_of(rules: Rules, voice: Voice) -> str:
    """Return the channel or person that decides about the piece, "" where nobody is set."""
    return rules.routes.of(voice.source, voice.inbox, voice.tags).owner_channel


def card_key(feedback_id: int) -> str:
    """Return the key of the piece's card."""
    return f"feedback:{feedback_id}"


def shown_on(unit: UnitOfWork, kind: str, channel: str, day: Period) -> int:
    """Return how many new messages of the kind the channel had on the local day."""
    return unit.effects.done_between(kind, channel, day.start, day.end)
