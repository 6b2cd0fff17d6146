"""What every test folder shares: where the project, the vendors' specifications and the real data lie."""

from __future__ import annotations

import gc
import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from integrations.sandbox.slack.journal import FOLDER as SANDBOX_JOURNAL
from tests.databases import (  # noqa: F401
    database,
    database_url,
    empty_url,
    postgres_server,
    sqlite_template,
)
from tests.slack_check.check import Check
from tests.slack_check.journal import Reader
from tests.slack_check.published import Published

ROOT = Path(__file__).parents[1]

# A busy machine must not fail a law: examples are counted, not timed (pytest-timeout still ends a hang).
settings.register_profile("voc", deadline=None)
settings.load_profile("voc")


JOURNAL = pytest.StashKey[tempfile.TemporaryDirectory[str]]()


def pytest_configure(config: pytest.Config) -> None:
    """Have every Slack stand-in, also those of processes that a test starts, write down what it accepts."""
    config.stash[JOURNAL] = tempfile.TemporaryDirectory(prefix="voc-slack-")
    os.environ[SANDBOX_JOURNAL] = config.stash[JOURNAL].name


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist reads the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what is given the most time: a long test that begins last leaves every other worker idle.

    Tests that share what their module made once stay on one worker: two would each make it.
    """
    items.sort(key=_time_given, reverse=True)
    for item in items:
        if isinstance(item, pytest.Function) and item.get_closest_marker("xdist_group") is None:
            made = item._fixtureinfo.name2fixturedefs.values()
            if any(fixture.scope == "module" for fixtures in made for fixture in fixtures):
                item.add_marker(pytest.mark.xdist_group(item.module.__name__))


def _time_given(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0


def pytest_collection_finish() -> None:
    """Spare the collector of garbage what stays until the end: all that is imported and collected."""
    gc.collect()
    gc.freeze()


def pytest_unconfigure(config: pytest.Config) -> None:
    """Remove what they wrote."""
    config.stash[JOURNAL].cleanup()
    del os.environ[SANDBOX_JOURNAL]


def pytest_report_header(config: pytest.Config) -> str:
    """Say whether what Slack is shown is judged."""
    is_judged = _place("VOC_SPECS_DIR", "shared/specs").is_dir()
    return "" if is_judged else "Slack's messages are not checked: VOC_SPECS_DIR names no folder"


def _folder(variable: str, default: str) -> Path:
    folder = _place(variable, default)
    if not folder.is_dir():
        pytest.skip(f"{folder} is not there; {variable} names another folder")
    return folder


def _place(variable: str, default: str) -> Path:
    return Path(os.environ.get(variable) or ROOT.parent / default).resolve()


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


@pytest.fixture(scope="session")
def slack_check(specs_dir: Path) -> Check:
    """Return the check of everything that Slack is shown, or skip the test."""
    return Check(Published(specs_dir))


@pytest.fixture(scope="session")
def _slack_reader(pytestconfig: pytest.Config) -> tuple[Reader, Check | None]:
    folder = _place("VOC_SPECS_DIR", "shared/specs")
    check = Check(Published(folder)) if folder.is_dir() else None
    return Reader(Path(pytestconfig.stash[JOURNAL].name)), check


@pytest.fixture(autouse=True)
def _slack_is_shown_nothing_wrong(
    request: pytest.FixtureRequest, _slack_reader: tuple[Reader, Check | None]
) -> Iterator[None]:
    """Fail a test whose Slack was shown what breaks a rule, published or our own."""
    yield
    reader, check = _slack_reader
    if check is None:
        return
    meant = [rule for marker in request.node.iter_markers("shows_slack") for rule in marker.args]
    if found := [fault for fault in reader.faults(check) if fault.name not in meant]:
        pytest.fail("Slack was shown:\n" + "\n".join(map(str, found[:20])), pytrace=False)
