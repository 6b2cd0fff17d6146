"""What compares meanings, made of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.ports import Embedder
    from config.settings import Settings

EMBEDDING = "the embedder openai"


def embedder(settings: Settings, name: str) -> Embedder:
    """Return the embedder of that name. What leaves for an endpoint is redacted."""
    from bot.matching.embed import OwnModel, embedder_named

    chosen = settings.matching
    if name == "openai":
        return _endpoint(settings)
    own = OwnModel(
        name=chosen.model or "",
        folder=chosen.model_dir or "",
        languages=frozenset(chosen.languages),
        may_download=chosen.download,
    )
    return embedder_named(name, own)


def _endpoint(settings: Settings) -> Embedder:
    from bot.domain.quote import redact
    from bot.text.redact import find_private
    from integrations.openai_compatible.embedder import EndpointEmbedder

    chosen, regions = settings.matching, settings.rules().phone_regions
    return EndpointEmbedder(
        settings.require("matching.url", feature=EMBEDDING),
        settings.require("matching.model", feature=EMBEDDING),
        key=chosen.api_key.get_secret_value() if chosen.api_key else "",
        dimensions=chosen.dimensions,
        max_bytes=chosen.max_bytes,
        languages=frozenset(chosen.languages),
        hide=lambda text: redact(text, find_private(text, regions=regions)),
    )
