"""How fast and how large embedders are, each against the plain way to run the same model."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.figures import Figure, data_folder, median
from benchmarks.processes import run
from bot.matching.dataset import read_feedback, read_tickets
from bot.matching.embed import embedder_named
from bot.matching.embed.installed import installed_file
from bot.matching.embed.minilm import FILE, PACKAGE
from bot.matching.embed.onnx import MAX_TOKENS
from bot.matching.embed.wordpiece import UNCASED, wordpiece

if TYPE_CHECKING:
    from bot.ports import Vectors

    Embed = Callable[[Sequence[str]], Vectors]

RUNS, SHORT, LONG, ONES = 3, 600, 100, 100
PLAIN = "batches of 32 as they come"
MEASURED = "from benchmarks.embedding import {name} as it, long_texts; it({argument})(long_texts())"


def embedding() -> Iterator[Figure]:
    """Yield the memory that long texts take, texts a second, and the time of one text."""
    yield from _memory()  # first: a process's peak counts what its parent had when it was forked
    minilm, wordllama, plain = embedder("minilm"), embedder("wordllama"), plain_minilm()
    short = [row.text for row in read_feedback(data_folder("banking77") / "feedback.csv")][:SHORT]
    for kind, texts in (("short", short), ("long", long_texts())):
        ours, others, static = (_speeds(embed, texts) for embed in (minilm, plain, wordllama))
        yield _against(f"embedding_minilm_{kind}_per_second", ours, "texts/s", PLAIN, others)
        yield _against(f"embedding_wordllama_{kind}_per_second", static, "texts/s", "minilm", ours)
    ours, static = (_one_by_one_ms(embed, short[:ONES]) for embed in (minilm, wordllama))
    yield _against("embedding_minilm_one_ms", ours, "ms", "wordllama", static)


def _memory() -> Iterator[Figure]:
    minilm, plain = _peak_mb("embedder", "'minilm'"), _peak_mb("plain_minilm", "")
    yield _against("embedding_minilm_memory_mb", minilm, "MB", PLAIN, plain)
    yield _against(
        "embedding_wordllama_memory_mb", _peak_mb("embedder", "'wordllama'"), "MB", "minilm", minilm
    )


def embedder(name: str) -> Embed:
    """Return what makes the named embedder's rows."""
    return embedder_named(name).embed


def plain_minilm() -> Embed:
    """Return what makes MiniLM's rows as is mostly done: as they come, 32 at a time, by all defaults."""
    from onnxruntime import InferenceSession

    session = InferenceSession(str(installed_file(PACKAGE, FILE)), providers=["CPUExecutionProvider"])
    tokenizer = wordpiece(UNCASED)
    tokenizer.enable_truncation(MAX_TOKENS)
    tokenizer.enable_padding()

    def rows(texts: Sequence[str]) -> Vectors:
        encoded = tokenizer.encode_batch(list(texts))
        ids, mask = (np.array([getattr(one, what) for one in encoded]) for what in ("ids", "attention_mask"))
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        vectors: Vectors = (session.run(None, given)[0] * mask[:, :, None]).sum(axis=1)
        return vectors

    return lambda texts: np.concatenate([rows(texts[at : at + 32]) for at in range(0, len(texts), 32)])


def long_texts() -> list[str]:
    """Return real issues, title and body."""
    rows = read_tickets(data_folder("nextcloud") / "tickets.csv")[:LONG]
    return [f"{row.title}. {row.description}" for row in rows]


def _against(name: str, ours: Sequence[float], unit: str, peer: str, others: Sequence[float]) -> Figure:
    return replace(median(name, ours, unit), peer=peer, peer_figure=median("", others, "").figure)


def _speeds(embed: Embed, texts: Sequence[str]) -> list[float]:
    return [len(texts) / _seconds(partial(embed, texts)) for _ in range(RUNS)]


def _one_by_one_ms(embed: Embed, texts: Sequence[str]) -> list[float]:
    return [1000 * _seconds(partial(embed, [text])) for text in texts]


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _peak_mb(name: str, argument: str) -> list[float]:
    return [run(["-c", MEASURED.format(name=name, argument=argument)]).peak_mb]
