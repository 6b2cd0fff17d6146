"""What is typed at a real terminal."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
from pathlib import Path


def test_a_secret_is_not_shown_on_a_terminal_while_it_is_typed(root: Path) -> None:
    program = "from bot.operator.terminal import Terminal\n"
    program += "t = Terminal()\nt.say(t.ask('Name')[::-1])\nt.say(str(len(t.ask('Token', is_secret=True))))"
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", program]
    with subprocess.Popen(
        command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=root, start_new_session=True
    ) as process:
        os.close(theirs)
        shown = _until(ours, "Name: ")
        os.write(ours, b"abc\n")
        shown += _until(ours, "Token: ")
        os.write(ours, b"hidden-1\n")
        shown += _until(ours, "8\r\n")
        process.wait(10)
    os.close(ours)

    assert "cba" in shown
    assert "hidden-1" not in shown


def _until(terminal: int, text: str) -> str:
    shown = ""
    while text not in shown:
        shown += os.read(terminal, 1024).decode()
    return shown
