"""Commands that only look: status, check, evaluate."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any

import typer
from sqlalchemy.exc import OperationalError

from bot.adapters.hooks import endpoints
from bot.app import Bot
from bot.commands.console import say
from bot.commands.faults import told
from bot.commands.store import configured, opened
from bot.commands.webhooks import webhook_lines
from bot.domain.precision import Share
from bot.domain.trust import Trust
from bot.errors import VocError
from bot.ports import Finding
from bot.repositories import SourceHealth, Switches
from bot.services.status import (
    UNDONE_IN,
    Status,
    attach_words,
    channel_words,
    checked_words,
    status_of,
    stop_words,
    switch_words,
    undone_words,
)
from bot.storage.schema import require_current

STANDING = {
    "attached": "attached",
    "suggested": "proposed",
    "unmatched": "without a ticket",
    "due": "of these to be matched yet",
}
INIT = "python -m bot init"


def status(*, as_json: bool) -> None:
    """Print how things stand."""
    bot = opened()
    now = status_of(bot.reading, bot.clock)
    if as_json:
        hooks = [asdict(endpoint) for endpoint in endpoints(bot.settings)]
        say(json.dumps({**_as_data(now), "webhooks": hooks}, indent=2))
    else:
        say("\n".join([*_lines(now), *webhook_lines(bot)]))


def check() -> None:
    """Ask the database and each configured integration; exits with 1 when something is missing."""
    bot, is_whole = configured(), True
    for found in _found(bot):
        is_whole = is_whole and found.is_ok
        say(f"{'ok     ' if found.is_ok else 'MISSING'}  {found.what}")
        if found.remedy and not found.is_ok:
            say(f"         → {found.remedy}")
    if not is_whole:
        raise typer.Exit(1)


def evaluate(
    folder: Path,
    json_file: Path | None,
    embedders: Sequence[str],
    *,
    leave_out: int,
    examples: int | None,
    seed: int | None,
) -> None:
    """Print the figures as a table, and write them as JSON where asked."""
    from bot.adapters.embedders import embedder as embedder_of
    from bot.matching.evaluation.run import run
    from bot.matching.evaluation.sample import SEED, Sample
    from bot.matching.evaluation.table import render
    from config.settings import load

    sample = Sample(leave_out, examples, SEED if seed is None else seed)
    result = run(folder, embedders, sample, partial(embedder_of, load()))
    say(render(result))
    if json_file:
        json_file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def _found(bot: Bot) -> Iterator[Finding]:
    schema = _schema(bot)
    yield schema
    if schema.is_ok:
        yield from _stop(bot)
    for name, ask in _asked(bot, has_store=schema.is_ok):
        try:
            yield from (Finding(found.is_ok, f"{name}: {found.what}", found.remedy) for found in ask())
        except (VocError, OperationalError) as exc:  # stored tokens need the database
            yield Finding(False, f"{name}: {told(exc)}")


def _schema(bot: Bot) -> Finding:
    try:
        require_current(bot.database.engine)
    except (VocError, OperationalError) as exc:
        return Finding(False, f"database: {told(exc)}")
    return Finding(True, "database: reachable and up to date")


def _stop(bot: Bot) -> Iterator[Finding]:
    with bot.reading() as unit:
        stop = unit.writes.stopped()
    if stop:
        yield Finding(False, f"writes: {stop_words(stop)}", "python -m bot writes resume")


def _embedder(bot: Bot, *, has_store: bool) -> Sequence[Finding]:
    """Return which embedder is used, from where, and how many vectors it has to make yet."""
    from bot.services.vectors import progress

    chosen, name = bot.settings.matching, bot.embedder.name
    places = {"onnx": chosen.model_dir, "fastembed": chosen.model_dir or "its cache", "openai": chosen.url}
    place = places.get(chosen.embedder, "its installed package")
    told = [Finding(True, f"{name} from {place}, {bot.embedder.dimensions} dimensions")]
    if has_store:
        now = progress(bot.reading, name, bot.matchable_since())
        waiting = f"{now.missing:,} of {now.needed:,} vectors are to be made yet: new pieces wait for them"
        told.append(Finding(True, waiting if now.missing else f"all of {now.needed:,} vectors are made"))
    return told


def _asked(bot: Bot, *, has_store: bool) -> Iterator[tuple[str, Callable[[], Sequence[Finding]]]]:
    missing = [Finding(False, "not configured", INIT)]
    yield "embedder", partial(_embedder, bot, has_store=has_store)
    if not bot.sources:
        yield "sources", lambda: [Finding(False, "none is configured", INIT)]
    yield from ((name, source.check) for name, source in bot.sources.items())
    if not bot.trackers:
        yield "trackers", lambda: [Finding(False, "none is configured", INIT)]
    # Made only when asked: stored tokens are read for that.
    yield from ((name, partial(lambda name: bot.trackers[name].check(), name)) for name in bot.trackers)
    yield "slack", bot.messenger.check if bot.settings.has_slack else lambda: missing


def _lines(now: Status) -> Iterable[str]:
    if now.stopped:
        yield stop_words(now.stopped)
    yield f"{now.conversations:,} conversations, {now.tickets:,} tickets"
    yield _pieces(now.pieces)
    if not now.sources:
        yield "sources: none read yet. Run: python -m bot sync"
    for source in now.sources:
        yield _source(source, now.at)
    if now.unreadable:
        yield f"{now.unreadable:,} items could not be read and are kept by id"
    yield from map(channel_words, now.channels)
    acts = {f"{kind} {state.value}": n for (kind, state), n in sorted(now.acts.items())}
    yield "outward acts: " + (_counts(acts) or "none yet")
    yield checked_words(now)
    yield undone_words(now)
    yield from (switch_words(now, switches) for switches in now.projects)
    yield f"model: {now.model or 'as shipped'}"


def _pieces(counts: Mapping[str, int]) -> str:
    standing = {words: counts.get(name, 0) for name, words in STANDING.items()}
    aside = {
        f"set aside ({name.removeprefix('excluded:')})": number
        for name, number in counts.items()
        if name.startswith("excluded:")
    }
    return f"{counts['pieces']:,} pieces: " + (_counts(standing | aside) or "none yet")


def _source(source: SourceHealth, at: datetime) -> str:
    if source.last_success_at is None:
        seen = "never read to the end"
    else:
        minutes = max(0, int((at - source.last_success_at).total_seconds() // 60))
        seen = f"last read {minutes} min ago"
    failing = f"; FAILING, {source.failures} in a row: {source.error}" if source.failures else ""
    return f"{source.name}: {seen}{failing}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n:,} {name}" for name, n in counts.items() if n)


def _as_data(now: Status) -> dict[str, Any]:
    return {
        "at": now.at.isoformat(),
        "stopped": {"by": now.stopped.by, "at": now.stopped.at.isoformat()} if now.stopped else None,
        "conversations": now.conversations,
        "tickets": now.tickets,
        "pieces": dict(now.pieces),
        "unreadable": now.unreadable,
        "sources": [
            {
                "name": s.name,
                "last_success_at": s.last_success_at.isoformat() if s.last_success_at else None,
                "last_change_at": s.last_change_at.isoformat() if s.last_change_at else None,
                "failures": s.failures,
                "error": s.error,
            }
            for s in now.sources
        ],
        "channels": [
            {"channel": c.channel, "reason": c.reason, "since": c.since.isoformat()} for c in now.channels
        ],
        "acts": [{"kind": k, "state": s.value, "count": n} for (k, s), n in sorted(now.acts.items())],
        "checked": _share(now.checked),
        "links": {"days": UNDONE_IN.days, "made": now.linked, "undone": now.undone},
        "projects": [_project(p, now.trusts.get(p.project, Trust(project=p.project))) for p in now.projects],
        "model": now.model,
    }


def _project(switches: Switches, trust: Trust) -> dict[str, Any]:
    return {
        "project": switches.project,
        "attach": switches.attach,
        "write": switches.write,
        "by": switches.by,
        "why": attach_words(switches, trust),
        "threshold": trust.threshold,
        "is_measured": trust.is_measured,
        "answers": _share(trust.shown),
    }


def _share(share: Share) -> dict[str, Any]:
    return {"right": share.right, "of": share.of, "interval95": list(share.interval) if share.of else None}
