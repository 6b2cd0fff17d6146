"""OpenAI's embeddings over HTTP: words are hashed to vectors, so that texts with the same words are alike."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, ClassVar

from flask import Flask, Response, jsonify, request

from integrations.sandbox.clock import SandboxClock
from integrations.sandbox.limits import Limit
from integrations.sandbox.stand_in import StandIn

TOKEN = "sk-stand-in"  # noqa: S105 - the stand-in's own
MODELS = {"text-embedding-3-small": 48, "text-embedding-ada-002": 32}  # lengths; OpenAI's have 1,536
SHORTENS = "text-embedding-3"
MOST_INPUTS, MOST_TOKENS, MOST_TOKENS_IN_ALL = 2048, 8192, 300_000
KNOWN = frozenset({"model", "input", "encoding_format", "dimensions", "user"})
A_MINUTE = Limit("requests", 3000, 60, "platform.openai.com, Rate limits: embeddings, tier 1, a minute")


class Refused(Exception):
    """An answer other than 2xx."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        *,
        param: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(status)
        self.status, self.message, self.code, self.param = status, message, code, param
        self.retry_after_s = retry_after_s


class OpenAiStandIn(StandIn):
    """OpenAI: POST /embeddings below the base URL.

    It knows one key (TOKEN) and the MODELS, counts each byte as a token (the most that there can be), and
    gives every third answer's rows from the last to the first: `index` tells which is which.

    load: {"settings": [{"scale"}]}: rows get that length, as those of some compatible servers do; OpenAI's
    have 1. dump: {"inputs": every text that was embedded}.
    """

    name: ClassVar[str] = "openai"
    limits: ClassVar[tuple[Limit, ...]] = (A_MINUTE,)

    def __init__(self, clock: SandboxClock, profile: str = "vendor") -> None:
        self._inputs: list[str] = []
        self._scale, self._answers = 1.0, 0
        super().__init__(clock, profile)

    def make_app(self) -> Flask:
        """Return the application."""
        app = Flask("sandbox-openai")
        app.add_url_rule("/embeddings", view_func=self._embeddings, methods=["POST"])
        app.register_error_handler(Refused, _answer)
        app.register_error_handler(404, lambda _: _answer(Refused(404, "Invalid URL", "unknown_url")))
        return app

    def load(self, data: Mapping[str, Any]) -> dict[str, int]:
        """Set the rows' length."""
        for row in data["settings"]:
            self._scale = float(row["scale"])
        return {"settings": len(data["settings"])}

    def dump(self) -> dict[str, Any]:
        """Return what was embedded."""
        return {"inputs": list(self._inputs)}

    def _embeddings(self) -> Response:
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            raise Refused(401, "Incorrect API key provided", "invalid_api_key")
        if refusal := self.limiter.take(A_MINUTE):
            wait_s = refusal.retry_after_s
            raise Refused(429, "Rate limit reached", "rate_limit_exceeded", retry_after_s=wait_s)
        asked = request.get_json(silent=True)
        if not isinstance(asked, dict):
            raise Refused(400, "We could not parse the JSON body of your request")
        texts, length = _texts(asked), _length(asked)
        with self.lock:
            self._inputs += texts
            self._answers += 1
            is_turned = self._answers % 3 == 0
        rows = [
            {"object": "embedding", "index": at, "embedding": _row(text, length, self._scale)}
            for at, text in enumerate(texts)
        ]
        tokens = sum(len(text.encode()) for text in texts)
        return jsonify(
            object="list",
            data=rows[::-1] if is_turned else rows,
            model=asked["model"],
            usage={"prompt_tokens": tokens, "total_tokens": tokens},
        )


def _texts(asked: Mapping[str, Any]) -> list[str]:
    """Return the texts to embed, or refuse them as OpenAI does."""
    if unknown := set(asked) - KNOWN:
        raise Refused(400, f"Unrecognized request argument supplied: {min(unknown)}")
    given = asked.get("input")
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(t, str) and t for t in texts):
        raise Refused(400, "'$.input' is invalid: texts that are not empty", param="input")
    if len(texts) > MOST_INPUTS:
        raise Refused(400, f"'$.input' is invalid: at most {MOST_INPUTS} texts", param="input")
    sizes = [len(text.encode()) for text in texts]
    if max(sizes) > MOST_TOKENS:
        raise Refused(400, f"maximum context length is {MOST_TOKENS} tokens", "context_length_exceeded")
    if sum(sizes) > MOST_TOKENS_IN_ALL:
        raise Refused(400, f"maximum request size is {MOST_TOKENS_IN_ALL} tokens", "max_tokens_per_request")
    return texts


def _length(asked: Mapping[str, Any]) -> int:
    """Return how long the rows are to be, or refuse it as OpenAI does."""
    model, wanted = asked.get("model"), asked.get("dimensions")
    if model not in MODELS:
        raise Refused(404, f"The model `{model}` does not exist", "model_not_found")
    if asked.get("encoding_format", "float") != "float":
        raise Refused(400, "This stand-in gives floats only", param="encoding_format")
    if wanted is None:
        return MODELS[model]
    if not model.startswith(SHORTENS):
        raise Refused(400, "This model does not support specifying dimensions", param="dimensions")
    if not isinstance(wanted, int) or not 0 < wanted <= MODELS[model]:
        raise Refused(400, "Invalid value for 'dimensions'", param="dimensions")
    return wanted


def _row(text: str, length: int, scale: float) -> list[float]:
    """Return the sum of the words' hashed vectors, at length `scale`."""
    row = [0.0] * length
    for word in text.lower().split():
        digest = hashlib.blake2b(word.encode(), digest_size=max(MODELS.values())).digest()
        row = [number + byte - 127.5 for number, byte in zip(row, digest, strict=False)]
    size = sum(number * number for number in row) ** 0.5 or 1.0
    return [scale * number / size for number in row]


def _answer(refused: Refused) -> tuple[Response, int, dict[str, str]]:
    """Return the refusal in OpenAI's shape."""
    kind = "invalid_request_error" if refused.status != 429 else "requests"
    error = {"message": refused.message, "type": kind, "param": refused.param, "code": refused.code}
    headers = {"Retry-After": str(refused.retry_after_s)} if refused.retry_after_s else {}
    return jsonify(error=error), refused.status, headers
