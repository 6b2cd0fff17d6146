"""How fast themes are found and added to, and how right they are, against leader clustering."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle, islice

import numpy as np
import numpy.typing as npt

from benchmarks.figures import Figure, data_folder, median
from bot.domain.customer import Person
from bot.domain.quote import Quote, Span
from bot.domain.theme import Seat, Theme, ThemeState
from bot.domain.voice import Voice
from bot.matching.dataset import read_feedback
from bot.matching.embed import embedder_named
from bot.matching.themes import clusters, floor_of
from bot.ports import Embedder
from bot.repositories import Place
from bot.services.theme_plans import Plan, Pool, anew, joined

MANY, MORE, WIDTH, RUNS = 10_000, 100, 384, 3
SEED, TOPICS, SPREAD = 20261126, 400, 0.06
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
Rows = npt.NDArray[np.float32]
Labels = npt.NDArray[np.int64]


def themes() -> Iterator[Figure]:
    """Yield seconds for 10,000 pieces and for 100 more, and the agreement with questions' true intents."""
    rows, voices, floor = _rows(), _voices(MANY + MORE), 0.4
    whole = _pool(voices[:MANY])
    plans: list[Plan] = []
    spent = [_seconds(lambda: plans.append(anew(whole, rows[:MANY], floor))) for _ in range(RUNS)]
    peer = median("", [_seconds(lambda: _led(rows[:MANY], floor)) for _ in range(RUNS)], "s")
    found = median("themes_10000_seconds", spent, "s", wanted="< 60")
    yield replace(found, peer="one pass of leader clustering", peer_figure=peer.figure)
    grown = _pool(voices, plans[-1])
    yield median(
        "themes_100_more_seconds",
        [_seconds(lambda: joined(grown, rows, floor)) for _ in range(RUNS)],
        "s",
        wanted="< 2",
    )
    yield from _agreement(embedder_named("wordllama"))


def _agreement(embedder: Embedder) -> Iterator[Figure]:
    folder = data_folder("banking77")
    with (folder / "truth.csv").open(encoding="utf-8", newline="") as file:
        intents = {row["feedback_id"]: row["ticket_key"] for row in csv.DictReader(file)}
    said = read_feedback(folder / "feedback.csv")
    truth = np.unique([intents[row.id] for row in said], return_inverse=True)[1]
    vectors = embedder.embed([row.text for row in said])
    floor = floor_of(vectors, embedder)
    ours, peer = _labels(clusters(vectors, floor), len(said)), _led(vectors, floor)
    for name, judge in (("ari", _ari), ("nmi", _nmi), ("accuracy", _accuracy), ("purity", _purity)):
        yield Figure(
            name=f"themes_banking77_{name}",
            figure=round(judge(truth, ours), 4),
            unit=name,
            peer="leader clustering",
            peer_figure=round(judge(truth, peer), 4),
        )


def _rows() -> Rows:
    """Return unit rows: half of them near one of many topics, half near none."""
    chance = np.random.default_rng(SEED)
    topics = chance.standard_normal((TOPICS, WIDTH)) / np.sqrt(WIDTH)
    rows = chance.standard_normal((MANY + MORE, WIDTH)) * SPREAD
    near = chance.random(MANY + MORE) < 0.5
    rows[near] += topics[chance.integers(0, TOPICS, near.sum())]
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


def _voices(count: int) -> list[Voice]:
    """Return as many pieces in real words, each of a person of its own."""
    texts = [row.text for row in read_feedback(data_folder("banking77") / "feedback.csv")]
    return [_voice(number, text) for number, text in enumerate(islice(cycle(texts), count), 1)]


def _voice(number: int, text: str) -> Voice:
    return Voice(
        feedback_id=number,
        conversation_id=number,
        source="bench",
        external_id=str(number),
        quote=Quote("1", (Span(0, len(text)),)),
        text=text,
        redactions=(),
        said_at=NOON,
        arrived_at=NOON,
        person=Person(id=number),
    )


def _pool(voices: Sequence[Voice], plan: Plan | None = None) -> Pool:
    """Return the voices, none looked at; or as the plan has placed them."""
    places = {voice.feedback_id: Place(voice.feedback_id, None, None) for voice in voices}
    known: dict[int, Theme] = {}
    for number, cluster in enumerate(plan.clusters if plan else (), 1):
        known[number] = _theme(number)
        places |= {piece: Place(piece, number, Seat.CLUSTERED) for piece in cluster.ids}
    waiting = plan.waiting if plan else ()
    places |= {piece: Place(piece, None, Seat.CLUSTERED) for piece in waiting}
    return Pool(voices, places, known)


def _theme(number: int) -> Theme:
    return Theme(
        id=number,
        name="",
        terms=(),
        state=ThemeState.LIVING,
        made_at=NOON,
        first_heard=NOON,
        last_heard=NOON,
    )


def _seconds(act: Callable[[], object]) -> float:
    started = time.perf_counter()
    act()
    return time.perf_counter() - started


def _led(rows: Rows, floor: float) -> Labels:
    """Return each row's group: that of the nearest first row from floor on, else its own (Hartigan 1975)."""
    leaders, labels = np.empty_like(rows), np.empty(len(rows), dtype=np.int64)
    count = 0
    for at, row in enumerate(rows):
        near = leaders[:count] @ row
        best = int(near.argmax()) if count else -1
        if best < 0 or near[best] < floor:
            leaders[count] = row
            best, count = count, count + 1
        labels[at] = best
    return labels


def _labels(groups: Sequence[Sequence[int]], size: int) -> Labels:
    labels = np.arange(size) + len(groups)
    for name, group in enumerate(groups):
        labels[list(group)] = name
    return labels


def _shared(truth: Labels, found: Labels) -> npt.NDArray[np.float64]:
    """Return how many rows each true and each found group share."""
    names, places = np.unique(found, return_inverse=True)
    table = np.zeros((int(truth.max()) + 1, len(names)))
    np.add.at(table, (truth, places), 1)
    return table


def _ari(truth: Labels, found: Labels) -> float:
    table = _shared(truth, found)
    both, one, other = (float((n * (n - 1) / 2).sum()) for n in (table, table.sum(1), table.sum(0)))
    expected = one * other / (len(truth) * (len(truth) - 1) / 2)
    return (both - expected) / ((one + other) / 2 - expected)


def _nmi(truth: Labels, found: Labels) -> float:
    table = _shared(truth, found) / len(truth)
    rows, columns = table.sum(1), table.sum(0)
    there = table > 0
    mutual = (table[there] * np.log(table[there] / np.outer(rows, columns)[there])).sum()
    own = -(rows * np.log(rows)).sum() - (columns * np.log(columns)).sum()
    return float(2 * mutual / own)


def _accuracy(truth: Labels, found: Labels) -> float:
    """Return the share of rows in the found group that their true one gets, given greedily."""
    table, right = _shared(truth, found), 0.0
    while table.max() > 0:
        row, column = np.unravel_index(int(table.argmax()), table.shape)
        right += float(table[row, column])
        table[row, :] = 0
        table[:, column] = 0
    return right / len(truth)


def _purity(truth: Labels, found: Labels) -> float:
    return float(_shared(truth, found).max(axis=0).sum() / len(truth))
