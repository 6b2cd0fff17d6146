"""The embedder keeps its port's promises and is the published model."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import SettingError
from bot.matching.embed import embedder_named
from bot.ports import Embedder


@given(st.lists(st.text(max_size=60), max_size=6))
def test_rows_are_unit_or_zero_and_do_not_depend_on_the_batch(embedder: Embedder, texts: list[str]) -> None:
    rows = embedder.embed(texts)

    assert rows.shape == (len(texts), embedder.dimensions)
    assert rows.dtype == np.float32
    for text, row in zip(texts, rows, strict=True):
        assert np.array_equal(embedder.embed([text])[0], row)
        assert np.linalg.norm(row) == pytest.approx(1.0 if text else 0.0, abs=1e-5)


def test_long_texts_do_not_blow_up_memory_and_do_not_disturb_their_neighbours(embedder: Embedder) -> None:
    rows = embedder.embed(["short", "long text " * 40_000, "", "short"] * 60)

    assert np.array_equal(rows[0], embedder.embed(["short"])[0])
    assert np.array_equal(rows[0], rows[-1])
    assert not rows[2].any()


def test_equals_the_library_s_own_pooling(embedder: Embedder, caplog: pytest.LogCaptureFixture) -> None:
    from importlib.metadata import distribution

    from safetensors.numpy import load_file
    from tokenizers import Tokenizer

    inference = pytest.importorskip("wordllama.inference")
    wheel = distribution("wordllama")
    weights = load_file(str(wheel.locate_file("wordllama/weights/l2_supercat_256.safetensors")))
    tokenizer = Tokenizer.from_file(
        str(wheel.locate_file("wordllama/tokenizers/l2_supercat_tokenizer_config.json"))
    )
    published = inference.WordLlamaInference(weights["embedding.weight"], tokenizer)
    texts = ["the app crashes on login", "export", "zwei wörter, drei 😀"]

    rows = embedder.embed(texts)

    assert rows == pytest.approx(published.embed(texts, norm=True), abs=1e-5)


def test_an_unknown_name_names_the_setting() -> None:
    with pytest.raises(SettingError, match=r"VOC_MATCHING__EMBEDDER.*'gpt'.*wordllama"):
        embedder_named("gpt")
