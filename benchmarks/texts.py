"""How fast customers' words are made ready: cleaned, searched for private data, their language told."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence

from benchmarks.figures import Figure, data_folder, median
from bot.domain.feedback import Markup
from bot.matching.dataset import read_feedback, read_tickets
from bot.text.clean import clean
from bot.text.language import language_of
from bot.text.redact import find_private

RUNS, BODIES = 5, 500


def text_docs() -> Iterator[Figure]:
    """Yield documents a second on short real chat messages, and on long real Markdown bodies read as mail."""
    short = [row.text for row in read_feedback(data_folder("banking77") / "feedback.csv")]
    long = [row.description for row in read_tickets(data_folder("nextcloud") / "tickets.csv")][:BODIES]
    for name, texts, channel in (
        ("text_docs_per_second", short, "chat"),
        ("text_bodies_per_second", long, "email"),
    ):
        yield median(name, [_speed(texts, channel) for _ in range(RUNS)], "texts/s")


def _speed(texts: Sequence[str], channel: str) -> float:
    started = time.perf_counter()
    for text in texts:
        cleaned = clean(text, Markup.PLAIN, channel=channel)
        find_private(cleaned)
        language_of(cleaned)
    return len(texts) / (time.perf_counter() - started)
