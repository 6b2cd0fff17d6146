"""What set-up writes reads back the same, and `.env` is the owner's alone."""

from __future__ import annotations

import io
import stat
import tomllib
from pathlib import Path
from typing import Any

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from bot.operator.files import env_with, keep_from_git, toml_of, write_whole

SCALARS = st.one_of(
    st.text(), st.booleans(), st.integers(-(2**62), 2**62), st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.one_of(SCALARS, st.lists(st.text()))
TABLES = st.dictionaries(st.text(min_size=1), VALUES, min_size=1, max_size=3)
DOCUMENTS = st.dictionaries(
    st.text(min_size=1),
    st.one_of(
        VALUES,
        TABLES,
        st.dictionaries(st.text(min_size=1), TABLES, max_size=2),
        st.lists(TABLES, min_size=1, max_size=2),
    ),
    max_size=4,
)


@given(DOCUMENTS)
def test_toml_reads_back_the_same(document: dict[str, Any]) -> None:
    found = tomllib.loads(toml_of(document))

    assert found == {key: value for key, value in document.items() if value != {}}


@given(st.text(st.characters(exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1).filter(str.strip))
def test_dotenv_reads_back_the_same(value: str) -> None:
    text = env_with("", {"VOC_X": value})

    assert dotenv_values(stream=io.StringIO(text), interpolate=False) == {"VOC_X": value}


def test_other_lines_of_dotenv_stay_and_emptied_ones_go() -> None:
    before = "# mine\nOTHER=1\nexport VOC_A=old\nVOC_B=keep\nVOC_C=gone\n"

    after = env_with(before, {"VOC_A": "new", "VOC_C": "", "VOC_D": "more", "VOC_E": ""})

    assert after == "# mine\nOTHER=1\nVOC_A=new\nVOC_B=keep\nVOC_D=more\n"


def test_a_private_file_is_its_owners_alone_and_written_whole(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("old")
    file.chmod(0o644)

    write_whole(file, "new", 0o600)

    assert file.read_text() == "new"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [".env"]


@pytest.mark.parametrize(
    ("ignored", "after"),
    [
        (None, ".env\n"),
        ("*.db", "*.db\n.env\n"),
        ("/.env\n*.db\n", "/.env\n*.db\n"),
        (".env\n", ".env\n"),
    ],
)
def test_git_is_told_to_ignore_it_unless_it_knows(tmp_path: Path, ignored: str | None, after: str) -> None:
    (tmp_path / ".git").mkdir()
    ignore = tmp_path / ".gitignore"
    if ignored is not None:
        ignore.write_text(ignored)

    was_missing = keep_from_git(tmp_path, ".env")

    assert ignore.read_text() == after
    assert was_missing == (ignored != after)


def test_outside_a_git_tree_nothing_is_ignored(tmp_path: Path) -> None:
    assert not keep_from_git(tmp_path, ".env")
    assert list(tmp_path.iterdir()) == []
