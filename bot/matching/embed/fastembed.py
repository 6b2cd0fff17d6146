"""Models of the fastembed library, which is an extra: loaded only where it is chosen."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from bot.errors import SettingError
from bot.matching.embed.installed import VARIABLE
from bot.matching.products import unit
from bot.ports import Reading

if TYPE_CHECKING:
    from bot.matching.embed import OwnModel
    from bot.ports import Vectors

MOST_CHARACTERS = 8_000  # of one text; the model's own limit is lower


class FastEmbedder:
    """An Embedder. Texts are run one by one: many of the library's models quantise over a batch."""

    def __init__(self, own: OwnModel) -> None:
        """Load the model. Raises SettingError where the library or the model is not here."""
        os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")  # read when its downloader is imported
        try:
            from fastembed import TextEmbedding
        except ModuleNotFoundError as exc:
            raise _unfit(VARIABLE, "the library is not installed", "Run: pip install '.[fastembed]'") from exc
        if not own.name:
            raise _unfit("VOC_MATCHING__MODEL", "is not set", "Example: BAAI/bge-small-en-v1.5")
        known = {model["model"].lower(): model["dim"] for model in TextEmbedding.list_supported_models()}
        if own.name.lower() not in known:
            raise _unfit(
                "VOC_MATCHING__MODEL", f"fastembed has no model {own.name}", "See its list of models"
            )
        self.name, self.languages = f"fastembed-{own.name}", own.languages
        self.dimensions = int(known[own.name.lower()])
        try:
            self._model = TextEmbedding(
                own.name,
                specific_model_path=own.folder or None,
                local_files_only=not own.may_download,
                enable_cpu_mem_arena=False,
            )
        except ValueError as exc:
            remedy = "Name its folder in VOC_MATCHING__MODEL_DIR, or allow VOC_MATCHING__DOWNLOAD"
            raise _unfit("VOC_MATCHING__MODEL", f"{own.name} is not on this machine", remedy) from exc

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows, zero rows for blank texts. A text's first 8,000 characters count."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        plain = [text[:MOST_CHARACTERS].encode("utf-8", "replace").decode("utf-8") for text in texts]
        filled = [at for at, text in enumerate(plain) if text.strip()]
        for at, row in zip(
            filled, self._model.embed([plain[at] for at in filled], batch_size=1), strict=True
        ):
            rows[at] = row
        return unit(rows)

    def read(self, texts: Sequence[str]) -> Reading:
        """Return the rows; the library tells nothing of tokens."""
        return Reading(self.embed(texts))


def _unfit(variable: str, problem: str, remedy: str) -> SettingError:
    return SettingError(variable, problem, feature="the embedder fastembed", remedy=remedy)
