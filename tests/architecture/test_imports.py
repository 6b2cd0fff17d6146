"""What imports may do, beyond the layers that import-linter checks."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PACKAGES = ("bot", "handlers", "integrations", "config")
WATCH = Path(__file__).with_name("import_watch.py")


def module_names(root: Path) -> list[str]:
    """Return every module of the product. Alembic runs its env.py, so that one is not for importing."""
    paths = [path.relative_to(root) for package in PACKAGES for path in (root / package).rglob("*.py")]
    names = [".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths]
    return sorted(name for name in names if not name.endswith(".migrations.env"))


def watched(root: Path, *names: str) -> list[str]:
    """Return what importing the modules in a fresh process did, a line an act."""
    run = subprocess.run(
        [sys.executable, "-W", "ignore", str(WATCH), *names],
        cwd=root,
        env={
            "PYTHONPATH": str(root),
            "PATH": "/usr/bin:/bin",
            "HOME": "/nonexistent",
            # At the first model, whoever defines it, pydantic reads every package's metadata for plugins.
            "PYDANTIC_DISABLE_PLUGINS": "__all__",
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.splitlines()


def imported(path: Path) -> set[str]:
    """Return each module that the file imports, a relative one with its dots."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            found.add("." * node.level + (node.module or ""))
    return found


def test_importing_any_module_opens_no_file_socket_thread_or_process(root: Path) -> None:
    names = module_names(root)

    acts = watched(root, *names)

    assert acts == []


@pytest.mark.parametrize(
    "statement",
    [
        "open('/dev/null')",
        "import socket; socket.socket()",
        "import threading; threading.Thread(target=print).start()",
        "import sqlite3; sqlite3.connect(':memory:')",
        "import subprocess; subprocess.run(['true'])",
    ],
)
def test_the_watch_sees_a_module_that_acts_when_imported(tmp_path: Path, statement: str) -> None:
    (tmp_path / "tests" / "architecture").mkdir(parents=True)
    watch = tmp_path / "tests" / "architecture" / WATCH.name
    watch.write_bytes(WATCH.read_bytes())
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text(statement)

    run = subprocess.run(
        [sys.executable, str(watch), "bot"],
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert "/bot/__init__.py: " in run.stdout


def test_the_domain_needs_the_standard_library_alone(root: Path) -> None:
    allowed = sys.stdlib_module_names | {"bot"}

    strangers = {
        f"{path.relative_to(root)}: {name}"
        for path in [*(root / "bot" / "domain").rglob("*.py"), root / "bot" / "errors.py"]
        for name in {name.partition(".")[0] for name in imported(path)} - allowed
    }

    assert strangers == set()


def test_a_migration_needs_nothing_that_may_change_after_it(root: Path) -> None:
    migrations = root / "bot" / "storage" / "migrations"
    allowed = sys.stdlib_module_names | {"alembic", "sqlalchemy"}

    strangers = {
        f"{path.relative_to(migrations)}: {name}"
        for path in migrations.rglob("*.py")
        for name in imported(path)
        if name.partition(".")[0] not in allowed and not name.startswith("bot.storage.migrations.")
    }

    assert strangers == set()
