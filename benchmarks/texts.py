"""How fast customers' words are made ready: cleaned, searched for private data, their language told, cut."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from benchmarks.figures import Figure, data_folder, median
from bot.domain.feedback import Markup
from bot.matching.dataset import read_feedback, read_tickets
from bot.text.asks import Said, asks_of
from bot.text.clean import clean
from bot.text.language import language_of
from bot.text.redact import find_private

RUNS, BODIES = 5, 500
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")


def text_docs() -> Iterator[Figure]:
    """Yield documents a second on short real chat messages, and on long real Markdown bodies read as mail."""
    for name, texts, channel in (
        ("text_docs_per_second", _messages(), "chat"),
        ("text_bodies_per_second", _bodies(), "email"),
    ):
        yield median(name, [_speed(texts, _made_ready(channel)) for _ in range(RUNS)], "texts/s")


def asks() -> Iterator[Figure]:
    """Yield documents a second that are cut into asks, against a plain expression that splits sentences."""
    for name, texts in (("asks_docs_per_second", _messages()), ("asks_bodies_per_second", _bodies())):
        found = median(name, [_speed(texts, _cut) for _ in range(RUNS)], "texts/s")
        plain = median(name, [_speed(texts, SENTENCE_END.split) for _ in range(RUNS)], "texts/s")
        yield replace(found, peer="re.split at sentence ends", peer_figure=plain.figure)


def _messages() -> list[str]:
    return [row.text for row in read_feedback(data_folder("banking77") / "feedback.csv")]


def _bodies() -> list[str]:
    return [row.description for row in read_tickets(data_folder("nextcloud") / "tickets.csv")][:BODIES]


def _made_ready(channel: str) -> Callable[[str], object]:
    def make(text: str) -> None:
        cleaned = clean(text, Markup.PLAIN, channel=channel)
        find_private(cleaned)
        language_of(cleaned)

    return make


def _cut(text: str) -> object:
    return asks_of([Said("1", text)])


def _speed(texts: Sequence[str], read: Callable[[str], object]) -> float:
    started = time.perf_counter()
    for text in texts:
        read(text)
    return len(texts) / (time.perf_counter() - started)
