"""Digests that were told are put right: a link undone, a piece withdrawn, set aside or moved since.

Each correction is a new revision of the stored snapshot, which the posted message then shows. What came in
after the digest was built is no correction: the next digest tells of it.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.digest import DigestSnapshot, Subscription, TopTicket
from bot.domain.effect import Effect
from bot.domain.message import MessageRef
from bot.errors import AlreadyExists
from bot.repositories import StoredDigest, UnitOfWork
from bot.services.cards import AFTER_A_FAULT
from bot.services.digest import Built, build, gone_words, still_said
from bot.services.marks import DIGEST, attend, marked
from bot.services.outward import Act, Outcome, is_stopped, perform
from bot.services.publish import Publisher, key_of, remember, says_more, send
from bot.services.theme_views import HIDDEN, Loose
from bot.services.withdrawn import quotes_of, without_words

log = logging.getLogger(__name__)

NO_MORE = "no more"


def correct_marked(publisher: Publisher) -> int:
    """Correct every digest that is marked; return how many were looked at."""
    looked = 0
    while not is_stopped(publisher.work) and (marks := marked(publisher.work, DIGEST, publisher.clock.now())):
        for effect in marks:
            looked += attend(
                publisher.work,
                publisher.clock,
                effect,
                lambda digest_id: correct(publisher, int(digest_id)),
                publisher.lease,
            )
    return looked


def correct(publisher: Publisher, digest_id: int) -> datetime | None:
    """Store and show a new revision of the digest, if anything in it has changed.

    digest_id: its first revision's. Returns when to look again, None when all is shown.
    """
    with publisher.reading() as unit:
        first = unit.subscriptions.stored(digest_id)
        if first is None:
            return None
        subscription = unit.subscriptions.get(first.snapshot.subscription_id)
        known = unit.subscriptions.revisions(subscription.id, first.snapshot.period)
        fresh = _rebuilt(publisher, unit, subscription, known)
        gone = gone_words(unit, [quote for one in known for quote in quotes_of(one.snapshot)])
    newest = known[-1].snapshot
    if fresh is not None:
        newest = fresh.snapshot
        try:
            _store(publisher, known, fresh, gone)
        except AlreadyExists:
            return publisher.clock.now()
    outcome = _show(publisher, subscription, known, newest) if newest.revision > 1 else Outcome.DONE
    return publisher.clock.now() + AFTER_A_FAULT if outcome is Outcome.LATER else None


def _rebuilt(
    publisher: Publisher, unit: UnitOfWork, subscription: Subscription, known: Sequence[StoredDigest]
) -> Built | None:
    """Return the digest as it would have been told had the store been as now; None where it is the same."""
    first, last = known[0].snapshot, known[-1].snapshot
    told = replace(
        subscription, scope=last.scope, rhythm=last.rhythm, language=last.language, length=last.length
    )
    fresh = build(
        unit,
        publisher.rules,
        told,
        last.period,
        last.built_at,
        language=publisher.language,
        arrived_by=first.built_at,
        loose=_loose_as_told(unit, known[-1]),
    )
    same = replace(
        fresh.snapshot,
        revision=last.revision,
        failed_sources=last.failed_sources,
        links_checked=last.links_checked,
        attach_is_measured=last.attach_is_measured,
        top=tuple(_as_told(ticket, last) for ticket in fresh.snapshot.top),
    )
    if same == last:
        return None
    corrected = replace(same, revision=last.revision + 1, built_at=publisher.clock.now())
    log.info("digest corrected", extra={"subscription": subscription.id, "revision": corrected.revision})
    return Built(corrected, fresh.lists)


def _loose_as_told(unit: UnitOfWork, last: StoredDigest) -> list[Loose] | None:
    """Return what was told to have no ticket, where that is so still, else None.

    Themes that were found, named or joined since are no corrections: the next digest tells of them.
    """
    groups = last.snapshot.unticketed
    told = [unit.subscriptions.listed(last.id, f"theme:{number}") for number in range(len(groups))]
    pieces = [said.feedback_id for listed in told for said in listed]
    quotes = [group.quote for group in groups if group.quote]
    is_so = (
        not unit.matches.tickets_of(pieces)
        and not any(voice.excluded for voice in unit.pieces.voices(pieces))
        and len(still_said(unit, quotes)) == len(quotes)
        and not any(unit.themes.get(one.theme_id).state in HIDDEN for one in groups if one.theme_id)
    )
    return list(zip(groups, told, strict=True)) if is_so else None


def _as_told(ticket: TopTicket, last: DigestSnapshot) -> TopTicket:
    """Return the ticket by the name and status that were told of it: those are no corrections."""
    told = next((one for one in last.top if one.ticket_id == ticket.ticket_id), ticket)
    return replace(ticket, key=told.key, title=told.title, url=told.url, status=told.status, stage=told.stage)


def _store(publisher: Publisher, known: Sequence[StoredDigest], fresh: Built, gone: Collection[int]) -> None:
    with publisher.work() as unit:
        for one in known:
            if (clean := without_words(one.snapshot, gone)) != one.snapshot:
                unit.subscriptions.rewrite(one.id, clean)
        remember(unit, fresh)
        unit.commit()


def _show(
    publisher: Publisher, subscription: Subscription, known: Sequence[StoredDigest], newest: DigestSnapshot
) -> Outcome:
    """Let the message and its thread show the revision; replies that it has no more are removed."""
    published = send(publisher, subscription, newest)
    if published.message is None:
        return published.outcome
    outcomes = [published.outcome]
    kept = {ticket.ticket_id for ticket in newest.top if says_more(ticket)}
    told = {ticket.ticket_id for one in known for ticket in one.snapshot.top if says_more(ticket)}
    for ticket_id in sorted(told - kept):
        key = f"{key_of(subscription, newest.period)}:{ticket_id}"
        outcomes.append(_remove(publisher, published.message.channel, key))
    return Outcome.LATER if {Outcome.LATER, Outcome.BUSY} & set(outcomes) else Outcome.DONE


def _remove(publisher: Publisher, channel: str, key: str) -> Outcome:
    with publisher.work() as unit:
        if unit.effects.find("digest reply", channel, key) is None:
            return Outcome.DONE

    def do(effect: Effect) -> str:
        if effect.result:
            publisher.messenger.delete(MessageRef.at(effect.result))
        return ""

    act = Act(kind="digest reply", target=channel, key=key, wanted=NO_MORE, do=do)
    return perform(publisher.work, publisher.clock, act, publisher.lease).outcome
