"""Pieces find their tickets: verdicts are stored, and acted on as far as each project allows."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

from bot.domain.match import AUTOMATIC, Candidate, Decision, Match, MatchState, Verdict
from bot.domain.route import Rules
from bot.domain.ticket import Ticket, TicketWords
from bot.domain.voice import Voice
from bot.matching.index import Member
from bot.matching.matcher import Matcher
from bot.matching.search import Piece
from bot.ports import Clock
from bot.repositories import UnitOfWork, Work
from bot.services.around import Around, around
from bot.services.caution import cautious
from bot.services.learning import model_in_use
from bot.services.life import heir
from bot.services.marks import ANNOTATION, CARD, mark
from bot.services.switching import threshold_set
from bot.services.teaching import Teacher

log = logging.getLogger(__name__)

CLOSED_FOR = timedelta(days=180)  # a closed ticket can still be what a customer means
LOOK_BACK = timedelta(weeks=9)
OVERLAP = timedelta(seconds=5)  # a page of tickets may be committed a moment after its time was taken
BATCH = 200
TICKETS = 1_000  # taken over at once


class StoredVectors:
    """The matcher's vector cache, kept in the store. reading: so that a look keeps no writer waiting."""

    def __init__(self, work: Work, reading: Work) -> None:
        self._work, self._reading = work, reading

    def get_many(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """Return those of the keys that are kept."""
        with self._reading() as unit:
            return unit.vectors.get_many(keys)

    def put_many(self, vectors: Mapping[str, bytes]) -> None:
        """Keep the vectors."""
        with self._work() as unit:
            unit.vectors.put_many(vectors)
            unit.commit()


def matchable(work: Work, closed_since: datetime) -> Iterator[Sequence[TicketWords]]:
    """Yield the tickets that a piece can be about: all open ones, and those that were closed since then."""
    after = 0
    while True:
        with work() as unit:
            page = unit.tickets.matchable(closed_since=closed_since, after=after, limit=TICKETS)
        if not page:
            return
        yield page
        after = page[-1].id


class Desk:
    """The matcher with its index kept in step with the store. One run at a time; safe for several threads."""

    def __init__(
        self, work: Work, clock: Clock, rules: Rules, matcher: Matcher, *, closed_for: timedelta = CLOSED_FOR
    ) -> None:
        self._work, self._clock, self._rules, self._matcher = work, clock, rules, matcher
        self._closed_for = closed_for
        self._lock = threading.Lock()
        self._shipped = matcher.model
        self._tickets_at: datetime | None = None
        self._members: set[tuple[int, int]] = set()
        self._teacher = Teacher(matcher)

    def match_due(self, progress: Callable[[int], None] = lambda _: None) -> int:
        """Match every piece that is due; return how many."""
        with self._lock:
            self._take_over()
            has_new_tickets = self._refresh_tickets()
            self._refresh_members()
            if has_new_tickets:
                self._try_unmatched_again()
            done = after = 0
            while voices := self._due(after):
                self._match(voices)
                after = voices[-1].feedback_id
                done += len(voices)
                progress(done)
            if done:
                log.info("pieces matched", extra={"pieces": done, "model": self._matcher.name})
            return done

    def _take_over(self) -> None:
        """Match by the model and the thresholds that are in force now, whichever process set them."""
        with self._work() as unit:
            active, trusts = unit.models.active(), unit.trusts.all()
            switches = unit.projects.all()
            chosen = {one.project: threshold_set(unit, one.project) for one in switches}
        earned = {name: trust.threshold for name, trust in trusts.items() if trust.threshold is not None}
        earned |= {name: at for name, at in chosen.items() if at is not None}
        model = model_in_use(self._shipped, self._matcher.embedder_name, active)
        self._matcher.use(model, earned)

    def _due(self, after: int) -> list[Voice]:
        with self._work() as unit:
            return unit.pieces.due_for_matching(after=after, limit=BATCH)

    def _match(self, voices: Sequence[Voice]) -> None:
        with self._work() as unit:
            refused = unit.matches.refused_by([v.feedback_id for v in voices])
            context = [around(unit, voice) for voice in voices]
        verdicts = self._matcher.match(list(map(partial(self._piece, refused), voices, context)))
        judged = list(map(partial(cautious, self._matcher.languages), voices, context, verdicts))
        with self._work() as unit:
            unit.take_turn()
            for voice, verdict in zip(voices, judged, strict=True):
                act_on(unit, voice, verdict, self._clock.now())
            unit.commit()

    def _piece(self, refused: Mapping[int, frozenset[int]], voice: Voice, context: Around) -> Piece:
        route = self._rules.routes.of(voice.source, voice.inbox, voice.tags)
        return Piece(
            feedback_id=voice.feedback_id,
            text=f"{context.subject}\n{voice.words}" if context.subject else voice.words,
            projects=frozenset(route.projects) or None,
            rejected=refused.get(voice.feedback_id, frozenset()),
            named=context.named,
        )

    def _refresh_tickets(self) -> bool:
        """Take over new and changed tickets.

        Return whether there are any since an earlier run of this process.
        """
        now, last, seen = self._clock.now(), self._tickets_at, 0
        pages: Iterator[Sequence[Ticket | TicketWords]]
        pages = matchable(self._work, now - self._closed_for) if last is None else self._changed_after(last)
        for page in pages:
            gone = {one.id for one in page if isinstance(one, Ticket) and one.gone}
            self._matcher.put([one for one in page if one.id not in gone])
            self._matcher.remove(gone)
            seen += len(page)
            log.info("tickets taken over", extra={"tickets": seen})
        self._tickets_at = now
        return bool(seen) and last is not None

    def _changed_after(self, moment: datetime) -> Iterator[Sequence[Ticket]]:
        with self._work() as unit:
            changed = unit.tickets.changed_after(moment - OVERLAP, limit=100_000)
        yield from (changed[start : start + TICKETS] for start in range(0, len(changed), TICKETS))

    def _refresh_members(self) -> None:
        """Let pieces that people confirmed speak for their tickets, and those that they took back no more."""
        with self._work() as unit:
            now_attached = set(unit.matches.confirmed_pairs())
            fresh = sorted(now_attached - self._members)
            voices = {v.feedback_id: v for v in unit.pieces.voices([piece for piece, _ in fresh])}
        self._matcher.detach(self._members - now_attached)
        self._matcher.attach(
            Member(piece, ticket, voices[piece].words) for piece, ticket in fresh if piece in voices
        )
        self._teacher.tell(len(self._members ^ now_attached), len(now_attached))
        self._members = now_attached

    def _try_unmatched_again(self) -> None:
        with self._work() as unit:
            unit.take_turn()
            unit.pieces.make_unmatched_due(self._clock.now() - LOOK_BACK)
            unit.commit()


def act_on(unit: UnitOfWork, voice: Voice, verdict: Verdict, now: datetime) -> None:
    """Store the verdict, and attach or suggest as far as the ticket's project allows.

    Within the caller's transaction. Voc's own earlier pairs give way, people's decisions stay. Nothing more
    is done where the piece was set aside or said otherwise while the matcher was thinking.
    """
    verdict = _by_heir(unit, voice, verdict)
    if not unit.pieces.record_verdict(voice.feedback_id, verdict, voice.words_hash, now):
        return
    before = unit.matches.of_feedback(voice.feedback_id)
    best = None if verdict.decision is Decision.UNMATCHED else verdict.best
    unit.matches.withdraw_automatic(voice.feedback_id, keep=best.ticket_id if best else None, now=now)
    pair = _decide(unit, voice, verdict, best, now) if best else None
    if before or pair:
        mark(unit, CARD, voice.feedback_id, now)
    left, reached = _attached(before), _attached([pair] if pair else [])
    for ticket_id in left ^ reached:
        mark(unit, ANNOTATION, ticket_id, now)


def _by_heir(unit: UnitOfWork, voice: Voice, verdict: Verdict) -> Verdict:
    """Return the verdict with the survivor in a duplicate's place, unless a person refused that one."""
    if verdict.best is None:
        return verdict
    survivor = heir(unit, unit.tickets.get(verdict.best.ticket_id))
    if survivor.id == verdict.best.ticket_id:
        return verdict
    if survivor.id in unit.matches.refused_by([voice.feedback_id]).get(voice.feedback_id, ()):
        return replace(verdict, decision=Decision.UNMATCHED)
    return replace(verdict, best=replace(verdict.best, ticket_id=survivor.id))


def _decide(unit: UnitOfWork, voice: Voice, verdict: Verdict, best: Candidate, now: datetime) -> Match:
    project = unit.tickets.get(best.ticket_id).project
    may_attach = verdict.decision is Decision.ATTACHED and unit.projects.switches(project).attach
    return unit.matches.decide(
        voice.feedback_id,
        best.ticket_id,
        MatchState.ATTACHED if may_attach else MatchState.SUGGESTED,
        score=best.score,
        reasons=best.reasons,
        by=AUTOMATIC,
        now=now,
    )


def _attached(pairs: Sequence[Match]) -> set[int]:
    return {pair.ticket_id for pair in pairs if pair.state is MatchState.ATTACHED}
