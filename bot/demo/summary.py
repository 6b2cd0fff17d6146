"""What the demo prints for a newcomer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.panel import Panel

from bot.demo.report import Told
from bot.demo.world import EXAMPLE_MATCHING
from bot.domain.match import Decision
from bot.domain.voice import quoted
from bot.i18n.reasons import said
from bot.text.clarity import clarity

EXAMPLES, QUOTE_WORDS = 3, 40
SWITCHES = (
    "Both switches (attach without a person, write to tickets) are on by override in this demo: precision "
    "not yet measured. In a real workspace both are off at first, and Voc only proposes."
)
EAGER = " The demo also attaches from a score of {attach_at:.2f}, where a real workspace starts at 0.90."


def show(console: Console, report: dict[str, Any], told: Sequence[Told]) -> None:
    """Print the counts, three matches with their reasons, and what the switches mean."""
    posted = report["digest"]
    lines = [
        f"[bold]{report['pulled']:,}[/] pieces of feedback pulled"
        + (f" ({report['set_aside']:,} set aside: staff, tests, no words)" if report["set_aside"] else ""),
        f"[bold]{report['attached']:,}[/] attached to a ticket" + _checked(report),
        f"[bold]{report['suggested']:,}[/] proposed for a person to decide",
        f"[bold]{report['unmatched']:,}[/] without a fitting ticket",
        f"[bold]{report['annotations']:,}[/] tickets annotated",
        "the weekly digest posted"
        + (f", with {posted['messages'] - 1} more in its thread" if posted["messages"] > 1 else "")
        if posted["messages"]
        else "no digest was posted",
    ]
    if report["truncated"]:
        lines.append(f"{report['truncated']:,} texts cut to fit Jira's limits")
    console.print(Panel("\n".join(lines), title="What Voc did", expand=False))
    for one in best_examples(told):
        console.print(_match(one), highlight=False)
    eager = EAGER.format(**EXAMPLE_MATCHING) if report["attached_right"] is not None else ""
    console.print(f"\n{SWITCHES}{eager}", style="dim", highlight=False)
    console.print(f"Done in {report['seconds']['total']:.1f} s.", highlight=False)


def _checked(report: dict[str, Any]) -> str:
    """Return who attached, the example's reviewer or Voc, and how often rightly; "" without a truth."""
    if report["attached_right"] is None:
        return ""
    own = report["attached"] - report["reviewed"]
    return (
        f":\n   {report['reviewed']:,} as the example's reviewer answered in the weeks before the last"
        f"\n   {own:,} by Voc itself, {report['attached_right']:,} to the ticket that a careful reader chose"
    )


def best_examples(told: Sequence[Told]) -> list[Told]:
    """Return three matches of different tickets, attached before proposed, the clearest quotes first."""
    matched = [t for t in told if t.pair is not None and t.voice.excluded is None and not t.is_reviewed]
    matched.sort(
        key=lambda t: (t.decision is not Decision.ATTACHED, -clarity(t.voice.words), t.voice.feedback_id)
    )
    found: dict[str | None, Told] = {}
    for one in matched:
        found.setdefault(one.ticket_key, one)
    return list(found.values())[:EXAMPLES]


def _match(told: Told) -> str:
    quote = quoted(told.voice, QUOTE_WORDS)
    words = escape(quote.words) + ("…" if quote.cut else "")
    reasons = "; ".join(said(reason) for reason in told.pair.reasons) if told.pair else ""
    return (
        f"\n“{words}”\n"
        f"  → [bold]{escape(told.ticket_key or '')}[/] {escape(told.ticket_title)}\n"
        f"    {told.decision.value}, score {told.score:.2f}: {escape(reasons)}"
    )
