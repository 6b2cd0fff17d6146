"""What commands print, for people."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

BETWEEN_LINES_S = 10.0  # of progress where nobody watches, as in a log

Note = Callable[[str], None]
Step = Callable[[str], Note]


def say(text: str) -> None:
    """Print a line to standard output, as it is."""
    Console(highlight=False, markup=False, soft_wrap=True).print(text)


@contextmanager
def steps() -> Iterator[Step]:
    """Show steps on standard error as they go: step(title) begins one and returns what updates its note."""
    console = Console(stderr=True, highlight=False, markup=False)
    if not console.is_terminal:
        yield lines(lambda line: console.print(line, soft_wrap=True))
        return
    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        TextColumn("{task.fields[note]}", markup=False),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        open_steps: list[TaskID] = []

        def step(title: str) -> Note:
            for done in open_steps:
                progress.update(done, total=1, completed=1)
            line = progress.add_task(title, total=None, note="")
            open_steps.append(line)
            return lambda note: progress.update(line, note=note)

        yield step
        for done in open_steps:
            progress.update(done, total=1, completed=1)


def lines(put: Callable[[str], None], clock: Callable[[], float] = time.monotonic) -> Step:
    """Return steps that put a line now and then, and none for a step that is soon over."""

    def step(title: str) -> Note:
        told_at = clock()

        def note(text: str) -> None:
            nonlocal told_at
            if clock() - told_at >= BETWEEN_LINES_S:
                told_at = clock()
                put(f"{title}: {text}")

        return note

    return step
