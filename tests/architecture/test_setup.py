"""A clone sets itself up: the Makefile, its set-up script, the lock files, the wheel."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
import zipfile
from importlib.metadata import distributions
from pathlib import Path

import pytest
from hatchling.build import build_wheel

LOCKS = ["requirements.txt", "requirements-dev.txt", "requirements-uv.txt"]
SHEBANG = "#!/bin/sh\n"


def script(path: Path, body: str) -> Path:
    """Return the path, now an executable shell script."""
    path.write_text(SHEBANG + body)
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


def run_setup(root: Path, clone: Path, path: Path) -> subprocess.CompletedProcess[str]:
    """Return how the set-up script ended in a clone where only `path` holds programs beside the system's."""
    return subprocess.run(
        ["/bin/sh", str(root / "tools" / "setup.sh")],
        cwd=clone,
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


def pins(lock: Path) -> set[str]:
    """Return each "package==version" of the lock file."""
    return set(re.findall(r"^[a-z0-9][^ ]*==[^ ]+", lock.read_text(), re.MULTILINE))


def test_help_lists_every_target(root: Path) -> None:
    makefile = (root / "Makefile").read_text()
    targets = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    command = ["make", "--no-print-directory", "help"]  # below `make test` it would print them

    shown = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True).stdout

    assert targets is not None
    assert sorted(line.split()[1] for line in shown.splitlines()) == sorted(targets[1].split())


def test_every_target_that_runs_python_sets_up_first(root: Path) -> None:
    makefile = (root / "Makefile").read_text()

    rules = re.findall(r"^([a-z-]+):(.*?)##", makefile, re.MULTILINE)

    assert {name for name, needs in rules if ".venv/.stamp" not in needs} == {"help", "clean"}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_host(root: Path, name: str) -> None:
    lock = (root / name).read_text()

    assert not re.search(r"://|--(index|extra-index|find-links|trusted-host)", lock)


@pytest.mark.parametrize("name", LOCKS)
def test_each_pin_of_a_lock_file_is_exact_and_hashed(root: Path, name: str) -> None:
    lines = [line for line in (root / name).read_text().splitlines() if not line.lstrip().startswith("#")]
    joined = "\n".join(lines).replace("\\\n", " ").splitlines()

    assert joined
    assert [
        line for line in joined if not re.match(r"[a-z0-9.-]+(\[[a-z]+\])?==\S+ .*--hash=sha256:", line)
    ] == []


def test_development_uses_the_versions_that_production_runs(root: Path) -> None:
    runtime, development = (pins(root / name) for name in LOCKS[:2])

    assert runtime
    assert runtime <= development


def test_no_dependency_has_a_licence_that_binds_the_whole_program() -> None:
    binding = re.compile(r"(?<!L)GPL-?v?\d|GNU (Affero )?General Public", re.IGNORECASE)
    licences = {
        found.name: "\n".join(
            said.partition("\n")[0]  # some put the whole text there
            for field in ("License-Expression", "License", "Classifier")
            for said in found.metadata.get_all(field, [])
        )
        for found in distributions()
    }

    assert licences
    assert [name for name, terms in licences.items() if binding.search(terms)] == []


def test_the_wheel_exports_no_module(root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(root)

    wheel = zipfile.ZipFile(tmp_path / build_wheel(str(tmp_path)))

    with wheel:
        folders = {name.partition("/")[0] for name in wheel.namelist()}
    assert len(folders) == 1
    assert folders.pop().endswith(".dist-info")


def test_setup_without_venv_stops_with_the_line_to_run(root: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    script(programs / "python3.13", "exit 127\n")  # a pyenv shim of a version that is not chosen
    script(programs / "python3.12", 'case "$2" in *ensurepip*) exit 1 ;; esac\n')

    ended = run_setup(root, tmp_path, programs)

    assert ended.returncode != 0
    assert ended.stderr.strip().endswith("Run: sudo apt install python3-venv")
    assert not (tmp_path / ".venv").exists()


def test_setup_without_a_supported_python_says_which_to_install(root: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    script(programs / "python3", "exit 1\n")

    ended = run_setup(root, tmp_path, programs)

    assert ended.returncode != 0
    assert "no Python 3.11, 3.12 or 3.13 runs here" in ended.stderr


def test_setup_takes_the_newest_python_that_runs(root: Path, tmp_path: Path) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    script(programs / "python3.13", "exit 127\n")
    script(
        programs / "python3.12", f'[ "$1" = -m ] && echo "chosen: $0" && exit 3\nexec {sys.executable} "$@"\n'
    )
    os.symlink(sys.executable, programs / "python3.11")

    ended = run_setup(root, tmp_path, programs)

    assert f"chosen: {programs}/python3.12" in ended.stdout
