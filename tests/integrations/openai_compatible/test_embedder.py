"""An endpoint's vectors: what is sent, what is waited for, and which answers are refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from bot.adapters.embedders import embedder as embedder_of
from bot.errors import AccessError, AnswerError, NotFoundError, SettingError, TransientError
from config.settings import Settings
from integrations.openai_compatible.embedder import BYTES_A_REQUEST, TEXTS_A_REQUEST, EndpointEmbedder
from integrations.sandbox.client import SandboxClient
from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.openai.stand_in import MODELS, TOKEN, OpenAiStandIn
from integrations.sandbox.serving import Sandbox

SMALL = "text-embedding-3-small"


class Endpoint:
    """The stand-in, and embedders that speak to it."""

    def __init__(self) -> None:
        self.clock = SandboxClock(frozen=True)
        self.sandbox = Sandbox([OpenAiStandIn], clock=self.clock, profile="vendor")
        self.client = SandboxClient(self.sandbox.start())
        self.url = self.sandbox.urls["openai"]
        self.slept: list[float] = []

    def embedder(self, model: str = SMALL, *, key: str = TOKEN, **more: Any) -> EndpointEmbedder:
        """Return an embedder."""
        return EndpointEmbedder(self.url, model, key=key, sleep=self.sleep, **more)

    def sleep(self, seconds: float) -> None:
        """Wait, in the stand-in's time."""
        self.slept.append(seconds)
        self.clock.advance(seconds)

    def inputs(self) -> list[str]:
        """Return every text that was embedded, the asking for the length aside."""
        return [text for text in self.client.state("openai")["inputs"] if text != "dimensions"]

    def will_answer(self, data: Any) -> None:
        """Let the next answer hold these rows."""
        self.client.fault("status", status=200, body=json.dumps({"object": "list", "data": data}))


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.sandbox.stop()


def test_texts_go_in_batches_and_come_back_in_order(endpoint: Endpoint) -> None:
    texts = [f"text {number}" for number in range(3 * TEXTS_A_REQUEST + 1)]

    rows = endpoint.embedder().embed(texts)

    assert endpoint.inputs() == texts
    assert len(endpoint.client.requests("openai")) == 1 + 4  # the length, then the batches
    for at in (0, TEXTS_A_REQUEST - 1, TEXTS_A_REQUEST, 2 * TEXTS_A_REQUEST, len(texts) - 1):
        assert np.allclose(rows[at], endpoint.embedder().embed([texts[at]])[0], atol=1e-6)


