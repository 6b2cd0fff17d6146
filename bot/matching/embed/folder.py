"""A sentence transformer in a folder, as its publisher lays it out, exported to ONNX."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tokenizers import Tokenizer

from bot.errors import SettingError
from bot.matching.embed.installed import hash_of
from bot.matching.embed.onnx import MAX_TOKENS, OnnxEmbedder, Pooling
from bot.matching.embed.wordpiece import wordpiece

if TYPE_CHECKING:
    from bot.matching.embed import OwnModel

MODELS = ("model.onnx", "onnx/model.onnx")
UNDERSTOOD = frozenset({"Transformer", "Pooling", "Normalize"})


def embedder_in(own: OwnModel) -> OnnxEmbedder:
    """Return the embedder of the model in the operator's folder.

    Its name tells the model's file, pooling and length: vectors of another are made anew. Raises SettingError
    for a missing file, and for a model that does more than pool and normalise.
    """
    if not own.folder:
        raise _unfit("is not set", "Give the folder of the model's files")
    folder = Path(own.folder)
    model = _first_of(folder, MODELS)
    layers = {module["type"].rpartition(".")[2] for module in _json(folder / "modules.json") or ()}
    if not UNDERSTOOD.issuperset(layers):
        raise _unfit(f"names a model with a layer of its own: {', '.join(sorted(layers - UNDERSTOOD))}")
    pooling = _pooling(folder)
    max_tokens = int((_json(folder / "sentence_bert_config.json") or {}).get("max_seq_length") or MAX_TOKENS)
    return OnnxEmbedder(
        model,
        _tokenizer(folder),
        name=f"{folder.resolve().name}-{hash_of(model)[:8]}-{pooling}-{max_tokens}",
        languages=own.languages,
        pooling=pooling,
        max_tokens=max_tokens,
    )


def _pooling(folder: Path) -> Pooling:
    modes = _json(folder / "1_Pooling" / "config.json")
    if modes is None:
        return "mean"
    chosen = {name.removeprefix("pooling_mode_") for name, is_on in modes.items() if is_on is True}
    if chosen == {"mean_tokens"}:
        return "mean"
    if chosen == {"cls_token"}:
        return "cls"
    raise _unfit(f"names a model that pools its tokens otherwise: {', '.join(sorted(chosen)) or 'unknown'}")


def _tokenizer(folder: Path) -> Tokenizer:
    chosen = _first_of(folder, ("tokenizer.json", "vocab.txt"))
    if chosen.name == "vocab.txt":
        facts = _json(folder / "tokenizer_config.json") or {}
        return wordpiece(chosen, lowercase=facts.get("do_lower_case", True))
    try:
        return Tokenizer.from_file(str(chosen))
    except Exception as exc:  # the library raises Exception itself
        raise _unfit(f"holds {chosen.name}, which cannot be read") from exc


def _first_of(folder: Path, names: tuple[str, ...]) -> Path:
    for name in names:
        if (folder / name).is_file():
            return folder / name
    raise _unfit(f"lacks {' and '.join(names)}: {folder}", "One of them must be there")


def _json(path: Path) -> Any:
    """Return what the file holds, None where there is none."""
    if not path.is_file():
        return None
    try:
        return json.loads(path.read_text("utf-8"))
    except ValueError as exc:
        raise _unfit(f"holds {path.name}, which is not JSON") from exc


def _unfit(problem: str, remedy: str = "") -> SettingError:
    remedy = remedy or "Use a model that takes the mean of its tokens, or their first"
    return SettingError("VOC_MATCHING__MODEL_DIR", problem, feature="the embedder onnx", remedy=remedy)
