"""Embedders that come with their weights; none reaches the network."""

from __future__ import annotations

from bot.errors import SettingError
from bot.ports import Embedder

EMBEDDERS = ("wordllama",)


def embedder_named(name: str) -> Embedder:
    """Return the embedder of that name, its weights loaded. Raises SettingError for an unknown name."""
    if name not in EMBEDDERS:
        raise SettingError(
            "VOC_MATCHING__EMBEDDER",
            f"no embedder is called {name!r}",
            feature="matching",
            remedy=f"Use one of: {', '.join(EMBEDDERS)}",
        )
    from bot.matching.embed.wordllama import WordLlamaEmbedder  # loads native libraries

    return WordLlamaEmbedder()
