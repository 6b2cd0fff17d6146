"""One outside world a module, and a folder to work in for each test."""

from __future__ import annotations

import shutil
import signal
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from integrations.sandbox.client import SandboxClient, running_sandbox
from tests.commands.operator import Operator, settings_for
from tests.journeys.company import FEW, stand_in_data
from tests.ports import free_port


@pytest.fixture(scope="session", autouse=True)
def _hears_ctrl_c() -> None:
    """Let commands hear Ctrl-C where a shell that keeps it from its background began the tests there."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="module")
def world() -> Iterator[SandboxClient]:
    """Return stand-ins in a process of their own, with a small company in them."""
    with running_sandbox(profile="open") as sandbox:
        for vendor, data in stand_in_data(datetime.now(UTC), FEW).items():
            sandbox.load(vendor, data)
        yield sandbox


@pytest.fixture
def sandbox(world: SandboxClient) -> Iterator[SandboxClient]:
    """Return the module's stand-ins; what a test has them do wrong ends with it."""
    yield world
    world.clear_faults()


@pytest.fixture
def shell(tmp_path: Path, sqlite_template: Path) -> Operator:
    """Return a shell in an empty folder, with a migrated database beside it and no integration."""
    folder = tmp_path / "folder"
    folder.mkdir()
    shutil.copy(sqlite_template, tmp_path / "voc.db")
    return Operator(folder, {"DATABASE_URL": f"sqlite:///{tmp_path / 'voc.db'}"})


@pytest.fixture
def operator(shell: Operator, sandbox: SandboxClient) -> Operator:
    """Return a shell whose settings lead to the stand-ins, with a port to serve on."""
    shell.settings |= settings_for(sandbox)
    shell.settings["VOC_WEB__PORT"] = str(free_port())
    return shell
