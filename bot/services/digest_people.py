"""The people of a digest: who waits to be told, who thanks, who is heard least, whom to talk to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from heapq import nlargest

from bot.domain.digest import Interview, Quiet, Subscription, Thanks, TicketName, Waiting
from bot.domain.period import Period
from bot.domain.scope import Listening
from bot.domain.ticket import Ticket, TicketStage
from bot.domain.voice import Voice, quoted
from bot.repositories import Said, UnitOfWork
from bot.services.quotes import IN_A_DIGEST, Quoting, workaround_of
from bot.services.reach import reach_among
from bot.text.thanks import gives_thanks

SAMPLE, OF_A_GROUP = 80, 40
NAMED_TICKETS = 3
GROUPS = ("segment", "plan", "language", "source")
CANDIDATES, READ_OF_EACH, ASKED_WITHIN = 20, 3, 8


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


def thanks(unit: UnitOfWork, within: Listening, period: Period, quoting: Quoting) -> Thanks | None:
    """Return a thank-you that was said of a ticket after it was done."""
    some = unit.telling.sample(within, period, SAMPLE, is_after_done=True)
    found = quoting.take([voice for voice in some if gives_thanks(voice.words)], 1, IN_A_DIGEST)
    if not found:
        return None
    ticket_id = unit.matches.tickets_of([found[0].feedback_id])[found[0].feedback_id]
    return Thanks(ticket=_named(unit.tickets.get(ticket_id)), voice=found[0])


def quiet(
    unit: UnitOfWork,
    within: Listening,
    period: Period,
    quoting: Quoting,
    some: Sequence[Voice],
    told_of: Collection[int],
) -> Quiet | None:
    """Return the group heard least, by the first kind of which one is; else somebody else's voice.

    some: the period's voices; told_of: the pieces behind the digest's tickets and themes. The group's voice
    is one that tells of something else, if there is one.
    """

    def others(voices: Sequence[Voice]) -> list[Voice]:
        return [voice for voice in voices if voice.feedback_id not in told_of]

    for kind in GROUPS:
        if group := unit.telling.least(within, period, kind, OF_A_GROUP):
            apart = quoting.lead(others(group.voices), IN_A_DIGEST)
            voice = apart or quoting.lead(group.voices, IN_A_DIGEST)
            return Quiet(kind=kind, name=group.name, people=group.people, voice=voice)
    voice = quoting.lead(others(some), IN_A_DIGEST)
    return Quiet(kind="", name="", people=1, voice=voice) if voice else None


def interview(
    unit: UnitOfWork,
    subscription: Subscription,
    within: Listening,
    period: Period,
    quoting: Quoting,
    loud: Mapping[int, Sequence[Said]],
) -> Interview | None:
    """Return the customer worth talking to: says how they get by, else says most, in words that tell most.

    Nobody is named again while eight further digests have gone out. loud: pieces of the loudest tickets.
    """
    asked = {
        told.snapshot.interview.person_id
        for told in unit.subscriptions.newest(subscription.id, ASKED_WITHIN)
        if told.snapshot.interview and told.snapshot.period != period
    }
    people = unit.telling.busiest(within, period, CANDIDATES, but=asked)
    read = [one.feedback_id for said in people.values() for one in said[-READ_OF_EACH:]]
    voices = {voice.feedback_id: voice for voice in unit.pieces.voices(read)}
    found = [
        _candidate(said, [voices[one.feedback_id] for one in said[-READ_OF_EACH:]], quoting)
        for said in people.values()
    ]
    ranked = sorted(found, key=lambda pair: (not pair[0].has_workaround, -pair[0].pieces, -pair[1]))
    if not ranked:
        return None
    best = ranked[0][0]
    if best.is_quoted:
        best = replace(best, voice=quoting.take([voices[best.voice.feedback_id]], 1, IN_A_DIGEST)[0])
    earlier, since = unit.telling.past(best.person_id, period.start, within.arrived_by)
    best = replace(best, earlier=earlier, since=since)
    return _about(unit, best, {one.ticket_id for one in people[best.person_id]} - {0}, _loudest(loud))


def _about(unit: UnitOfWork, person: Interview, ticket_ids: Iterable[int], loudest: int | None) -> Interview:
    """Return the person with the tickets, the loudest first if they spoke of it."""
    about = sorted(ticket_ids, key=lambda ticket_id: (ticket_id != loudest, ticket_id))[:NAMED_TICKETS]
    known = {ticket.id: ticket for ticket in unit.tickets.many(about)}
    tickets = [known[ticket_id] for ticket_id in about if ticket_id in known]
    is_awaited = bool(tickets) and tickets[0].id == loudest and tickets[0].stage is not TicketStage.DONE
    return replace(person, tickets=tuple(ticket.key for ticket in tickets), is_awaited=is_awaited)


def _loudest(loud: Mapping[int, Sequence[Said]]) -> int | None:
    """Return the ticket that more people spoke of than of any other, None where two never did."""
    people = {ticket_id: len({one.person_id for one in said}) for ticket_id, said in loud.items()}
    first, second = nlargest(2, [*people.values(), 1, 1])
    return next(t for t, many in people.items() if many == first) if first > second else None


def _candidate(said: Sequence[Said], voices: Sequence[Voice], quoting: Quoting) -> tuple[Interview, float]:
    """Return the person, without the tickets, with what their words are worth. voices: their latest."""
    ways_round = {voice.feedback_id for voice in voices if workaround_of([voice])}
    fresh = quoting.fresh(voices)
    best = max(fresh or voices, key=lambda v: (v.feedback_id in ways_round, quoting.worth(v)))
    person = Interview(
        person_id=best.person.id,
        voice=quoted(best, IN_A_DIGEST),
        pieces=len(said),
        has_workaround=bool(ways_round),
        is_quoted=bool(fresh),
    )
    return person, quoting.worth(best)


def _named(ticket: Ticket) -> TicketName:
    return TicketName(ticket.key, ticket.title, "" if ticket.gone else ticket.url)
