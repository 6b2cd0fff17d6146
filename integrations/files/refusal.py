"""Why a row is refused: its place, the form of the value, and what to do; never a customer's words."""

from __future__ import annotations

from bot.errors import VocError

LONGEST_FORM = 24


class RowRefused(VocError):
    """A row can't be read as feedback; the others can. line: its first; column: "" for the whole row."""

    def __init__(self, line: int, column: str, problem: str, remedy: str) -> None:
        self.line, self.column, self.problem, self.remedy = line, column, problem, remedy
        where = f"line {line}, column {column}" if column else f"line {line}"
        super().__init__(f"{where}: {problem}. {remedy}")


def form_of(value: str) -> str:
    """Return the value's form without its words: each letter an a, each digit a 9, e.g. “99/99/9999 aa”."""
    shown = "".join(map(_form_of_one, value[:LONGEST_FORM]))
    return f"“{shown}{'…' if len(value) > LONGEST_FORM else ''}”"


def _form_of_one(character: str) -> str:
    if character.isdigit():
        return "9"
    is_mark = character.isascii() and character.isprintable() and not character.isalpha()
    return character if is_mark else "a"
