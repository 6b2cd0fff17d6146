"""Embedders that run on this machine; none reaches the network unless the operator lets it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import SettingError
from bot.matching.embed.installed import VARIABLE
from bot.ports import Embedder

EMBEDDERS = ("minilm", "wordllama", "onnx", "fastembed")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnModel:
    """A model that the operator brought. name: as fastembed knows it; folder: where its files lie.

    may_download: whether fastembed may get it where it is not here yet.
    """

    name: str = ""
    folder: str = ""
    languages: frozenset[str] = frozenset({"en"})
    may_download: bool = False


def embedder_named(name: str, own: OwnModel | None = None) -> Embedder:
    """Return the embedder of that name, its weights loaded.

    Raises SettingError for an unknown name, and for a model that is missing or unfit.
    """
    match name:  # each loads native libraries
        case "minilm":
            from bot.matching.embed.minilm import minilm

            return minilm()
        case "wordllama":
            from bot.matching.embed.wordllama import WordLlamaEmbedder

            return WordLlamaEmbedder()
        case "onnx":
            from bot.matching.embed.folder import embedder_in

            return embedder_in(own or OwnModel())
        case "fastembed":
            from bot.matching.embed.fastembed import FastEmbedder

            return FastEmbedder(own or OwnModel())
    problem = f"no embedder on this machine is called {name!r}"
    remedy = f"Use one of: {', '.join(EMBEDDERS)}; by settings also openai"
    raise SettingError(VARIABLE, problem, feature="matching", remedy=remedy)
