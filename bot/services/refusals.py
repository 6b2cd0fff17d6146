"""A tracker that refuses pauses a project's writes; its owners hear of it once, and once that it goes on."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.news import News, NewsKind
from bot.domain.ticket import Ticket
from bot.errors import AccessError, TransientError
from bot.services.annotator import Annotator, Run
from bot.services.outward import ACCESS_PAUSE_S

SHORTEST_PAUSE = timedelta(minutes=1)


def note_refusal(
    annotator: Annotator, ticket: Ticket, problem: TransientError | AccessError, run: Run
) -> datetime:
    """Pause the project's writes; return until when. A refusal of access is news, the first time."""
    until = annotator.clock.now() + pause_of(problem)
    run.paused[ticket.project] = until
    run.accepted.discard(ticket.project)
    if isinstance(problem, AccessError):
        remedy = f". What helps: {problem.remedy}" if problem.remedy else ""
        _turn(annotator, ticket, NewsKind.REFUSED, f"{problem}{remedy}")
    return until


def note_success(annotator: Annotator, ticket: Ticket, run: Run) -> None:
    """Note that the tracker takes writes to the ticket's project; news where it refused them before."""
    if ticket.project not in run.accepted:
        run.accepted.add(ticket.project)
        _turn(annotator, ticket, NewsKind.RESUMED)


def _turn(annotator: Annotator, ticket: Ticket, kind: NewsKind, subject: str = "") -> None:
    """Add the news unless it is what was last so: what was never refused is accepted.

    Where the tracker can't be read either, its outage is told already.
    """
    project, now = ticket.project, annotator.clock.now()
    with annotator.reading() as unit:
        last = unit.news.last_of(project, [NewsKind.REFUSED, NewsKind.RESUMED])
        is_told = kind is NewsKind.REFUSED and unit.sources.get(ticket.ref.tracker).failures > 0
    if is_told or (last or NewsKind.RESUMED) is kind:
        return
    with annotator.work() as unit:
        unit.news.add(News(kind=kind, tracker=ticket.ref.tracker, project=project, at=now, subject=subject))
        unit.commit()


def pause_of(problem: TransientError | AccessError) -> timedelta:
    """Return how long to leave the tracker alone."""
    if isinstance(problem, AccessError):
        return timedelta(seconds=ACCESS_PAUSE_S)
    return max(SHORTEST_PAUSE, timedelta(seconds=problem.retry_after_s or 0.0))
