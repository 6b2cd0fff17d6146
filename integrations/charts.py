"""Charts as pictures with words: a PNG and the text that says the same."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.domain.digest import DigestSnapshot, TopTicket
from bot.domain.inert import cut_at_word, one_line
from bot.domain.week import Week

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOP = 3
WIDTH_IN, HEIGHT_IN, DPI = 8.0, 4.5, 160
BACKGROUND, INK, FAINT = "#ffffff", "#1d1c1d", "#d5d5d5"
# Colours that keep apart for the colour-blind (Okabe and Ito), each with its own marker and dash.
STYLES: Sequence[dict[str, Any]] = (
    {"color": "#0072b2", "marker": "o", "linestyle": "-"},
    {"color": "#a84300", "marker": "s", "linestyle": "--"},
    {"color": "#00664b", "marker": "^", "linestyle": ":"},
)


def trend_chart(snapshot: DigestSnapshot) -> tuple[bytes, str] | None:
    """Return (PNG, alt text) of pieces a week, loudest tickets; None where no trend has two weeks."""
    tickets = [t for t in snapshot.top[:TOP] if len(t.trend) > 1]
    if not tickets:
        return None
    length = max(len(t.trend) for t in tickets)
    weeks = [snapshot.week.after(n - length + 1) for n in range(length)]
    return _picture(tickets, weeks), _words(tickets, weeks)


def _words(tickets: Sequence[TopTicket], weeks: Sequence[Week]) -> str:
    first, last = weeks[0].monday, weeks[-1].monday
    span = f"weeks of {first.day} {first:%b} to {last.day} {last:%b} {last.year}"
    lines = [
        f"{cut_at_word(one_line(f'{t.key} {t.title}'), 100)}: {', '.join(map(str, t.trend))}" for t in tickets
    ]
    return f"Line chart of pieces of feedback a week, {span}. " + ". ".join(lines) + "."


def _picture(tickets: Sequence[TopTicket], weeks: Sequence[Week]) -> bytes:
    # The object interface: pyplot would keep every figure and pick a backend for the whole process.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.2, h_pad=0.2)
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor=BACKGROUND, layout=layout)
    axes = figure.add_subplot(facecolor=BACKGROUND)
    for ticket, style in zip(tickets, STYLES, strict=False):
        at = range(len(weeks) - len(ticket.trend), len(weeks))
        axes.plot(at, ticket.trend, linewidth=2.6, markersize=8, clip_on=False, **style)
    _label(axes, tickets, len(weeks) - 1)
    _frame(axes, weeks, max(max(t.trend) for t in tickets))
    out = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(out, format="png")
    return out.getvalue()


def _label(axes: Axes, tickets: Sequence[TopTicket], last: int) -> None:
    """Name each line at its end, moved apart where they would meet."""
    gap = max(max(t.trend) for t in tickets) / 9 or 0.2
    floor = float("-inf")
    for ticket, style in sorted(zip(tickets, STYLES, strict=False), key=lambda pair: pair[0].trend[-1]):
        height = max(float(ticket.trend[-1]), floor + gap)
        floor = height
        said = f"{_drawable(ticket.key)}  {ticket.trend[-1]}"
        look = {"color": style["color"], "fontsize": 15, "weight": "bold", "va": "center"}
        axes.text(last + 0.15, height, said, parse_math=False, **look)


def _drawable(key: str) -> str:
    """Return the key in letters that every font has, short enough to leave room for the lines."""
    return re.sub(r"[^ -~]", "?", key)[:16]


def _frame(axes: Axes, weeks: Sequence[Week], highest: int) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_title("Pieces of feedback a week, loudest tickets", loc="left", fontsize=16, color=INK, pad=14)
    step = -(-len(weeks) // 6)
    ticks = [n for n in range(len(weeks)) if (len(weeks) - 1 - n) % step == 0]
    axes.set_xticks(ticks, [f"{weeks[n].monday.day} {weeks[n].monday:%b}" for n in ticks])
    axes.yaxis.set_major_locator(MaxNLocator(5, integer=True))
    axes.tick_params(labelsize=13, colors=INK, length=0, pad=10)
    axes.set_ylim(0, max(highest * 1.12, 1))
    axes.set_xlim(-0.1, len(weeks) - 1 + 0.05)
    axes.grid(axis="y", color=FAINT, linewidth=1)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
