"""Folders to evaluate, small enough to know their figures, and an embedder that needs no weights."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from bot.matching.evaluation.judged import Case, Ranked
from bot.matching.evaluation.ours import Decided
from bot.matching.search import Piece
from bot.ports import Reading

if TYPE_CHECKING:
    from bot.ports import Vectors

FEEDBACK = """id,created_at,channel,text
a,,chat,photos stop uploading when the screen is locked
b,,chat,please add a dark mode to the settings
c,,chat,what a lovely Sunday
"""
TICKETS = """key,title,description,status,created_at,labels
APP-1,Photo upload stops when the screen is locked,,open,,
APP-2,Dark mode for the settings page,,open,,
APP-3,Export invoices as PDF,,open,,
"""
TRUTH = "feedback_id,ticket_key,fits,how\na,APP-1,1,x\na,APP-2,0,x\nb,APP-2,1,x\nb,APP-3,0,x\nc,,0,x\n"
HISTORY = """id,created_at,channel,text,ticket_key
h1,,chat,invoices in PDF please,APP-3
h2,,chat,an invoice as PDF,APP-3
h3,,chat,save invoices to a PDF file,APP-3
h4,,chat,night colours for settings,APP-2
"""


def write(folder: Path, **texts: str) -> Path:
    """Write each text to its CSV file."""
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text)
    return folder


class WordEmbedder:
    """Unit vectors of hashed words. asked: every text that it was given, in order."""

    def __init__(self, dimensions: int = 64) -> None:
        self.name = f"words-{dimensions}"
        self.dimensions = dimensions
        self.languages = frozenset({"en"})
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str]) -> Vectors:
        self.asked += texts
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.lower().split():
                row[zlib.crc32(word.encode()) % self.dimensions] += 1
        lengths = np.linalg.norm(rows, axis=1, keepdims=True)
        np.divide(rows, lengths, out=rows, where=lengths > 0)
        return rows

    def read(self, texts: Sequence[str]) -> Reading:
        return Reading(self.embed(texts))


def case(*answers: dict[int, bool]) -> Case:
    """Return judged pieces with these answers, without words."""
    pieces = [Piece(number, "") for number in range(1, len(answers) + 1)]
    return Case([], [], pieces, pieces, list(answers))


def ranking(places: Sequence[float], scores: Sequence[float]) -> Ranked:
    """Return a ranking with these places and scores."""
    return Ranked(np.array(places, dtype=np.float64), np.array(scores, dtype=np.float64))


def decisions(stated: Sequence[float], right: Sequence[bool], attached: Sequence[bool]) -> Decided:
    """Return decisions with these scores, right ones and attached ones."""
    return Decided(np.array(stated), np.array(right, dtype=np.bool_), np.array(attached, dtype=np.bool_))
