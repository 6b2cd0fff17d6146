"""What happened to tickets and links is told to the owners once, in one notice for each kind and channel."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from bot.domain.message import Notice
from bot.domain.news import News, NewsKind
from bot.i18n import later, nlater, nt, t
from bot.repositories import UntoldNews
from bot.services.outward import Outcome
from handlers.outages import Watch, owner_channel, tell

MOST_NAMED = 10
GONE = nlater(
    "⚠ {tracker} no longer shows {subjects}, deleted or hidden from Voc. {n} piece of feedback stays "
    "attached there. If it was meant, choose another ticket on its card; if not, let Voc’s account see it "
    "again, and all goes on by itself.",
    "⚠ {tracker} no longer shows {subjects}, deleted or hidden from Voc. {n} pieces of feedback stay "
    "attached there. If it was meant, choose another ticket on their cards; if not, let Voc’s account see "
    "it again, and all goes on by itself.",
)
UNLINKED = nlater(
    "⚠ {n} of Voc’s links vanished from {subjects} in {tracker}. That looks like a clean-up or a restore, "
    "so Voc unlinked the piece and learned nothing from it. What should be there is attached again on the "
    "piece’s card.",
    "⚠ {n} of Voc’s links vanished at once from {subjects} in {tracker}. That looks like a clean-up or a "
    "restore, so Voc unlinked the pieces and learned nothing from it. What should be there is attached "
    "again on the pieces’ cards.",
)
REFUSED = later(
    "⚠ Voc may not write to tickets of {projects} in {tracker}: {why}. Nothing is lost: it is tried every 15 "
    "minutes and goes on by itself."
)
RESUMED = later("{tracker} lets Voc write to tickets of {projects} again. What waited is being written.")


def tell_news(watch: Watch) -> None:
    """Tell what is untold. What a notice tells of is fixed before it is posted, so that a repeat is the same.

    Where nobody can be told it waits: an owner channel that is set later hears of it.
    """
    with watch.work() as unit:
        untold = unit.news.untold()
        for batch, some in _batches(watch, [one for one in untold if not one.batch]).items():
            unit.news.gather([one.id for one in some], batch)
        if untold:
            untold = unit.news.untold()
        unit.commit()
    gathered = defaultdict[str, list[News]](list)
    for one in untold:
        if one.batch:
            gathered[one.batch].append(one.news)
    for batch, news in gathered.items():
        _tell(watch, batch, news)


def _batches(watch: Watch, untold: Sequence[UntoldNews]) -> dict[str, list[UntoldNews]]:
    """Return the news of one kind, tracker and channel together, by the key of the notice that tells them."""
    alike = defaultdict[tuple[str, str, str], list[UntoldNews]](list)
    for one in untold:
        if channel := _channel(watch, one.news):
            alike[one.news.kind.value, one.news.tracker, channel].append(one)
    return {f"news:{kind}:{some[0].id}": some for (kind, _, _), some in alike.items()}


def _channel(watch: Watch, news: News) -> str:
    if watch.messenger is None:
        return ""
    return watch.rules.routes.owner_of_project(news.project) or owner_channel(watch.rules, news.tracker)


def _tell(watch: Watch, batch: str, news: Sequence[News]) -> None:
    channel = _channel(watch, news[0])
    if watch.messenger is None or not channel:
        return
    since = min(one.at for one in news)
    outcome = tell(watch, watch.messenger, channel, Notice(_words(news)), batch, since)
    if outcome in (Outcome.DONE, Outcome.PARKED):
        with watch.work() as unit:
            unit.news.told(batch, watch.clock.now())
            unit.commit()


def _words(news: Sequence[News]) -> str:
    tracker, projects = news[0].tracker.title(), _listed([one.project for one in news])
    number, subjects = sum(one.number for one in news), _listed([one.subject for one in news])
    facts = {"tracker": tracker, "projects": projects, "subjects": subjects, "why": news[0].subject}
    match news[0].kind:
        case NewsKind.GONE:
            return nt(*GONE, number, **facts)
        case NewsKind.UNLINKED:
            return nt(*UNLINKED, number, **facts)
        case NewsKind.REFUSED:
            return t(REFUSED, **facts)
        case NewsKind.RESUMED:
            return t(RESUMED, **facts)


def _listed(names: Sequence[str]) -> str:
    once = sorted(set(names))
    listed = ", ".join(once[:MOST_NAMED])
    more = len(once) - MOST_NAMED
    return t("{listed} and {more} more", listed=listed, more=more) if more > 0 else listed
