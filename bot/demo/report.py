"""What the demo did, as figures: judged by what the stand-ins received and by what is stored."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.app import Bot
from bot.demo.job import Timed
from bot.demo.world import DIGEST_CHANNEL, World
from bot.domain.match import AUTOMATIC, Decision, Match, MatchState
from bot.domain.voice import Voice
from bot.repositories import UnitOfWork
from integrations.sandbox.client import SandboxClient

VENDORS = ("zendesk", "intercom", "jira", "linear", "slack")
STAGES = ("load", "pull", "match", "annotate", "digest")
PRESENT = {MatchState.ATTACHED: Decision.ATTACHED, MatchState.SUGGESTED: Decision.SUGGESTED}
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Told:
    """One piece with its present match, for the report and the summary."""

    voice: Voice
    ticket_key: str | None
    ticket_title: str
    score: float
    decision: Decision
    pair: Match | None

    @property
    def is_reviewed(self) -> bool:
        """Whether a person attached it."""
        return (
            self.decision is Decision.ATTACHED and self.pair is not None and self.pair.decided_by != AUTOMATIC
        )


def report_of(
    bot: Bot, sandbox: SandboxClient, world: World, timed: Timed, told: list[Told]
) -> dict[str, Any]:
    """Return the report as JSON-able data, one row a conversation: the ask of it that went furthest."""
    told = _furthest(told)
    decisions = [t.decision for t in told if t.voice.excluded is None]
    return {
        "pulled": len(told),
        "attached": decisions.count(Decision.ATTACHED),
        "suggested": decisions.count(Decision.SUGGESTED),
        "unmatched": decisions.count(Decision.UNMATCHED),
        "set_aside": sum(t.voice.excluded is not None for t in told),
        "annotations": _annotated(sandbox),
        "truncated": world.truncated,
        "digest": _digest(sandbox),
        "seconds": _seconds(timed),
        "requests": {v: n for v, n in sandbox.counts().items() if v in VENDORS},
        "profile": sandbox.about()["profile"],
        "reviewed": sum(t.is_reviewed for t in told),
        "attached_right": _attached_right(told, world),
        "matches": [_row(t, world) for t in told],
    }


def told_of(bot: Bot) -> list[Told]:
    """Return every piece with its match, by when it was said."""
    with bot.reading() as unit:
        voices = unit.pieces.heard(BEGINNING, bot.clock.now() + timedelta(days=1), include_excluded=True)
        return [_told(unit, voice) for voice in voices]


def _furthest(told: Sequence[Told]) -> list[Told]:
    found: dict[int, Told] = {}
    for one in sorted(told, key=lambda t: (tuple(Decision).index(t.decision), -t.score)):
        found.setdefault(one.voice.conversation_id, one)
    return [one for one in told if found[one.voice.conversation_id] is one]


def _told(unit: UnitOfWork, voice: Voice) -> Told:
    pair = next((m for m in unit.matches.of_feedback(voice.feedback_id) if m.state in PRESENT), None)
    verdict = unit.pieces.verdict(voice.feedback_id)
    best = verdict.best if verdict else None
    ticket_id = pair.ticket_id if pair else (best.ticket_id if best else None)
    ticket = unit.tickets.get(ticket_id) if ticket_id is not None else None
    return Told(
        voice=voice,
        ticket_key=ticket.key if ticket else None,
        ticket_title=ticket.title if ticket else "",
        score=pair.score if pair else (best.score if best else 0.0),
        decision=PRESENT[pair.state] if pair else Decision.UNMATCHED,
        pair=pair,
    )


def _row(told: Told, world: World) -> dict[str, Any]:
    return {
        "feedback_id": _piece(told, world),
        "ticket_key": told.ticket_key,
        "score": round(told.score, 4),
        "decision": told.decision.value,
    }


def _piece(told: Told, world: World) -> str:
    return world.pieces[(told.voice.source, told.voice.external_id)]


def _attached_right(told: list[Told], world: World) -> int | None:
    """Return how many of Voc's own attachments the data agrees with, None where it says nothing."""
    if world.truth is None:
        return None
    attached = [t for t in told if t.decision is Decision.ATTACHED and not t.is_reviewed]
    return sum(bool(world.truth[_piece(t, world)] == t.ticket_key) for t in attached)


def _seconds(timed: Timed) -> dict[str, float]:
    seconds = {stage: round(timed.seconds.get(stage, 0.0), 3) for stage in STAGES}
    return {**seconds, "total": round(sum(timed.seconds.values()), 3)}


def _digest(sandbox: SandboxClient) -> dict[str, Any]:
    """Return what the digest's channel holds: messages, and the digest's own blocks and characters."""
    channel = next(c for c in sandbox.state("slack")["channels"] if c["id"] == DIGEST_CHANNEL)
    main = next((m for m in channel["messages"] if m.get("thread_ts") in (None, m["ts"])), None)
    blocks = main.get("blocks", []) if main else []
    return {
        "channel": DIGEST_CHANNEL,
        "messages": len(channel["messages"]),
        "blocks": len(blocks),
        "characters": sum(map(_visible, blocks)),
    }


def _visible(node: Any) -> int:
    """Return how many characters of a block a reader sees: its texts, whatever they stand in."""
    if isinstance(node, list):
        return sum(map(_visible, node))
    if not isinstance(node, dict):
        return 0
    own = node.get("text")
    return (len(own) if isinstance(own, str) else 0) + sum(_visible(part) for part in node.values())


def _annotated(sandbox: SandboxClient) -> int:
    """Return how many tickets show customers' words, in either tracker."""
    in_jira = sum(bool(_ours(issue)) for issue in sandbox.state("jira")["issues"])
    return in_jira + sum(bool(issue["needs"]) for issue in sandbox.state("linear")["issues"])


def _ours(issue: dict[str, Any]) -> list[Any]:
    return [c for c in issue["comments"] if any(key.startswith("voc.") for key in c["properties"])]
