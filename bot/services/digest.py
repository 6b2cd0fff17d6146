"""The digest's numbers and quotes, worked out from the store into one snapshot with the lists behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from statistics import median

from bot.domain.digest import Counts, DigestSnapshot, Subscription
from bot.domain.period import Period
from bot.domain.quote import Quote, shown
from bot.domain.route import Rules
from bot.domain.scope import Listening
from bot.domain.trust import AUDITS_WEIGHED
from bot.domain.voice import QuotedVoice, Voice
from bot.repositories import Packed, Said, UnitOfWork
from bot.services.digest_lists import pack
from bot.services.digest_people import interview, quiet, thanks, waiting
from bot.services.digest_tickets import TOP_TICKETS, Loud, thread_quotes, top_tickets, voices_on
from bot.services.quotes import Quoting
from bot.services.theme_views import Loose, unticketed
from bot.services.trust import is_unmeasured

VOICE_WORDS, SAMPLE = 40, 80
USUAL_PERIODS = 4
QUIET_OF_A_QUOTE = timedelta(weeks=8)
STALE_AFTER = timedelta(hours=24)

Lists = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Built:
    """A digest, and by name what is behind its numbers, packed."""

    snapshot: DigestSnapshot
    lists: Lists


@dataclass(frozen=True, slots=True)
class Heard:
    """What the numbers count. loud: of the loudest tickets, by id, loudest first."""

    all: Packed
    aside: Packed
    late: Sequence[Said]
    undone: Sequence[Said]
    untold: Sequence[Said]
    loud: Loud

    @property
    def lists(self) -> dict[str, str]:
        """Return what can be looked at, by name."""
        few = {"late": self.late, "undone": self.undone, "waiting": self.untold}
        tickets = {f"ticket:{ticket_id}": pieces for ticket_id, pieces in self.loud.items()}
        named = {name: pack(said) for name, said in (few | tickets).items()}
        return {"all": self.all.rows, "aside": self.aside.rows, **named}


def build(
    unit: UnitOfWork,
    rules: Rules,
    subscription: Subscription,
    period: Period,
    now: datetime,
    *,
    language: str = "en",
    arrived_by: datetime | None = None,
    loose: Sequence[Loose] | None = None,
) -> Built:
    """Return the subscription's digest of the period as the store has it now.

    language: of the digest where the subscription names none. arrived_by: what came in later is left out.
    loose: what was told to have no ticket, where that is to be told again.
    """
    within = Listening(scope=subscription.scope, routes=rules.routes, arrived_by=arrived_by)
    heard = _heard(unit, subscription, within, period)
    numbers = _numbers(unit, subscription, within, period, now, heard)
    told = told_lately(unit, subscription, period)
    quoting = Quoting(subscription.language or language, told, _quoted_of(loose or ()))
    snapshot, groups = _with_words(unit, within, heard, quoting, numbers, loose)
    talk = interview(unit, subscription, within, period, quoting, heard.loud)
    lists = heard.lists | {f"theme:{number}": pack(said) for number, (_, said) in enumerate(groups)}
    shot = _verified(unit, replace(snapshot, interview=talk))
    return Built(shot, {name: rows for name, rows in lists.items() if rows != pack([])})


def _heard(unit: UnitOfWork, subscription: Subscription, within: Listening, period: Period) -> Heard:
    return Heard(
        all=unit.telling.heard(within, period),
        aside=unit.telling.heard(within, period, aside=True),
        late=_arrived_late(unit, subscription, within, period),
        undone=unit.hearing.undone(within, period),
        untold=unit.hearing.untold(within, period),
        loud=unit.telling.loudest(within, period, TOP_TICKETS),
    )


def _quoted_of(loose: Sequence[Loose]) -> list[int]:
    return [group.quote.feedback_id for group, _ in loose if group.quote]


def _numbers(
    unit: UnitOfWork,
    subscription: Subscription,
    within: Listening,
    period: Period,
    now: datetime,
    heard: Heard,
) -> DigestSnapshot:
    """Return the digest without anybody's words."""
    before = _before(unit, within, period)
    return DigestSnapshot(
        period=period,
        built_at=now,
        counts=heard.all.counts,
        before=before[0] if before else None,
        usual=_usual(before),
        voice=None,
        top=(),
        unticketed=(),
        waiting=waiting(unit, heard.untold),
        failed_sources=_failed(unit, now),
        arrived_late=len(heard.late),
        set_aside=heard.aside.counts.pieces,
        links_undone=len(heard.undone),
        links_checked=unit.answers.checked(AUDITS_WEIGHED),
        attach_is_measured=not any(is_unmeasured(unit, s.project) for s in unit.projects.all()),
        scope=subscription.scope,
        rhythm=subscription.rhythm,
        language=subscription.language,
        length=subscription.length,
        subscription_id=subscription.id,
    )


