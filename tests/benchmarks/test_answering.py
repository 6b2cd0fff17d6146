"""What is measured are all the commands there are."""

from __future__ import annotations

from benchmarks.answering import EXAMPLES
from handlers.commands import VERBS


def test_every_command_is_measured() -> None:
    assert EXAMPLES.keys() == VERBS.keys()
