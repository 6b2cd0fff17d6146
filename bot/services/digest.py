"""The weekly digest's numbers and quotes, worked out from the store into one snapshot."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bot.domain.digest import Counts, DigestSnapshot, Subscription, TopTicket, Unticketed
from bot.domain.quote import Quote, shown
from bot.domain.route import Rules
from bot.domain.ticket import Ticket
from bot.domain.trust import AUDITS_WEIGHED
from bot.domain.voice import QuotedVoice, Voice, quoted
from bot.domain.week import Week
from bot.repositories import UnitOfWork
from bot.services.annotation import reach_of
from bot.services.quotes import chosen
from bot.services.theme_views import LANGUAGE, Weeks, unticketed, weeks_until
from bot.services.trust import is_unmeasured
from bot.text.clarity import clarity
from bot.text.language import language_within

TOP_TICKETS, TOP_QUOTES, UNTICKETED, QUOTE_WORDS = 3, 5, 2, 40
USUAL_WEEKS, TREND_WEEKS, QUIET_WEEKS_OF_A_QUOTE = 4, 8, 8
STALE_AFTER = timedelta(hours=24)
CARRIED_SHARE, CARRIED_PIECES = 0.8, 3

Loudest = Sequence[tuple[int, Sequence[Voice]]]


@dataclass(frozen=True, slots=True)
class Heard:
    """The voices of a subscription's scope over the weeks that count, oldest first, with their tickets."""

    voices: Sequence[Voice]
    ticket_of: Mapping[int, int]

    def within(self, week: Week) -> list[Voice]:
        """Return those said in the week that are not set aside."""
        return [v for v in self.voices if v.excluded is None and week.holds(v.said_at)]


def build(
    unit: UnitOfWork, rules: Rules, subscription: Subscription, week: Week, now: datetime
) -> DigestSnapshot:
    """Return the subscription's digest of the week as the store has it now."""
    heard = _heard(unit, rules, subscription, week)
    said = heard.within(week)
    weeks = [week.after(-n) for n in range(1, USUAL_WEEKS + 1)]
    before = [_counts(heard.within(w)) for w in weeks if _has_history(heard, w)]
    told = unit.subscriptions.quoted_since(subscription.id, week.after(-QUIET_WEEKS_OF_A_QUOTE).start)
    loudest = _loudest(heard, week)
    voice = _weeks_voice(said, told, loudest)
    fresh = {v.feedback_id for v in said if voice is None or v.feedback_id != voice.feedback_id}
    top = tuple(_top_ticket(unit, unit.tickets.get(t), week, voices, fresh) for t, voices in loudest)
    loose = _unticketed(unit, heard, week, set() if voice is None else {voice.feedback_id})
    quotes = [q for q in (voice, *(q for t in top for q in t.quotes), *(u.quote for u in loose)) if q]
    return DigestSnapshot(
        week=week,
        built_at=now,
        counts=_counts(said),
        before=before[0] if before else None,
        usual=_usual(before),
        voice=voice,
        top=top,
        unticketed=loose,
        failed_sources=_failed(unit, now),
        arrived_late=_arrived_late(unit, subscription, heard, week),
        set_aside=sum(1 for v in heard.voices if v.excluded is not None and week.holds(v.said_at)),
        links_undone=unit.matches.undone(week.start, week.end),
        quotes_verified=(sum(is_verbatim(unit, q) for q in quotes), len(quotes)),
        links_checked=unit.answers.checked(AUDITS_WEIGHED),
        attach_is_measured=not any(is_unmeasured(unit, s.project) for s in unit.projects.all()),
        projects=subscription.projects,
    )


def is_verbatim(unit: UnitOfWork, quote: QuotedVoice) -> bool:
    """Return whether the quote is, letter by letter, what the stored turn says at its spans."""
    voice = unit.pieces.voice(quote.feedback_id)
    if voice.quote.turn_external_id != quote.turn_external_id or quote.spans[-1].end > len(voice.text):
        return False
    return shown(Quote(quote.turn_external_id, quote.spans), voice.text, voice.redactions) == quote.words


def _heard(unit: UnitOfWork, rules: Rules, subscription: Subscription, week: Week) -> Heard:
    start = weeks_until(week)[0].start
    voices = unit.pieces.heard(start, week.end, include_excluded=True)
    ticket_of = unit.matches.tickets_of([v.feedback_id for v in voices])
    if not subscription.projects:
        return Heard(voices, ticket_of)
    wanted = set(subscription.projects)
    projects = {t.id: t.project for t in unit.tickets.many(sorted(set(ticket_of.values())))}
    return Heard([v for v in voices if _in_scope(v, ticket_of, projects, rules, wanted)], ticket_of)


def _in_scope(
    voice: Voice, ticket_of: Mapping[int, int], projects: Mapping[int, str], rules: Rules, wanted: set[str]
) -> bool:
    """Return whether the voice is on a wanted project's ticket, or has none and is routed to one."""
    if (ticket := ticket_of.get(voice.feedback_id)) is not None:
        return projects.get(ticket) in wanted
    routed = rules.routes.of(voice.source, voice.inbox, voice.tags).projects
    return not routed or bool(wanted & set(routed))


