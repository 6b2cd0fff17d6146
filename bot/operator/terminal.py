"""Questions and answers on a terminal, or from a pipe: a line an answer."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from getpass import getpass
from typing import TextIO

from bot.errors import RequestError
from bot.ports import Finding


class Terminal:
    """Asks and says. Raises RequestError when the input ends before the questions do."""

    def __init__(self, given: TextIO | None = None, shown: TextIO | None = None) -> None:
        self._given, self._shown = given or sys.stdin, shown or sys.stdout

    def say(self, text: str = "") -> None:
        """Show a line."""
        self._shown.write(text + "\n")
        self._shown.flush()

    def show(self, findings: Sequence[Finding]) -> None:
        """Show what works, and what does not with its remedy."""
        for finding in findings:
            self.say(f"  {'✓' if finding.is_ok else '✗'} {finding.what}")
            if finding.remedy:
                self.say(f"    {finding.remedy}")

    def ask(self, question: str, default: str = "", *, is_secret: bool = False) -> str:
        """Return the answer, or the default for an empty one. A secret is typed unseen."""
        known = " [keep the present one]" if is_secret and default else f" [{default}]" if default else ""
        prompt = f"{question}{known}: "
        try:
            answer = (
                getpass(prompt, self._shown) if is_secret and self._given.isatty() else self._line(prompt)
            )
        except EOFError:
            raise RequestError("The input ended before the questions did: nothing was changed") from None
        return answer.strip() or default

    def _line(self, prompt: str) -> str:
        self._shown.write(prompt)
        self._shown.flush()
        line = self._given.readline()
        if not line:
            raise EOFError
        if not self._given.isatty():
            self.say()  # nobody pressed Enter
        return line

    def confirm(self, question: str, *, default: bool) -> bool:
        """Return whether the answer is yes."""
        while True:
            answer = self.ask(f"{question} ({'Y/n' if default else 'y/N'})").lower()
            if answer in ("", "y", "yes", "n", "no"):
                return default if not answer else answer.startswith("y")
            self.say("Please answer y or n.")

    def choose(self, question: str, options: Sequence[str], default: int = 0) -> int:
        """Return the index of the option chosen."""
        for number, option in enumerate(options, start=1):
            self.say(f"  {number}. {option}")
        while True:
            answer = self.ask(question, str(default + 1))
            if answer.isdecimal() and 1 <= int(answer) <= len(options):
                return int(answer) - 1
            self.say(f"Please answer with a number from 1 to {len(options)}.")
