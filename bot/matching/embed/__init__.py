"""Embedders that come with their weights; none reaches the network."""

from __future__ import annotations

from bot.errors import SettingError
from bot.matching.embed.installed import VARIABLE
from bot.ports import Embedder

EMBEDDERS = ("minilm", "wordllama")


def embedder_named(name: str) -> Embedder:
    """Return the embedder of that name, its weights loaded. Raises SettingError for an unknown name."""
    match name:  # each loads native libraries
        case "minilm":
            from bot.matching.embed.minilm import minilm

            return minilm()
        case "wordllama":
            from bot.matching.embed.wordllama import WordLlamaEmbedder

            return WordLlamaEmbedder()
    problem, remedy = f"no embedder is called {name!r}", f"Use one of: {', '.join(EMBEDDERS)}"
    raise SettingError(VARIABLE, problem, feature="matching", remedy=remedy)
