"""Charts as pictures with words: a PNG and the text that says the same, in the language spoken now."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from bot.domain.digest import DigestSnapshot, TopTicket
from bot.domain.inert import cut_at_word, one_line
from bot.domain.week import Week
from bot.i18n import forms, t

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TOP = 3
# Small, so that the letters are large on a phone, which shows a picture about 350 points wide.
WIDTH_IN, HEIGHT_IN, DPI = 6.4, 4.2, 200
# A picture brings its own paper: what is drawn is as clear in a dark theme as in a light one.
PAPER, INK, FAINT = "#f8f8f8", "#1d1c1d", "#d0d0d0"
# Colours that keep apart for the colour-blind (Okabe and Ito), each with its own marker and dash.
STYLES: Sequence[dict[str, Any]] = (
    {"color": "#0072b2", "marker": "o", "linestyle": "-"},
    {"color": "#a84300", "marker": "s", "linestyle": "--"},
    {"color": "#00664b", "marker": "^", "linestyle": ":"},
)


def trend_chart(snapshot: DigestSnapshot) -> tuple[bytes, str] | None:
    """Return (PNG, alt text) of pieces a week, loudest tickets; None where no trend has two weeks."""
    tickets = [ticket for ticket in snapshot.top[:TOP] if len(ticket.trend) > 1]
    if not tickets:
        return None
    length = max(len(ticket.trend) for ticket in tickets)
    last = snapshot.period.last_week
    weeks = [last.after(n - length + 1) for n in range(length)]
    return _picture(tickets, weeks), _words(tickets, weeks)


def _words(tickets: Sequence[TopTicket], weeks: Sequence[Week]) -> str:
    span = forms.days(weeks[0].monday, weeks[-1].last_day)
    lines = [
        f"{cut_at_word(one_line(f'{ticket.key} {ticket.title}'), 100)}: "
        f"{', '.join(forms.decimal(number) for number in ticket.trend)}"
        for ticket in tickets
    ]
    said = t("Line chart of pieces of feedback a week, {span}.", span=span)
    return f"{said} {'. '.join(lines)}."


def _picture(tickets: Sequence[TopTicket], weeks: Sequence[Week]) -> bytes:
    # The object interface: pyplot would keep every figure and pick a backend for the whole process.
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.layout_engine import ConstrainedLayoutEngine

    layout = ConstrainedLayoutEngine(w_pad=0.16, h_pad=0.16)
    figure = Figure(figsize=(WIDTH_IN, HEIGHT_IN), dpi=DPI, facecolor=PAPER, layout=layout)
    axes = figure.add_subplot(facecolor=PAPER)
    for ticket, style in zip(tickets, STYLES, strict=False):
        at = range(len(weeks) - len(ticket.trend), len(weeks))
        axes.plot(at, ticket.trend, linewidth=2.8, markersize=8, clip_on=False, **style)
    _label(axes, tickets, len(weeks) - 1)
    _frame(axes, weeks, max(max(ticket.trend) for ticket in tickets))
    out = io.BytesIO()
    FigureCanvasAgg(figure)
    figure.savefig(out, format="png")
    return out.getvalue()


def _label(axes: Axes, tickets: Sequence[TopTicket], last: int) -> None:
    """Name each line at its end, moved apart where they would meet."""
    gap = max(max(ticket.trend) for ticket in tickets) / 8 or 0.2
    floor = float("-inf")
    for ticket, style in sorted(zip(tickets, STYLES, strict=False), key=lambda pair: pair[0].trend[-1]):
        height = max(float(ticket.trend[-1]), floor + gap)
        floor = height
        said = f"{_drawable(ticket.key)}  {forms.decimal(ticket.trend[-1])}"
        look = {"color": style["color"], "fontsize": 15, "weight": "bold", "va": "center"}
        axes.text(last + 0.2, height, said, parse_math=False, **look)


def _drawable(key: str) -> str:
    """Return the key in letters that every font has, short enough to leave room for the lines."""
    return re.sub(r"[^ -~]", "?", key)[:12]


def _frame(axes: Axes, weeks: Sequence[Week], highest: int) -> None:
    from matplotlib.ticker import MaxNLocator

    axes.set_title(t("Pieces of feedback a week"), loc="left", fontsize=17, color=INK, pad=14)
    step = -(-len(weeks) // 4)
    ticks = [n for n in range(len(weeks)) if (len(weeks) - 1 - n) % step == 0]
    axes.set_xticks(ticks, [forms.day(weeks[n].monday) for n in ticks])
    axes.yaxis.set_major_locator(MaxNLocator(4, integer=True))
    axes.tick_params(labelsize=14, colors=INK, length=0, pad=8)
    axes.set_ylim(0, max(highest * 1.12, 1))
    axes.set_xlim(-0.1, len(weeks) - 1 + 0.05)
    axes.grid(axis="y", color=FAINT, linewidth=1)
    axes.spines[["top", "right", "left"]].set_visible(False)
    axes.spines["bottom"].set_color(FAINT)
