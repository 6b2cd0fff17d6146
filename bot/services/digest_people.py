"""The people of a digest: who waits to be told, who thanks, who is heard least, whom to talk to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence

from bot.domain.digest import Interview, Quiet, Subscription, Thanks, TicketName, Waiting
from bot.domain.period import Period
from bot.domain.scope import Listening
from bot.domain.ticket import Ticket
from bot.domain.voice import quoted
from bot.repositories import Said, UnitOfWork
from bot.services.quotes import Quoting, workaround_of
from bot.services.reach import reach_among
from bot.text.clarity import clarity
from bot.text.thanks import gives_thanks

QUOTE_WORDS, SAMPLE = 40, 200
NAMED_TICKETS = 3
GROUPS = ("segment", "plan", "language", "source")
CANDIDATES, READ_OF_EACH, ASKED_WITHIN = 20, 5, 8


def waiting(unit: UnitOfWork, untold: Sequence[Said]) -> Waiting | None:
    """Return who waits to hear that their ticket is done; untold: their pieces, each with the ticket."""
    if not untold:
        return None
    people = defaultdict[int, set[int]](set)
    for one in untold:
        people[one.ticket_id].add(one.person_id)
    most = sorted(people, key=lambda ticket_id: (-len(people[ticket_id]), ticket_id))
    tickets = tuple(_named(ticket) for ticket in unit.tickets.many(most[:NAMED_TICKETS]))
    return Waiting(pieces=len(untold), reach=reach_among(unit, untold), tickets=tickets)


def thanks(
    unit: UnitOfWork, within: Listening, period: Period, said: Sequence[Said], quoting: Quoting
) -> Thanks | None:
    """Return a thank-you that was said of a ticket after it was done."""
    some = unit.hearing.sample(within, period, most=SAMPLE, is_after_done=True)
    found = quoting.take([voice for voice in some if gives_thanks(voice.words)], 1, QUOTE_WORDS)
    if not found:
        return None
    ticket_id = next(one.ticket_id for one in said if one.feedback_id == found[0].feedback_id)
    return Thanks(ticket=_named(unit.tickets.get(ticket_id)), voice=found[0])


def quiet(
    unit: UnitOfWork, within: Listening, period: Period, quoting: Quoting, loud: Collection[int]
) -> Quiet | None:
    """Return the group heard least, by the first kind that tells two apart; else somebody else's voice.

    loud: the pieces that loud tickets tell of.
    """
    for kind in GROUPS:
        groups = unit.hearing.groups(within, period, kind)
        if len(groups) > 1:
            name = min(groups, key=lambda name: (groups[name], name))
            some = unit.hearing.sample(within, period, most=SAMPLE, group=(kind, name))
            return Quiet(kind=kind, name=name, people=groups[name], voice=quoting.lead(some, QUOTE_WORDS))
    others = unit.hearing.sample(within, period, most=SAMPLE)
    voice = quoting.lead((v for v in others if v.feedback_id not in loud), QUOTE_WORDS)
    return Quiet(kind="", name="", people=1, voice=voice) if voice else None


def interview(
    unit: UnitOfWork, subscription: Subscription, period: Period, said: Sequence[Said], quoting: Quoting
) -> Interview | None:
    """Return the customer worth talking to: says how they get by, else says most, in words that are clear.

    Nobody is named again while eight further digests have gone out.
    """
    asked = {
        told.snapshot.interview.person_id
        for told in unit.subscriptions.newest(subscription.id, ASKED_WITHIN)
        if told.snapshot.interview and told.snapshot.period != period
    }
    by_person = defaultdict[int, list[Said]](list)
    for one in said:
        if one.person_id not in asked:
            by_person[one.person_id].append(one)
    most = sorted(by_person, key=lambda person: (*_wealth(by_person[person]), person))[:CANDIDATES]
    found = [_candidate(unit, by_person[person], quoting) for person in most]
    ranked = sorted(found, key=lambda pair: (not pair[0].has_workaround, -pair[0].pieces, -pair[1]))
    if not ranked:
        return None
    best = ranked[0][0]
    if best.is_quoted:
        voice = unit.pieces.voice(best.voice.feedback_id)
        quoting.take([voice], 1, QUOTE_WORDS)
    return best


def _candidate(unit: UnitOfWork, said: Sequence[Said], quoting: Quoting) -> tuple[Interview, float]:
    """Return the person with how clearly they speak."""
    voices = unit.pieces.voices([one.feedback_id for one in said[-READ_OF_EACH:]])
    fresh = quoting.fresh(voices)
    best = max(fresh or voices, key=lambda v: (workaround_of([v]) is not None, clarity(v.words)))
    tickets = unit.tickets.many(sorted({one.ticket_id for one in said if one.ticket_id}))
    person = Interview(
        person_id=best.person.id,
        voice=quoted(best, QUOTE_WORDS),
        pieces=len(said),
        tickets=tuple(ticket.key for ticket in tickets[:NAMED_TICKETS]),
        has_workaround=workaround_of(voices) is not None,
        is_quoted=bool(fresh),
    )
    return person, clarity(best.words)


def _wealth(said: Sequence[Said]) -> tuple[int, int]:
    return -len({one.ticket_id for one in said if one.ticket_id}), -len(said)


def _named(ticket: Ticket) -> TicketName:
    return TicketName(ticket.key, ticket.title, "" if ticket.gone else ticket.url)
