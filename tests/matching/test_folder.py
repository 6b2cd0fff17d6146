"""A model in a folder: what is read of its publisher's files, and what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.errors import SettingError
from bot.matching.embed import OwnModel, embedder_named
from bot.matching.embed.installed import installed_file
from bot.matching.embed.minilm import FILE, PACKAGE
from bot.matching.embed.onnx import OnnxEmbedder
from bot.matching.embed.wordpiece import UNCASED, wordpiece
from tests.contracts.embedders import model_folder

TEXTS = [
    "the app crashes when I log in",
    "export to a spreadsheet, please, with all of the columns that I chose",
]


@pytest.fixture
def folder() -> Iterator[Path]:
    made = model_folder()
    yield made
    shutil.rmtree(made)


def put(folder: Path, name: str, facts: Any) -> None:
    """Write a file of JSON into the model's folder."""
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_text(json.dumps(facts))


def embedder_in(folder: Path) -> OnnxEmbedder:
    made = embedder_named("onnx", OwnModel(folder=str(folder), languages=frozenset({"en", "de"})))
    assert isinstance(made, OnnxEmbedder)
    return made


def test_a_folder_with_the_installed_model_gives_its_rows(folder: Path) -> None:
    own = embedder_in(folder)

    plain = OnnxEmbedder(
        installed_file(PACKAGE, FILE), wordpiece(UNCASED), name="plain", languages=frozenset()
    )
    assert np.array_equal(own.embed(TEXTS), plain.embed(TEXTS))
    assert own.name == f"{folder.name}-8199be6f-mean-128"
    assert own.languages == {"en", "de"}


def test_a_vocabulary_alone_will_do_and_a_model_in_its_subfolder_too(folder: Path) -> None:
    whole = embedder_in(folder).embed(TEXTS)
    (folder / "tokenizer.json").unlink()
    (folder / "vocab.txt").symlink_to(UNCASED)
    (folder / "onnx").mkdir()
    (folder / "model.onnx").rename(folder / "onnx" / "model.onnx")

    assert np.array_equal(embedder_in(folder).embed(TEXTS), whole)


def test_the_publisher_s_length_and_pooling_count_and_show_in_the_name(folder: Path) -> None:
    whole = embedder_in(folder).embed(TEXTS)
    put(folder, "sentence_bert_config.json", {"max_seq_length": 12, "do_lower_case": False})
    cut = embedder_in(folder)
    put(folder, "1_Pooling/config.json", {"word_embedding_dimension": 384, "pooling_mode_cls_token": True})
    first = embedder_in(folder)

    is_short, is_long = np.all(cut.embed(TEXTS) == whole, axis=1)
    assert (is_short, is_long) == (True, False)
    assert not np.allclose(first.embed(TEXTS)[0], whole[0], atol=0.01)
    assert [cut.name.split("-")[-2:], first.name.split("-")[-2:]] == [["mean", "12"], ["cls", "12"]]


@pytest.mark.parametrize(
    ("name", "facts", "problem"),
    [
        (
            "1_Pooling/config.json",
            {"pooling_mode_max_tokens": True},
            "pools its tokens otherwise: max_tokens",
        ),
        ("1_Pooling/config.json", {}, "pools its tokens otherwise: unknown"),
        ("modules.json", [{"type": "sentence_transformers.models.Dense"}], "layer of its own: Dense"),
        ("tokenizer.json", {"model": "none"}, "tokenizer.json, which cannot be read"),
    ],
)
def test_what_would_be_read_wrongly_is_refused(folder: Path, name: str, facts: Any, problem: str) -> None:
    put(folder, name, facts)

    with pytest.raises(SettingError, match=rf"VOC_MATCHING__MODEL_DIR .*{problem}"):
        embedder_in(folder)


def test_a_file_that_is_no_json_is_named(folder: Path) -> None:
    (folder / "modules.json").write_text("<html>")

    with pytest.raises(SettingError, match=r"VOC_MATCHING__MODEL_DIR .*modules.json, which is not JSON"):
        embedder_in(folder)


@pytest.mark.parametrize("missing", ["model.onnx", "tokenizer.json"])
def test_a_file_that_is_missing_is_named(folder: Path, missing: str) -> None:
    (folder / missing).unlink()

    with pytest.raises(SettingError, match=rf"VOC_MATCHING__MODEL_DIR .*lacks {missing}"):
        embedder_in(folder)


def test_no_folder_names_the_setting() -> None:
    with pytest.raises(SettingError, match=r"VOC_MATCHING__MODEL_DIR .*is not set"):
        embedder_named("onnx")
