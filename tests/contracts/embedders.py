"""Each embedder under the contract: how it is made, and whether texts stay on this machine."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from tempfile import mkdtemp

import pytest

from bot.matching.embed import OwnModel, embedder_named
from bot.matching.embed.installed import installed_file
from bot.matching.embed.minilm import FILE, PACKAGE
from bot.matching.embed.wordpiece import UNCASED, wordpiece
from bot.ports import Embedder
from integrations.openai_compatible.embedder import EndpointEmbedder
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.openai.stand_in import TOKEN, OpenAiStandIn
from integrations.sandbox.serving import Sandbox


@dataclass(frozen=True)
class EmbedderUnderTest:
    """make: returns the embedder and what ends its far side."""

    name: str
    make: Callable[[], tuple[Embedder, Callable[[], None]]]
    is_local: bool = True
    needs: str = ""

    def skip_without_library(self) -> None:
        """Skip where the extra that it needs is not installed."""
        if self.needs and find_spec(self.needs) is None:
            pytest.skip(f"the extra {self.needs} is not installed")


def bundled(name: str) -> EmbedderUnderTest:
    """Return one whose weights are installed."""
    return EmbedderUnderTest(name, lambda: (embedder_named(name), lambda: None))


def model_folder() -> Path:
    """Return a new folder with MiniLM's files as a publisher lays them out."""
    folder = Path(mkdtemp(prefix="voc-model-"))
    (folder / "model.onnx").symlink_to(installed_file(PACKAGE, FILE))
    wordpiece(UNCASED).save(str(folder / "tokenizer.json"))
    facts = {"model_max_length": 128, "pad_token": "[PAD]", "unk_token": "[UNK]"}
    (folder / "tokenizer_config.json").write_text(json.dumps(facts))
    return folder


def from_folder(name: str, model: str = "") -> tuple[Embedder, Callable[[], None]]:
    """Return an embedder of MiniLM's folder."""
    folder = model_folder()

    def end() -> None:
        for file in folder.iterdir():
            file.unlink()
        folder.rmdir()

    return embedder_named(name, OwnModel(name=model, folder=str(folder))), end


def endpoint() -> tuple[Embedder, Callable[[], None]]:
    """Return the endpoint's embedder, its far side being the stand-in."""
    clock = SandboxClock()
    sandbox = Sandbox([OpenAiStandIn], clock=clock, profile="vendor")
    url = sandbox.start()["openai"]
    sandbox.stand_ins["openai"].load({"settings": [{"scale": 3.0}]})
    return EndpointEmbedder(url, "text-embedding-3-small", key=TOKEN, sleep=clock.advance), sandbox.stop


EMBEDDERS = [
    bundled("wordllama"),
    bundled("minilm"),
    EmbedderUnderTest("onnx", lambda: from_folder("onnx")),
    EmbedderUnderTest(
        "fastembed",
        lambda: from_folder("fastembed", "sentence-transformers/all-MiniLM-L6-v2"),
        needs="fastembed",
    ),
    EmbedderUnderTest("openai", endpoint, is_local=False),
]
