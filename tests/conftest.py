"""What every test folder shares: where the project, the vendors' specifications and the real data lie."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import settings

from tests.databases import (  # noqa: F401
    database,
    database_url,
    empty_url,
    postgres_server,
    sqlite_template,
)

ROOT = Path(__file__).parents[1]

# A busy machine must not fail a law: examples are counted, not timed (pytest-timeout still ends a hang).
settings.register_profile("voc", deadline=None)
settings.load_profile("voc")


def _folder(variable: str, default: str) -> Path:
    folder = Path(os.environ.get(variable) or ROOT.parent / default).resolve()
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there; {variable} names another folder")
    return folder


@pytest.fixture(scope="session")
def root() -> Path:
    """Return the project's folder."""
    return ROOT


@pytest.fixture(scope="session")
def specs_dir() -> Path:
    """Return the folder of the vendors' specifications, or skip the test."""
    return _folder("VOC_SPECS_DIR", "shared/specs")


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """Return the folder of real feedback and tickets, or skip the test."""
    return _folder("VOC_DATA_DIR", "shared/data")
