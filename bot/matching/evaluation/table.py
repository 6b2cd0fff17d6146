"""The figures as a table to read, "-" for what the data can't give."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from bot.matching.evaluation.against import PAIRED, PEER_FIGURES

GROUPS = ("retrieval", "pairs", "decision", "calibration", "speed")
_NAME, _CELL = 49, 34
_PEER, _FIGURE = 14, 22


def render(result: dict[str, Any]) -> str:
    """Return the figures with their 95 % intervals in brackets: a column an embedder, then the peers."""
    return "\n".join(_lines(result, [result, *result["compared"]]))


def _lines(result: dict[str, Any], columns: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield from _data(result["data"])
    yield ""
    yield _row("", *(column["embedder"] for column in columns))
    for group in GROUPS:
        for name in columns[0][group]:
            if name not in {"interval95", "bins"}:
                yield _row(f"{group:12} {name}", *(_cell(column[group], name) for column in columns))
    yield _row("memory_mb", *(_number(column["memory_mb"]) for column in columns))
    for at, row in enumerate(columns[0]["learning"] or ()):
        rows = [column["learning"][at] for column in columns]
        for name in ("top1", "top3"):
            named = f"{'learning':12} {row['examples']} attached a ticket, {name}"
            yield _row(named, *(_cell(one, name) for one in rows))
    yield from _reliability(columns)
    yield from _peers(result["peers"])
    for name in PAIRED:
        of = f"{'paired':12} {name}, less {columns[0]['paired']['reference']}"
        yield _row(of, *(_cell(column["paired"], name) for column in columns))


def _data(data: dict[str, int | None]) -> Iterator[str]:
    pieces = f"{data['judged']:,} of {data['pieces']:,} pieces judged"
    yield f"{pieces}, {data['answerable']:,} with a ticket that fits"
    most = "" if data["examples"] is None else f", at most {data['examples']} each"
    tickets = f"{data['tickets']:,} tickets ({data['left_out']:,} left out)"
    yield f"{tickets}, {data['attached']:,} attached pieces{most}; seed {data['seed']}"


def _reliability(columns: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield ""
    yield _row("first candidate's score", *("pieces: stated, right" for _ in columns))
    for bins in zip(*(column["calibration"]["bins"] for column in columns), strict=True):
        cells = [f"{one['n']}: {_number(one['stated'])}, {_cell(one, 'real')}" for one in bins]
        if any(one["n"] for one in bins):
            yield _row(f"{bins[0]['lower']} to {bins[0]['upper']}", *cells)


def _peers(peers: dict[str, dict[str, Any]]) -> Iterator[str]:
    yield ""
    yield _row("peers", *PEER_FIGURES, widths=(_PEER, _FIGURE))
    for name, told in peers.items():
        cells = [told["note"]] if "note" in told else [_cell(told, column) for column in PEER_FIGURES]
        yield _row(name, *cells, widths=(_PEER, _FIGURE))
    yield ""


def _row(name: str, *cells: str, widths: tuple[int, int] = (_NAME, _CELL)) -> str:
    first, rest = widths
    return "".join([name.ljust(first), *(cell.ljust(rest) for cell in cells)]).rstrip()


def _cell(group: dict[str, Any], name: str) -> str:
    interval = group.get("interval95", {}).get(name)
    return _number(group[name]) + (f" [{', '.join(map(_number, interval))}]" if interval else "")


def _number(figure: float | None) -> str:
    return "-" if figure is None else f"{round(figure, 3):g}"
