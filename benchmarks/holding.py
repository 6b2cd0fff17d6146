"""`python -m benchmarks.holding DATABASE FIGURES`: start on stored tickets, match, and write what it took."""

from __future__ import annotations

import gc
import importlib
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import numpy as np

from benchmarks.figures import data_folder
from benchmarks.made_up import AT, WordVectors
from benchmarks.processes import resident_mb
from bot.__main__ import GARBAGE
from bot.domain.route import Rules
from bot.domain.ticket import TicketWords
from bot.matching.dataset import read_feedback
from bot.matching.decide import Thresholds
from bot.matching.matcher import Matcher
from bot.matching.model import load_model
from bot.matching.prepared import body_of
from bot.matching.search import Piece
from bot.matching.words import terms
from bot.services.matching import Desk, StoredVectors, matchable
from bot.storage.database import Database
from bot.storage.engine import open_database

PIECES, CHANGES, UPDATED = 150, 40, 5_000


class MayEnd:
    """A time at which every stored ticket counts."""

    def now(self) -> datetime:
        """Return a month after the tickets were made."""
        return AT + timedelta(days=30)


def main(url: str, figures: str) -> None:
    """Measure, and write the figures as JSON."""
    gc.set_threshold(GARBAGE)  # as every command does
    database, embedder = Database(open_database(url)), WordVectors()
    pieces = [Piece(0, row.text) for row in read_feedback(data_folder("banking77") / "feedback.csv")][:PIECES]
    pieces += [Piece(0, row.text) for row in read_feedback(data_folder("nextcloud") / "feedback.csv")]
    embedder.read([piece.text for piece in pieces])
    before = resident_mb(os.getpid())
    matcher = Matcher(embedder, load_model(), Thresholds(), StoredVectors(database.work, database.reading))
    start = _seconds(Desk(database.work, MayEnd(), Rules(), matcher).match_due)
    first = _seconds(lambda: matcher.match(pieces[:1]))
    held = resident_mb(os.getpid()) - before
    found = {
        "start_s": start + first,
        "resident_mb": held,
        "piece_ms": [1_000 * _seconds(partial(matcher.match, [piece])) for piece in pieces],
        "change_ms": [1_000 * _seconds(partial(_change, matcher, at)) for at in range(CHANGES)],
        "longest_match_beside_an_update_ms": 1_000 * _longest_match(matcher, pieces[:PIECES]),
    }
    known = [one for page in matchable(database.work, AT) for one in page]
    found |= {"tickets": len(known), "scans_ms": _scans_ms(known, embedder, pieces)}
    Path(figures).write_text(json.dumps(found), encoding="utf-8")


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started


def _changed(number: int, word: str) -> TicketWords:
    return TicketWords(number, f"APP-{number}", "APP", f"{word} {word} export", f"It says {word}.")


def _change(matcher: Matcher, number: int) -> None:
    """Change a ticket, and match a piece that only its new words fit."""
    word = f"unheard{number}of"
    matcher.put([_changed(number + 1, word)])
    (verdict,) = matcher.match([Piece(0, f"{word} {word} export")])
    if verdict.best is None or verdict.best.ticket_id != number + 1:
        raise RuntimeError("a changed ticket was not found")


def _longest_match(matcher: Matcher, pieces: Sequence[Piece]) -> float:
    """Return the seconds of the longest match while many tickets change."""
    many = [_changed(number, f"word{number % 97}") for number in range(1, UPDATED)]
    update, longest = threading.Thread(target=matcher.put, args=(many,)), 0.0
    update.start()
    while update.is_alive():
        for piece in pieces[:10]:
            longest = max(longest, _seconds(partial(matcher.match, [piece])))
    return longest


def _scans_ms(known: Sequence[TicketWords], embedder: WordVectors, pieces: Sequence[Piece]) -> list[float]:
    """Return what it takes to compare a piece with every text by numpy's product and by bm25s."""
    texts = [text for one in known for text in (one.title, f"{one.title}. {body_of(one.body)}")]
    rows = np.concatenate([embedder.embed(texts[at : at + 5_000]) for at in range(0, len(texts), 5_000)])
    retriever = importlib.import_module("bm25s").BM25()  # published without types
    retriever.index([terms(text) for text in texts], show_progress=False)
    vectors, took = embedder.embed([piece.text for piece in pieces]), []
    for piece, vector in zip(pieces, vectors, strict=True):
        started = time.perf_counter()
        np.argpartition(rows @ vector, -100)
        words = [word for word in terms(piece.text) if word in retriever.vocab_dict]
        np.argpartition(retriever.get_scores(words), -100)
        took.append(1_000 * (time.perf_counter() - started))
    return took


if __name__ == "__main__":
    main(*sys.argv[1:])
