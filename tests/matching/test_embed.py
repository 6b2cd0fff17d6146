"""WordLlama's vectors are the published ones, and a name that nobody has names the setting."""

from __future__ import annotations

import numpy as np
import pytest

from bot.errors import SettingError
from bot.matching.embed import embedder_named
from bot.ports import Embedder


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
