"""A sentence transformer on onnxruntime: a text's row is a mean (or the first) of its tokens' vectors."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import numpy as np

from bot.errors import SettingError
from bot.matching.embed.installed import VARIABLE
from bot.matching.products import unit
from bot.ports import Reading, Tokens

if TYPE_CHECKING:
    import numpy.typing as npt
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

    from bot.ports import Vectors

    Batch = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Vectors]

Pooling = Literal["mean", "cls", "telling"]

MAX_TOKENS = 128
CHARACTERS_A_TOKEN = 16  # of a text, so many times the tokens are looked at: what comes after is cut unseen
TEXTS_AT_ONCE = 512  # tokenised together, then batched by length; a process that ends waits for these
TOKENS_A_BATCH = 512  # padding included: more is no faster on a core, and its activations take memory
GIVEN = frozenset({"input_ids", "attention_mask", "token_type_ids"})
NOISE = 1e-5  # between a row made alone and in a batch, from sums in another order
PROBES = (
    "Log-in fails.",
    "Refund of $1,000 refused TWICE?! See https://acme.example/pay; nobody answers me. " * 3,
)


class OnnxEmbedder:
    """An Embedder. Safe for several threads.

    Each batch runs on one core, and batches on all cores at once: no core waits for another inside a batch,
    and a row does not depend on how many there are. Of a model whose rows change with their companions in a
    batch (its activations are quantised over the batch), each text is run alone.

    pooling: the plain mean of a text's tokens, marks at its ends too; its first mark's vector; or the mean of
    its words' unit vectors by how telling each is. telling: that of each token by its id; else all are alike.
    """

    def __init__(
        self,
        model: Path,
        tokenizer: Tokenizer,
        *,
        name: str,
        languages: frozenset[str],
        pooling: Pooling = "mean",
        max_tokens: int = MAX_TOKENS,
        telling: npt.NDArray[np.float32] | None = None,
    ) -> None:
        self.name, self.languages, self._pooling = name, languages, pooling
        self._session = _session(model)
        self._inputs = [wanted.name for wanted in self._session.get_inputs()]
        if not GIVEN.issuperset(self._inputs):
            raise _unusable(model, f"it asks for {', '.join(sorted({*self._inputs} - GIVEN))}")
        self._output = _token_vectors(model, self._session)
        self._pad = (tokenizer.padding or {}).get("pad_id", 0)
        tokenizer.no_padding()
        tokenizer.enable_truncation(max_tokens)
        tokenizer.encode_special_tokens = True  # "[SEP]" in a text is a customer's word
        self._tokenizer = tokenizer
        self._characters = max_tokens * CHARACTERS_A_TOKEN
        unknown = getattr(tokenizer.model, "unk_token", None)
        marks = tokenizer.encode("").ids
        self._empty = {*marks, tokenizer.token_to_id(unknown) if unknown else None}
        self._telling = np.ones(tokenizer.get_vocab_size(), np.float32) if telling is None else telling.copy()
        self._telling[marks] = 0
        probes = self._ids(PROBES)
        alone = [self._pooled(*self._run([ids]))[0] for ids in probes]
        together = self._pooled(*self._run(probes))
        self._tokens_a_batch = TOKENS_A_BATCH if np.allclose(alone, together, rtol=0, atol=NOISE) else 0
        self.dimensions = int(together.shape[1])

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Return unit rows, zero rows for texts without a known token. A text's first tokens count."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for batch, made in self._read(texts):
            rows[batch] = self._pooled(*made)
        return rows

    def read(self, texts: Sequence[str]) -> Reading:
        """Return the rows as `embed` does, with the words' own vectors, marks at a text's ends left out."""
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        own: list[tuple[npt.NDArray[np.int64], Vectors]] = [_NO_TOKENS] * len(texts)
        for batch, made in self._read(texts):
            ids, mask, vectors = made
            rows[batch] = self._pooled(*made)
            for at, its_ids, its_vectors, words in zip(
                batch, ids, vectors, self._weights(ids, mask) > 0, strict=True
            ):
                own[at] = its_ids[words], unit(its_vectors[words])
        ids = np.concatenate([_NO_TOKENS[0], *(its_ids for its_ids, _ in own)])
        empty = np.empty((0, self.dimensions), dtype=np.float32)
        tokens = Tokens(
            counts=np.array([len(its_ids) for its_ids, _ in own], dtype=np.int64),
            ids=ids.astype(np.int32),
            vectors=np.concatenate([empty, *(its for ids, its in own if len(ids))]),
            weights=self._telling[ids],
        )
        return Reading(rows, tokens)

    def _read(self, texts: Sequence[str]) -> Iterator[tuple[list[int], Batch]]:
        """Yield places of texts with known tokens, and of their tokens the ids, the mask and the vectors."""
        with ThreadPoolExecutor(_cores()) as cores:
            for start in range(0, len(texts), TEXTS_AT_ONCE):
                ids = self._ids(texts[start : start + TEXTS_AT_ONCE])
                batches = list(self._batches(ids))
                made = cores.map(lambda batch, ids=ids: self._run([ids[at] for at in batch]), batches)
                for batch, one in zip(batches, made, strict=True):
                    yield [start + at for at in batch], one

    def _ids(self, texts: Sequence[str]) -> list[list[int]]:
        cut = [text[: self._characters].encode("utf-8", "replace").decode("utf-8") for text in texts]
        return [encoding.ids for encoding in self._tokenizer.encode_batch_fast(cut)]

    def _batches(self, ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
        """Yield the places of texts with known tokens; a batch has about one length, so little is padded."""
        known = [at for at, own in enumerate(ids) if not self._empty.issuperset(own)]
        batch: list[int] = []
        for at in sorted(known, key=lambda at: len(ids[at])):
            if batch and (len(batch) + 1) * len(ids[at]) > self._tokens_a_batch:
                yield batch
                batch = []
            batch.append(at)
        if batch:
            yield batch

    def _run(self, batch: Sequence[Sequence[int]]) -> Batch:
        """Return the texts' ids and mask, filled up to one length, and the vector of each token."""
        ids = np.full((len(batch), max(map(len, batch))), self._pad, dtype=np.int64)
        mask = np.zeros_like(ids)
        for row, own in enumerate(batch):
            ids[row, : len(own)] = own
            mask[row, : len(own)] = 1
        given = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        [vectors] = self._session.run([self._output], {name: given[name] for name in self._inputs})
        return ids, mask, vectors

    def _weights(self, ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Return how telling each token is, 0 where none is."""
        return np.where(mask > 0, self._telling[ids], np.float32(0))

    def _pooled(self, ids: npt.NDArray[np.int64], mask: npt.NDArray[np.int64], vectors: Vectors) -> Vectors:
        """Return the texts' unit rows."""
        if self._pooling == "cls":
            return unit(vectors[:, 0])
        if self._pooling == "mean":
            return unit((vectors * mask[:, :, None].astype(np.float32)).sum(axis=1))
        lengths = np.maximum(np.linalg.norm(vectors, axis=2), np.float32(1e-9))
        return unit((vectors * (self._weights(ids, mask) / lengths)[:, :, None]).sum(axis=1))


_NO_TOKENS = np.empty(0, np.int64), np.empty((0, 0), np.float32)


def _session(model: Path) -> InferenceSession:
    """Return the model, loaded to run on one core and to give memory back after each run."""
    try:
        import onnxruntime
        from onnxruntime.capi import onnxruntime_pybind11_state as faults
    except ModuleNotFoundError as exc:  # it has no wheel for Macs with Intel's processor
        raise _unusable(model, "onnxruntime is not installed") from exc
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = options.enable_mem_pattern = False
    options.log_severity_level = 3  # its warnings would go past our logs
    unreadable = (
        faults.Fail,
        faults.InvalidArgument,
        faults.InvalidGraph,
        faults.InvalidProtobuf,
        faults.NoSuchFile,
        faults.NotImplemented,
        faults.RuntimeException,
    )
    try:
        return onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])
    except unreadable as exc:
        raise _unusable(model, "onnxruntime cannot read it") from exc


def _token_vectors(model: Path, session: InferenceSession) -> str:
    """Return the name of the output that holds a vector for each token."""
    for output in session.get_outputs():
        if len(output.shape) == 3:
            return str(output.name)
    raise _unusable(model, "none of its outputs holds a vector for each token")


def _unusable(model: Path, why: str) -> SettingError:
    remedy = "Use an ONNX export of a sentence transformer, or choose VOC_MATCHING__EMBEDDER=wordllama"
    return SettingError(VARIABLE, f"{model} cannot be used: {why}", feature="matching", remedy=remedy)


def _cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