def _counts(voices: Sequence[Voice]) -> Counts:
    reach = reach_of(voices)
    return Counts(len({v.conversation_id for v in voices}), len(voices), reach.people, reach.companies)


def _has_history(heard: Heard, week: Week) -> bool:
    """Return whether anything was heard by the end of that week: before that there is no "usual"."""
    return bool(heard.voices) and heard.voices[0].said_at < week.end


def _usual(before: Sequence[Counts]) -> Counts | None:
    if len(before) < USUAL_WEEKS:
        return None
    return Counts(
        round(median(c.conversations for c in before)),
        round(median(c.pieces for c in before)),
        round(median(c.people for c in before)),
        round(median(c.companies for c in before)),
    )


def _weeks_voice(said: Sequence[Voice], told: frozenset[int], loudest: Loudest) -> QuotedVoice | None:
    """Return the clearest quote that was not told lately, and is not all that a loud ticket has to show."""
    only = {voices[0].feedback_id for _, voices in loudest if len(voices) == 1}
    new = [v for v in said if v.feedback_id not in told]
    new = [v for v in new if v.feedback_id not in only] or new
    clearest = sorted(new, key=lambda v: (-clarity(v.words), v.feedback_id))
    readable = (v for v in clearest if language_within(v.words, v.language) == LANGUAGE)
    best = next(readable, clearest[0] if clearest else None)
    return quoted(best, QUOTE_WORDS) if best else None


def _loudest(heard: Heard, week: Week) -> Loudest:
    """Return the week's loudest tickets by id, with what was said of them."""
    by_ticket = defaultdict[int, list[Voice]](list)
    for voice in heard.within(week):
        if (ticket_id := heard.ticket_of.get(voice.feedback_id)) is not None:
            by_ticket[ticket_id].append(voice)
    return sorted(by_ticket.items(), key=lambda t: (*_loudness(t[1]), t[0]))[:TOP_TICKETS]


def _loudness(voices: Sequence[Voice]) -> tuple[int, int, int]:
    reach = reach_of(voices)
    return -reach.people, -reach.companies, -len(voices)


def _top_ticket(
    unit: UnitOfWork, ticket: Ticket, week: Week, said: Sequence[Voice], may_quote: set[int]
) -> TopTicket:
    attached = [v for v in unit.matches.attached_to(ticket.id) if v.said_at < week.end]
    quotes = [v for v in said if v.feedback_id in may_quote] or said
    return TopTicket(
        ticket_id=ticket.id,
        key=ticket.key,
        title=ticket.title,
        url=ticket.url,
        status=ticket.status,
        stage=ticket.stage,
        week=reach_of(said),
        total=reach_of(attached),
        trend=_trend(attached, week),
        quotes=tuple(chosen(quotes, TOP_QUOTES, QUOTE_WORDS)),
        carried_by=_carried_by(said),
    )


def _trend(voices: Sequence[Voice], week: Week) -> tuple[int, ...]:
    weeks = [week.after(-n) for n in reversed(range(TREND_WEEKS))]
    return tuple(sum(w.holds(v.said_at) for v in voices) for w in weeks)


def _carried_by(voices: Sequence[Voice]) -> str:
    """Return the one or two companies behind most of the pieces, "" where it is broad or too small."""
    names = Counter(v.person.company.name for v in voices if v.person.company)
    heaviest = names.most_common(2)
    for most in (heaviest[:1], heaviest):
        share = sum(count for _, count in most) / len(voices)
        if most and len(voices) >= CARRIED_PIECES * len(most) and share >= CARRIED_SHARE:
            return " and ".join(name for name, _ in most)
    return ""


def _unticketed(unit: UnitOfWork, heard: Heard, week: Week, quoted_above: set[int]) -> tuple[Unticketed, ...]:
    """Return what has no ticket; rising is judged by the scope's own weeks and conversations."""
    loose = [v for v in heard.voices if v.excluded is None and v.feedback_id not in heard.ticket_of]
    weeks = weeks_until(week)
    conversations = [_counts(heard.within(w)).conversations for w in weeks]
    return unticketed(unit, loose, Weeks(weeks, conversations), quoted_above, UNTICKETED)


def _failed(unit: UnitOfWork, now: datetime) -> tuple[str, ...]:
    def is_failed(last_success_at: datetime | None, failures: int) -> bool:
        return failures > 0 or last_success_at is None or last_success_at < now - STALE_AFTER

    return tuple(s.name for s in unit.sources.all() if is_failed(s.last_success_at, s.failures))


def _arrived_late(unit: UnitOfWork, subscription: Subscription, heard: Heard, week: Week) -> int:
    """Return how many pieces of the week before came in after its digest was built."""
    earlier = week.after(-1)
    told = unit.subscriptions.snapshot(subscription.id, earlier.start)
    if told is None:
        return 0
    built_at = told.built_at
    return sum(1 for v in heard.within(earlier) if v.arrived_at > built_at)