def _with_words(
    unit: UnitOfWork,
    within: Listening,
    heard: Heard,
    quoting: Quoting,
    numbers: DigestSnapshot,
    loose: Sequence[Loose] | None,
) -> tuple[DigestSnapshot, Sequence[Loose]]:
    """Return the digest with its quotes, and what it tells of without a ticket.

    What each section needs comes first; the thread has what is left.
    """
    period = numbers.period
    some = unit.telling.sample(within, period, SAMPLE)
    voice = quoting.lead(_may_lead(some, heard.loud), VOICE_WORDS)
    voices = voices_on(unit, heard.loud)
    top = top_tickets(unit, within, period, heard.loud, voices, quoting)
    groups = unticketed(unit, within, period, quoting) if loose is None else loose
    quoting.keep(unit.pieces.voices(_quoted_of(loose or ())))
    thanked = thanks(unit, within, period, quoting)
    told_of = {
        one.feedback_id for pieces in (*heard.loud.values(), *(said for _, said in groups)) for one in pieces
    }
    told = replace(
        numbers,
        voice=voice,
        unticketed=tuple(group for group, _ in groups),
        thanks=thanked,
        quiet=None if thanked else quiet(unit, within, period, quoting, some, told_of),
    )
    return replace(told, top=thread_quotes(top, voices, quoting)), groups


def is_verbatim(unit: UnitOfWork, quote: QuotedVoice) -> bool:
    """Return whether the quote is, letter by letter, what the stored turn says at its spans."""
    return _is_said(unit.pieces.voice(quote.feedback_id), quote)


def _is_said(voice: Voice, quote: QuotedVoice) -> bool:
    if voice.quote.turn_external_id != quote.turn_external_id or quote.spans[-1].end > len(voice.text):
        return False
    return shown(Quote(quote.turn_external_id, quote.spans), voice.text, voice.redactions) == quote.words


def still_said(unit: UnitOfWork, quotes: Sequence[QuotedVoice]) -> frozenset[int]:
    """Return the pieces among the quotes whose words stand as they are quoted, and are not set aside."""
    voices = {v.feedback_id: v for v in unit.pieces.voices([q.feedback_id for q in quotes])}
    return frozenset(
        quote.feedback_id
        for quote in quotes
        if (voice := voices.get(quote.feedback_id)) and voice.excluded is None and _is_said(voice, quote)
    )


def gone_words(unit: UnitOfWork, quotes: Sequence[QuotedVoice]) -> frozenset[int]:
    """Return the pieces among the quotes whose words were withdrawn, or are others by now."""
    voices = {v.feedback_id: v for v in unit.pieces.voices([q.feedback_id for q in quotes])}

    def stands(quote: QuotedVoice) -> bool:
        voice = voices.get(quote.feedback_id)
        if voice is None or (voice.excluded is not None and voice.excluded.is_withdrawn):
            return False
        return not quote.words or _is_said(voice, quote)

    return frozenset(quote.feedback_id for quote in quotes if not stands(quote))


def _verified(unit: UnitOfWork, snapshot: DigestSnapshot) -> DigestSnapshot:
    quotes = snapshot.quotes
    right = still_said(unit, quotes)
    return replace(snapshot, quotes_verified=(sum(q.feedback_id in right for q in quotes), len(quotes)))


def told_lately(unit: UnitOfWork, subscription: Subscription, period: Period) -> frozenset[int]:
    """Return what the channel was quoted within eight weeks of the period, before and after it.

    Not what this very digest quotes: its message may, however often it is corrected.
    """
    since = period.start - QUIET_OF_A_QUOTE - (period.end - period.start)
    until = period.end + QUIET_OF_A_QUOTE
    own = unit.subscriptions.revisions(subscription.id, period)
    its = {quote.feedback_id for one in own for quote in one.snapshot.quotes}
    return unit.subscriptions.quoted(subscription.channel, since, until) - its


def _may_lead(some: Sequence[Voice], loud: Loud) -> Sequence[Voice]:
    """Return voices of which one may lead: not all that a loud ticket has to show, if there are others."""
    only = {pieces[0].feedback_id for pieces in loud.values() if len(pieces) == 1}
    return [voice for voice in some if voice.feedback_id not in only] or some


def _before(unit: UnitOfWork, within: Listening, period: Period) -> list[Counts]:
    """Return the counts of the periods before, latest first, as far back as anything was heard.

    Before that nothing is usual.
    """
    counted = unit.telling.counts(within, [period.before(n) for n in range(1, USUAL_PERIODS + 1)])
    if unit.hearing.is_any_before(within, period.before(USUAL_PERIODS).start):
        return counted
    heard = [number for number, counts in enumerate(counted, start=1) if counts.pieces]
    return counted[: max(heard, default=0)]


def _usual(before: Sequence[Counts]) -> Counts | None:
    if len(before) < USUAL_PERIODS:
        return None
    return Counts(
        round(median(c.conversations for c in before)),
        round(median(c.pieces for c in before)),
        round(median(c.people for c in before)),
        round(median(c.companies for c in before)),
    )


def _failed(unit: UnitOfWork, now: datetime) -> tuple[str, ...]:
    def is_failed(last_success_at: datetime | None, failures: int) -> bool:
        return failures > 0 or last_success_at is None or last_success_at < now - STALE_AFTER

    return tuple(s.name for s in unit.sources.all() if is_failed(s.last_success_at, s.failures))


def _arrived_late(
    unit: UnitOfWork, subscription: Subscription, within: Listening, period: Period
) -> list[Said]:
    """Return the pieces of the period before that came in after its digest was built."""
    told = unit.subscriptions.revisions(subscription.id, period.before())
    return unit.hearing.late(within, period.before(), told[0].snapshot.built_at) if told else []
