"""Commands that only look: status, check, evaluate."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import typer

from bot.app import Bot
from bot.commands.console import say
from bot.commands.store import configured, opened
from bot.errors import VocError
from bot.ports import Finding
from bot.repositories import SourceHealth
from bot.services.status import Status, status_of
from bot.storage.schema import require_current


def status(*, as_json: bool) -> None:
    """Print how things stand."""
    bot = opened()
    now = status_of(bot.reading, bot.clock)
    say(json.dumps(_as_data(now), indent=2) if as_json else "\n".join(_lines(now)))


def check() -> None:
    """Ask the database and each configured integration; exits with 1 when something is missing."""
    bot = configured()
    findings = [_schema(bot)]
    for name, found in _asked(bot):
        findings += [Finding(f.is_ok, f"{name}: {f.what}", f.remedy) for f in found]
    for finding in findings:
        say(f"{'ok     ' if finding.is_ok else 'MISSING'}  {finding.what}")
        if finding.remedy and not finding.is_ok:
            say(f"         → {finding.remedy}")
    if not all(f.is_ok for f in findings):
        raise typer.Exit(1)


def evaluate(folder: Path, json_file: Path | None, embedder: str) -> None:
    """Print the figures as a table, and write them as JSON where asked."""
    from bot.matching.evaluate import render, run

    result = run(folder, embedder)
    say(render(result))
    if json_file:
        json_file.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


def _schema(bot: Bot) -> Finding:
    try:
        require_current(bot.database.engine)
    except VocError as exc:
        return Finding(False, f"database: {exc}", "python -m bot migrate")
    return Finding(True, "database: reachable and up to date")


def _asked(bot: Bot) -> Iterable[tuple[str, Iterable[Finding]]]:
    if not bot.settings.has_zendesk and not bot.settings.has_intercom:
        yield "sources", [Finding(False, "none is configured", "python -m bot init")]
    for name, source in bot.sources.items():
        yield name, source.check()
    if not bot.settings.has_jira:
        yield "jira", [Finding(False, "not configured", "python -m bot init")]
    for name, tracker in bot.trackers.items():
        yield name, tracker.check()
    if not bot.settings.has_slack:
        yield "slack", [Finding(False, "not configured", "python -m bot init")]
    else:
        yield "slack", bot.messenger.check()


def _lines(now: Status) -> Iterable[str]:
    yield f"{now.conversations:,} conversations, {now.tickets:,} tickets"
    yield "pieces: " + (_counts(now.pieces) or "none yet")
    if not now.sources:
        yield "sources: none read yet. Run: python -m bot sync"
    for source in now.sources:
        yield _source(source, now.at)
    if now.unreadable:
        yield f"{now.unreadable:,} items could not be read and are kept by id"
    acts = {f"{kind} {state.value}": n for (kind, state), n in sorted(now.acts.items())}
    yield "outward acts: " + (_counts(acts) or "none yet")
    for project in now.projects:
        override = " (by override: precision not yet measured)" if project.attach and project.by else ""
        yield f"project {project.project}: attach {_word(project.attach)}{override}, write {_word(project.write)}"


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
        "conversations": now.conversations,
        "tickets": now.tickets,
        "pieces": dict(now.pieces),
        "unreadable": now.unreadable,
        "sources": [
            {
                "name": s.name,
                "last_success_at": s.last_success_at.isoformat() if s.last_success_at else None,
                "failures": s.failures,
                "error": s.error,
            }
            for s in now.sources
        ],
        "acts": [{"kind": k, "state": s.value, "count": n} for (k, s), n in sorted(now.acts.items())],
        "projects": [{"project": p.project, "attach": p.attach, "write": p.write, "by": p.by} for p in now.projects],
    }


def _word(is_on: bool) -> str:
    return "on" if is_on else "off"