def test_no_request_holds_more_than_the_vendor_takes(endpoint: Endpoint) -> None:
    endpoint.embedder().embed(["漢字 " * 20_000] * 70)

    sizes = [len(text.encode()) for text in endpoint.inputs()]
    assert len(sizes) == 70
    assert max(sizes) <= 8000
    assert len(endpoint.client.requests("openai")) == 1 + -(-70 // (BYTES_A_REQUEST // max(sizes)))


def test_blank_texts_are_not_sent(endpoint: Endpoint) -> None:
    rows = endpoint.embedder().embed(["", "export", " \n", "\0"])

    assert endpoint.inputs() == ["export"]
    assert [bool(row.any()) for row in rows] == [False, True, False, False]


def test_what_is_private_is_hidden_before_the_text_is_cut(endpoint: Endpoint) -> None:
    settings = Settings.model_validate(
        {
            "matching": {"url": endpoint.url, "model": SMALL, "api_key": TOKEN, "max_bytes": 100},
        }
    )

    embedder_of(settings, "openai").embed(["x" * 90 + " write to anna.smith@acme.example now"])

    [sent] = endpoint.inputs()
    assert sent == "x" * 90 + " write to "[: 100 - 90]
    embedder_of(settings, "openai").embed(["write to anna.smith@acme.example now"])
    assert endpoint.inputs()[-1] == "write to [e-mail] now"


def test_a_length_that_was_chosen_is_asked_for_and_another_is_refused(endpoint: Endpoint) -> None:
    embedder = endpoint.embedder(dimensions=16)

    assert embedder.embed(["export"]).shape == (1, 16)
    endpoint.will_answer([{"index": 0, "embedding": [1.0, 2.0]}])
    with pytest.raises(AnswerError, match="2 numbers a text, not 16"):
        embedder.embed(["export"])


def test_a_rate_limit_is_waited_out_as_told(endpoint: Endpoint) -> None:
    endpoint.client.fault("status", status=429, retry_after_s=7)

    row = endpoint.embedder(dimensions=16).embed(["export"])

    assert row.any()
    assert endpoint.slept == [7.0]


@pytest.mark.parametrize("do", ["reset", "lost", "half"])
def test_a_lost_answer_is_asked_for_again(endpoint: Endpoint, do: str) -> None:
    endpoint.client.fault(do)

    assert endpoint.embedder(dimensions=16).embed(["export"]).any()
    assert len(endpoint.slept) == 1


def test_an_endpoint_that_stays_down_is_left_for_later(endpoint: Endpoint) -> None:
    endpoint.client.fault("status", status=503, times=None)

    with pytest.raises(TransientError, match=r"openai: making vectors failed for now \(503\)"):
        endpoint.embedder().embed(["export"])


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"key": ""}, AccessError),
        ({"key": "sk-wrong"}, AccessError),
        ({"model": "no-such-model"}, NotFoundError),
        ({"model": "text-embedding-ada-002", "dimensions": 16}, AnswerError),
    ],
    ids=str,
)
def test_a_refusal_is_classed_by_what_to_do(
    endpoint: Endpoint, change: dict[str, Any], error: type[Exception]
) -> None:
    with pytest.raises(error):
        endpoint.embedder(**change).embed(["export"])

    assert endpoint.slept == []
    assert endpoint.inputs() == []


@pytest.mark.parametrize(
    "data",
    [
        [],
        [{"index": 0, "embedding": [1.0, 2.0]}],
        [{"index": 0, "embedding": [1.0, 2.0]}, {"index": 0, "embedding": [1.0, 2.0]}],
        [{"index": 0, "embedding": [1.0, 2.0]}, {"index": 1, "embedding": [1.0]}],
        [{"index": 0, "embedding": [1.0, 2.0]}, {"index": 1, "embedding": [1.0, None]}],
        [{"index": 0, "embedding": [1.0, 2.0]}, {"index": 1, "embedding": "AAAA"}],
        [{"index": at, "embedding": [1.0, 2.0]} for at in range(3)],
        [{"index": 0, "embedding": []}, {"index": 1, "embedding": []}],
        [{"index": 0, "embedding": [1e39, 1.0]}, {"index": 1, "embedding": [1.0, 2.0]}],
        [[1.0, 2.0], [1.0, 2.0]],
        None,
    ],
    ids=str,
)
def test_rows_that_are_not_one_for_each_text_are_refused(endpoint: Endpoint, data: Any) -> None:
    embedder = endpoint.embedder(dimensions=2)
    endpoint.will_answer(data)

    with pytest.raises(AnswerError, match="making vectors"):
        embedder.embed(["export", "import"])


def test_the_name_tells_model_endpoint_and_what_is_asked_of_it(endpoint: Endpoint) -> None:
    makers: list[Callable[[], EndpointEmbedder]] = [
        endpoint.embedder,
        lambda: endpoint.embedder("text-embedding-ada-002"),
        lambda: endpoint.embedder(dimensions=16),
        lambda: endpoint.embedder(max_bytes=500),
        lambda: EndpointEmbedder("https://embeddings.acme.example/v1", SMALL),
    ]

    names = [make().name for make in makers]

    assert len(set(names)) == len(names)
    assert names == [make().name for make in makers]
    assert endpoint.embedder(key="sk-rotated").name == names[0]


def test_the_length_is_the_model_s_own_where_none_was_chosen(endpoint: Endpoint) -> None:
    assert {model: endpoint.embedder(model).dimensions for model in MODELS} == MODELS


def test_settings_that_are_missing_are_named() -> None:
    with pytest.raises(
        SettingError, match=r"VOC_MATCHING__URL \(needed for the embedder openai\): is not set"
    ):
        embedder_of(Settings(), "openai")
