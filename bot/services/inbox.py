"""Inboxes: what waits for a decision, one message for each channel or person that owns something.

The message is kept true in place, which calls nobody. It comes anew, the one before removed, when there is
something new in it: not in quiet hours, not soon after the last, and only so many times a day.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from bot.domain.effect import Effect, EffectState
from bot.domain.message import Inbox, MessageRef, content_hash
from bot.domain.period import day_of
from bot.domain.route import Rules
from bot.repositories import Origin, UnitOfWork
from bot.services.cards import AFTER_A_FAULT, Presenter, card_of, shown_on
from bot.services.marks import INBOX, attend, marked
from bot.services.outward import Act, Outcome, is_stopped, perform
from bot.services.quiet import quiet_until

KIND, GONE = "inbox", "gone"
FIRST = 3  # shown with their buttons
BETWEEN = timedelta(hours=2)
LOOK_BACK = timedelta(days=7)  # a lost answer is looked for in so much of the channel


def show_inboxes(presenter: Presenter) -> None:
    """Show every marked channel's inbox."""
    if is_stopped(presenter.work):
        return
    for effect in marked(presenter.work, INBOX, presenter.clock.now()):
        attend(
            presenter.work,
            presenter.clock,
            effect,
            lambda owner: show_inbox(presenter, owner),
            presenter.lease,
        )


def show_inbox(presenter: Presenter, owner: str) -> datetime | None:
    """Bring the owner's message up to date, or post it anew and take the earlier ones away.

    Return when to look again, None when all is shown.
    """
    now = presenter.clock.now()
    with presenter.work() as unit:
        inbox, latest = inbox_of(unit, presenter.rules, owner)
        posts = unit.effects.of(KIND, owner)
        last = posts[-1] if posts else None
        may_post_at = _may_post_at(unit, presenter.rules, owner, last, now)
    is_due = bool(inbox.waiting) and (last is None or _has_come_since(last, latest))
    waits_until = may_post_at if may_post_at > now else None
    if is_due and not waits_until:
        earlier, again = posts, _do(presenter, _key(owner, len(posts) + 1), inbox)
        if again:
            return again
    else:
        earlier, again = posts[:-1], _kept_true(presenter, last, inbox, waits_until)
        again = again or (waits_until if is_due else None)
    removed = [_remove(presenter, owner, post) for post in earlier if post.result and post.done != GONE]
    return next(filter(None, removed), again)


def _kept_true(
    presenter: Presenter, last: Effect | None, inbox: Inbox, waits_until: datetime | None
) -> datetime | None:
    """Bring what is out up to date, or go on with what was begun; return when to look again.

    waits_until: before when nothing may be posted, None where it may be now.
    """
    if last is None or (last.result and last.state is EffectState.PARKED):
        return None  # a person removed it: it comes anew with what is new
    if not last.result and waits_until:
        return waits_until
    return _do(presenter, last.key, inbox)


def inbox_of(unit: UnitOfWork, rules: Rules, owner: str) -> tuple[Inbox, datetime | None]:
    """Return what waits for the owner, and when the newest of it was proposed."""
    ours = [one for one in unit.proposals.waiting() if _owner(rules, one.origin) == owner]
    first = unit.proposals.surest(FIRST, lambda origin: _owner(rules, origin) == owner) if ours else []
    inbox = Inbox(
        owner=owner,
        waiting=sum(one.pieces for one in ours),
        first=tuple(card_of(unit, piece) for piece in first),
    )
    return inbox, max((one.latest for one in ours), default=None)


def counts(unit: UnitOfWork, rules: Rules) -> dict[str, int]:
    """Return how many proposals wait, by owner; "" for those that are nobody's."""
    found: dict[str, int] = {}
    for origin, pieces in unit.proposals.counts().items():
        owner = _owner(rules, origin)
        found[owner] = found.get(owner, 0) + pieces
    return found


def next_pieces(
    unit: UnitOfWork, rules: Rules, owners: Collection[str], limit: int, but: Collection[int] = ()
) -> list[int]:
    """Return the pieces that wait for any of the owners, the surest proposals first."""
    return unit.proposals.surest(limit, lambda origin: _owner(rules, origin) in owners, but=but)


def _owner(rules: Rules, origin: Origin) -> str:
    return rules.routes.of(origin.source, origin.inbox, origin.tags).owner_channel


def _has_come_since(last: Effect, latest: datetime | None) -> bool:
    return last.first_done_at is not None and latest is not None and latest > last.first_done_at


def _may_post_at(unit: UnitOfWork, rules: Rules, owner: str, last: Effect | None, now: datetime) -> datetime:
    """Return the earliest moment, from now on, for another message."""
    at = now
    if last is not None and last.first_done_at is not None:
        at = max(at, last.first_done_at + BETWEEN)
    day = day_of(at, rules.zone)
    if shown_on(unit, KIND, owner, day) >= rules.messages_a_day:
        at = day.end
    return quiet_until(unit, rules, at) or at


def _do(presenter: Presenter, key: str, inbox: Inbox) -> datetime | None:
    done = perform(presenter.work, presenter.clock, _act(presenter, key, inbox), presenter.lease)
    later = done.outcome in (Outcome.LATER, Outcome.BUSY)
    return presenter.clock.now() + AFTER_A_FAULT if later else None


def _remove(presenter: Presenter, owner: str, post: Effect) -> datetime | None:
    """Take an earlier message away: there is one for each owner."""

    def do(effect: Effect) -> str:
        presenter.messenger.delete(MessageRef.at(effect.result))
        return effect.result

    act = Act(kind=KIND, target=owner, key=post.key, wanted=GONE, do=do)
    done = perform(presenter.work, presenter.clock, act, presenter.lease)
    return presenter.clock.now() + AFTER_A_FAULT if done.outcome is Outcome.LATER else None


def _act(presenter: Presenter, key: str, inbox: Inbox) -> Act:
    messenger = presenter.messenger

    def do(effect: Effect) -> str:
        if not effect.result:
            return messenger.post(inbox.owner, inbox, key=key).address if inbox.waiting else ""
        messenger.update(MessageRef.at(effect.result), inbox, key=key)
        return effect.result

    def find(effect: Effect) -> str | None:
        ref = messenger.find(inbox.owner, key, since=effect.next_at - LOOK_BACK)
        return ref.address if ref else None

    return Act(kind=KIND, target=inbox.owner, key=key, wanted=content_hash(inbox), do=do, find=find)


def _key(owner: str, number: int) -> str:
    return f"inbox:{owner}:{number}"
