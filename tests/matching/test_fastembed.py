"""fastembed where it is installed (an extra), and what is said where it isn't, or has no such model."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import numpy as np
import pytest

from bot.errors import SettingError
from bot.matching.embed import OwnModel, embedder_named
from tests.contracts.embedders import model_folder

MODEL = "sentence-transformers/all-MiniLM-L6-v2"
is_installed = find_spec("fastembed") is not None
extra = pytest.mark.skipif(not is_installed, reason="the extra fastembed is not installed")


@pytest.mark.skipif(is_installed, reason="the extra fastembed is installed")
def test_a_library_that_is_not_installed_is_named_with_the_line_to_run() -> None:
    with pytest.raises(
        SettingError, match=r"VOC_MATCHING__EMBEDDER .*not installed.*pip install .*fastembed"
    ):
        embedder_named("fastembed", OwnModel(name=MODEL))


@extra
def test_its_rows_are_those_of_the_same_model() -> None:
    folder = model_folder()
    texts = ["the app crashes", "export to a spreadsheet, please"]

    rows = embedder_named("fastembed", OwnModel(name=MODEL, folder=str(folder))).embed(texts)

    assert rows == pytest.approx(embedder_named("minilm").embed(texts), abs=1e-5)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    shutil.rmtree(folder)


@extra
@pytest.mark.parametrize(
    ("model", "problem"),
    [("", "is not set"), ("nobody/none", "has no model nobody/none"), (MODEL, "MODEL_DIR")],
)
def test_a_model_that_is_not_here_is_not_downloaded_but_named(
    model: str, problem: str, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    monkeypatch.setenv("FASTEMBED_CACHE_PATH", str(tmp_path_factory.mktemp("cache")))

    with pytest.raises(SettingError, match=rf"VOC_MATCHING__MODEL .*{problem}"):
        embedder_named("fastembed", OwnModel(name=model))
