"""Slack's app manifest fits Slack's schema, and the file says what the code says."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

from config.manifest import BOT_SCOPES, manifest

URL = "https://voc.acme.example/slack/events"


@pytest.fixture(scope="session")
def schema(specs_dir: Path) -> Draft7Validator:
    """Return Slack's schema for a manifest of our version."""
    folder = specs_dir / "slack" / "manifest" / "schemas"
    return Draft7Validator(json.loads((folder / "manifest.schema.1.0.0.json").read_text()))


@pytest.mark.parametrize("request_url", [None, URL])
def test_it_fits_slacks_schema(schema: Draft7Validator, request_url: str | None) -> None:
    faults = [error.message for error in schema.iter_errors(manifest(request_url))]

    assert faults == []


def test_the_file_is_the_manifest_for_socket_mode(root: Path) -> None:
    found = yaml.safe_load((root / "config" / "manifest.yaml").read_text(encoding="utf-8"))

    assert found == manifest()


def test_socket_mode_needs_no_address_and_http_names_it_everywhere() -> None:
    socket, http = manifest(), manifest(URL)

    assert "https://" not in json.dumps(socket)
    assert socket["settings"]["socket_mode_enabled"]
    assert not http["settings"]["socket_mode_enabled"]
    assert http["features"]["slash_commands"][0]["url"] == URL
    assert http["settings"]["interactivity"]["request_url"] == URL


def test_it_asks_for_no_more_than_this_version_needs() -> None:
    scopes: dict[str, Any] = manifest()["oauth_config"]["scopes"]

    assert scopes == {"bot": sorted(BOT_SCOPES)}
    assert not {scope for scope in BOT_SCOPES if scope.startswith(("im:", "mpim:", "admin"))}
